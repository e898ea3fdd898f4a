"""What a file says of itself: which responses it holds, since when, and in which zone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from harken_server import __version__
from harken_server.exports.options import zone_of
from harken_server.exports.shaped import Export
from harken_server.surveys.texts import resolve_text


class About(NamedTuple):
    """Of one file, apart from how many rows it came to have."""

    survey: str
    """Empty: of all."""
    title: str
    versions: str
    """Numbers of the survey's published versions; empty where they do not matter."""
    filters: Mapping[str, object]
    """What else was asked for."""
    zone: str
    """Of the times in it."""
    generated_at: datetime

    def lines(self, rows: int) -> list[tuple[str, str]]:
        """Names and values."""
        given = [f"{name}={value}" for name, value in self.filters.items()]
        survey = [("survey", self.survey)] if self.survey else []
        versions = [("versions", self.versions)] if self.versions else []
        return [
            *survey,
            ("title", self.title),
            *versions,
            ("rows", str(rows)),
            ("asked for", ", ".join(given) or "all that counts"),
            ("time zone", self.zone),
            ("generated at", self.generated_at.astimezone(UTC).isoformat(timespec="seconds")),
            ("made by", f"Harken {__version__}"),
        ]


def about_of(export: Export) -> About:
    """What the file of an export says of itself; BadRequestError for a zone that nobody knows."""
    latest = export.versions[-1][1]
    asked = msgspec.to_builtins(export.query)
    asked.pop("tz", None)
    asked.pop("token", None)
    zone = zone_of(export.query)
    return About(
        survey=export.record.key,
        title=resolve_text(latest.title, export.query.locale or latest.locale, latest.locale),
        versions=", ".join(str(number) for number, _ in export.versions),
        filters=asked,
        zone="UTC" if zone is None else zone.key,
        generated_at=export.made_at,
    )
