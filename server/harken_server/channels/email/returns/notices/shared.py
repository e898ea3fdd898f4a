"""What the readers of all providers need."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, TypeAlias

import msgspec

Address: TypeAlias = Annotated[str, msgspec.Meta(min_length=3, max_length=320)]
MAX_EVENTS = 1000
"""In one notice."""


def moment_of(seconds: float) -> datetime | None:
    """The time of a Unix time stamp; None for one that no clock shows."""
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < 1e11 else None
