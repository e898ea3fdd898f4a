"""What happened with a person, from four tables: asked, sent, answered, done."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.database.values import StoredId, StoredTime, to_time, to_uuid
from harken_server.events.store.events import list_events
from harken_server.responses.codes import ALONE, COMPLETE, NOT_ERASED, PROVED

Kind: TypeAlias = Literal["decision", "delivery", "response", "event"]


class Moment(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """One thing that happened with a person."""

    at: datetime
    kind: Kind
    """decision: a trigger asked them, or not. delivery: a message went out. response: they
    answered. event: what the application told."""
    name: str
    """Of a decision its reason, of a delivery its channel, of a response its state, of an event its
    name."""
    id: UUID
    survey: str = ""
    touchpoint: str = ""
    value: float | None = None
    """Of an event."""


_DECISIONS = """SELECT d.created_at, d.reason, d.id, COALESCE(s.key, ''), d.touchpoint
FROM decision d LEFT JOIN survey s ON s.id = d.survey_id AND s.workspace_id = d.workspace_id
WHERE d.workspace_id = $1 AND d.respondent = $2 ORDER BY d.created_at DESC LIMIT $3"""
_DELIVERIES = """SELECT d.handed_over_at, d.channel, d.id, s.key, ''
FROM delivery d JOIN survey s ON s.id = d.survey_id AND s.workspace_id = d.workspace_id
WHERE d.workspace_id = $1 AND d.respondent = $2 AND d.handed_over_at IS NOT NULL
ORDER BY d.handed_over_at DESC LIMIT $3"""
_RESPONSES = f"""SELECT COALESCE(r.answered_at, r.submitted_at),
  CASE WHEN r.{COMPLETE} THEN 'complete' ELSE 'partial' END, r.id, s.key, r.touchpoint
FROM survey s CROSS JOIN response r
WHERE s.workspace_id = $1 AND r.survey_number = s.number AND r.respondent = $2
  AND r.{PROVED} AND r.{NOT_ERASED} AND r.{ALONE}
ORDER BY 1 DESC LIMIT $3"""  # noqa: S608  # our own words
_KINDS: tuple[tuple[Kind, str], ...] = (
    ("decision", _DECISIONS),
    ("delivery", _DELIVERIES),
    ("response", _RESPONSES),
)


async def read_timeline(
    db: Database, workspace_id: UUID, respondent: str, *, limit: int
) -> list[Moment]:
    """The newest moments first; answers that only claim the name are none of theirs, and
    those of surveys that show nobody alone stand in nobody's."""
    found = [
        Moment(at=event.at, kind="event", name=event.name, id=event.id, value=event.value)
        for event in await list_events(db, workspace_id, respondent, limit=limit)
    ]
    for kind, sql in _KINDS:
        rows = await db.fetch(sql, workspace_id, respondent, limit)
        found += [
            Moment(
                at=_time(at),
                kind=kind,
                name=str(name),
                id=_id(id_),
                survey=str(survey),
                touchpoint=str(touchpoint),
            )
            for at, name, id_, survey, touchpoint in rows
        ]
    found.sort(key=lambda moment: moment.at, reverse=True)
    return found[:limit]


def _time(value: StoredTime) -> datetime:
    return to_time(value)


def _id(value: StoredId) -> UUID:
    return to_uuid(value)
