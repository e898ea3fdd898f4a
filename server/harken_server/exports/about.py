"""What a file says of itself: which responses it holds, since when, and in which zone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from harken_server import __version__


class About(NamedTuple):
    """Of one file, apart from how many rows it came to have."""

    survey: str
    title: str
    versions: str
    """Numbers of the survey's published versions."""
    filters: Mapping[str, object]
    """Those that were given."""
    zone: str
    """Of the times in it."""
    generated_at: datetime

    def lines(self, rows: int) -> list[tuple[str, str]]:
        """Names and values."""
        given = [f"{name}={value}" for name, value in self.filters.items()]
        return [
            ("survey", self.survey),
            ("title", self.title),
            ("versions", self.versions),
            ("rows", str(rows)),
            ("filter", ", ".join(given) or "none: all that counts"),
            ("time zone", self.zone),
            ("generated at", self.generated_at.astimezone(UTC).isoformat(timespec="seconds")),
            ("made by", f"Harken {__version__}"),
        ]
