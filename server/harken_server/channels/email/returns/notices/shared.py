"""What the readers of all providers need."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, TypeAlias

import msgspec

from harken_server.channels.email.rules.returns import MailReturn, Reading, ReturnKind

Address: TypeAlias = Annotated[str, msgspec.Meta(min_length=3, max_length=320)]
MAX_EVENTS = 1000
"""In one notice."""


def reading_of(found: Iterable[tuple[ReturnKind | None, MailReturn]]) -> Reading:
    """Events with what each one is; None for one that does not matter."""
    pairs = list(found)
    kept = tuple(
        msgspec.structs.replace(event, kind=kind) for kind, event in pairs if kind is not None
    )
    return Reading(kept, len(pairs) - len(kept))


def moment_of(seconds: float) -> datetime | None:
    """The time of a Unix time stamp; None for one that no clock shows."""
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < 1e11 else None
