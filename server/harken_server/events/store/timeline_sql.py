"""What happened with a person, from six tables: asked, sent, seen, answered, done, left alone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Literal, TypeAlias, get_args
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Row
from harken_server.database.values import StoredId, StoredTime, to_time, to_uuid
from harken_server.events.store.events import list_events
from harken_server.responses.codes import ALONE, COMPLETE, NOT_ERASED, PROVED
from harken_server.responses.store.row import decode_answers

Kind: TypeAlias = Literal["decision", "delivery", "contact", "response", "event", "suppression"]


class Moment(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """One thing that happened with a person."""

    at: datetime
    kind: Kind
    """decision: a trigger asked them, or not. delivery: a message went out. contact: they opened
    the survey, or closed it. response: they answered. event: what the application told.
    suppression: from then on they are not asked."""
    name: str
    """Of a decision its reason, of a delivery its channel, of a contact `shown` or `dismissed`, of
    a response its state, of an event its name, of a suppression its reason."""
    id: UUID
    survey: str = ""
    touchpoint: str = ""
    value: float | None = None
    """Of an event."""
    state: str = ""
    """Of a delivery, what became of it."""
    ratings: dict[str, int] = {}
    """Of a response, by question; of a survey that shows nobody alone there is no response here."""


_DECISIONS = """SELECT d.created_at, d.reason, d.id, COALESCE(s.key, ''), d.touchpoint, '', ''
FROM decision d LEFT JOIN survey s ON s.id = d.survey_id AND s.workspace_id = d.workspace_id
WHERE d.workspace_id = $1 AND d.respondent = $2 ORDER BY d.created_at DESC LIMIT $3"""
_DELIVERIES = """SELECT d.handed_over_at, d.channel, d.id, s.key, '', d.state, ''
FROM delivery d JOIN survey s ON s.id = d.survey_id AND s.workspace_id = d.workspace_id
WHERE d.workspace_id = $1 AND d.respondent = $2 AND d.handed_over_at IS NOT NULL
ORDER BY d.handed_over_at DESC LIMIT $3"""
_RESPONSES = f"""SELECT COALESCE(r.answered_at, r.submitted_at),
  CASE WHEN r.{COMPLETE} THEN 'complete' ELSE 'partial' END, r.id, s.key, r.touchpoint, '',
  r.answers
FROM survey s CROSS JOIN response r
WHERE s.workspace_id = $1 AND r.survey_number = s.number AND r.respondent = $2
  AND r.{PROVED} AND r.{NOT_ERASED} AND r.{ALONE}
ORDER BY 1 DESC LIMIT $3"""  # noqa: S608  # our own words
_CONTACTS = """SELECT i.{name}_at, '{name}', i.id, s.key, i.touchpoint, '', ''
FROM invitation i JOIN survey s ON s.id = i.survey_id AND s.workspace_id = i.workspace_id
WHERE i.workspace_id = $1 AND i.respondent = $2 AND i.{name}_at IS NOT NULL
ORDER BY i.{name}_at DESC LIMIT $3"""
_SUPPRESSIONS = """SELECT p.created_at, p.reason, p.id, '', '', '', ''
FROM suppression p WHERE p.workspace_id = $1 AND p.respondent = $2
ORDER BY p.created_at DESC LIMIT $3"""
_SUPPRESSED_SURVEYS = """SELECT p.created_at, 'survey', s.id, s.key, '', '', ''
FROM survey_suppression p JOIN survey s ON s.id = p.survey_id AND s.workspace_id = p.workspace_id
WHERE p.workspace_id = $1 AND p.respondent = $2 ORDER BY p.created_at DESC LIMIT $3"""
_KINDS: tuple[tuple[Kind, str], ...] = (
    ("decision", _DECISIONS),
    ("delivery", _DELIVERIES),
    ("response", _RESPONSES),
    ("contact", _CONTACTS.format(name="shown")),
    ("contact", _CONTACTS.format(name="dismissed")),
    ("suppression", _SUPPRESSIONS),
    ("suppression", _SUPPRESSED_SURVEYS),
)
ALL: tuple[Kind, ...] = get_args(Kind)


async def read_timeline(
    db: Database, workspace_id: UUID, respondent: str, *, limit: int, kinds: Collection[Kind] = ALL
) -> list[Moment]:
    """The newest moments first; answers that only claim the name are none of theirs, and
    those of surveys that show nobody alone stand in nobody's."""
    found: list[Moment] = []
    if "event" in kinds:
        found += [
            Moment(at=event.at, kind="event", name=event.name, id=event.id, value=event.value)
            for event in await list_events(db, workspace_id, respondent, limit=limit)
        ]
    for kind, sql in _KINDS:
        if kind in kinds:
            rows = await db.fetch(sql, workspace_id, respondent, limit)
            found += [_moment(kind, row) for row in rows]
    found.sort(key=lambda moment: moment.at, reverse=True)
    return found[:limit]


def _moment(kind: Kind, row: Row) -> Moment:
    at, name, id_, survey, touchpoint, state, answers = row
    ratings = {
        each.question: each.rating
        for each in (decode_answers(answers) if answers else ())
        if each.rating is not None and not each.part and not each.is_hidden
    }
    return Moment(
        at=_time(at),
        kind=kind,
        name=str(name),
        id=_id(id_),
        survey=str(survey),
        touchpoint=str(touchpoint),
        state=str(state),
        ratings=ratings,
    )


def _time(value: StoredTime) -> datetime:
    return to_time(value)


def _id(value: StoredId) -> UUID:
    return to_uuid(value)
