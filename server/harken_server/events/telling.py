"""Take events in: each is stored once, and what cannot be says why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.events.rules import ToldEvent, check_event, digest_of
from harken_server.events.store.events import STORED_AT_ONCE, StoredEvent, add_events
from harken_server.respondents.store.suppressions import is_erased


class Refused(msgspec.Struct, kw_only=True, frozen=True):
    """An event that was not stored."""

    index: int
    """Its place among those that were told, from 0."""
    id: UUID
    code: str
    """`event_conflict`: the id was told with something else. `respondent_erased`: nothing may be
    kept of the person. Else what is wrong with a field."""
    message: str


class Told(msgspec.Struct, kw_only=True, frozen=True):
    """What became of events; the numbers add up to how many were told."""

    stored: int
    repeated: int
    """Were there already, the same."""
    refused: list[Refused]


async def tell_events(
    db: Database, workspace_id: UUID, events: Sequence[ToldEvent], now: datetime
) -> Told:
    """Store what is acceptable and new, durably; safe to repeat."""
    refused: list[Refused] = []
    good: dict[UUID, tuple[int, StoredEvent]] = {}
    erased = {
        name
        for name in {event.respondent for event in events}
        if await is_erased(db, workspace_id, name)
    }
    for index, event in enumerate(events):
        kept = _stored(workspace_id, event)
        problem = next(check_event(event, now), None)
        if problem is not None:
            refused.append(_refuse(index, event, problem.code, problem.message))
        elif event.respondent in erased:
            refused.append(_refuse(index, event, "respondent_erased", "the respondent was erased"))
        elif event.id not in good:
            good[event.id] = (index, kept)
        elif good[event.id][1].digest != kept.digest:
            refused.append(_refuse(index, event, *_CONFLICT))
    stored = 0
    items = list(good.values())
    for begin in range(0, len(items), STORED_AT_ONCE):
        some = items[begin : begin + STORED_AT_ONCE]
        async with db.transaction() as tx:
            added, others = await add_events(tx, workspace_id, [event for _, event in some])
        stored += added
        refused += [
            _refuse(index, events[index], *_CONFLICT) for index, event in some if event.id in others
        ]
    refused.sort(key=lambda each: each.index)
    repeated = len(events) - stored - len(refused)
    return Told(stored=stored, repeated=repeated, refused=refused)


_CONFLICT = "event_conflict", "the id was told with something else; nothing was changed"


def _refuse(index: int, event: ToldEvent, code: str, message: str) -> Refused:
    return Refused(index=index, id=event.id, code=code, message=message)


def _stored(workspace_id: UUID, event: ToldEvent) -> StoredEvent:
    return StoredEvent(
        workspace_id=workspace_id,
        id=event.id,
        respondent=str(event.respondent),
        name=event.name,
        at=event.at,
        value=event.value,
        properties=dict(event.properties),
        digest=digest_of(event),
    )
