"""How far asking came before anybody answered, and the responses with what tells of their care."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.database.values import StoredTime, to_time
from harken_server.responses.codes import STATES
from harken_server.responses.response import CountFilter
from harken_server.responses.store.row import decode_answers
from harken_server.responses.store.selection import select_responses
from harken_server.surveys.answers.typed_rows import AnswerRow

_SENT = """SELECT COUNT(*), SUM(CASE WHEN d.handed_over_at IS NOT NULL THEN 1 ELSE 0 END),
  SUM(CASE WHEN d.handed_over_at IS NOT NULL AND d.state = 'failed' THEN 1 ELSE 0 END)
FROM delivery d WHERE d.workspace_id = $1 AND d.survey_id = $2 AND d.kind = 'invitation'"""
_INVITED = """SELECT COUNT(*),
  SUM(CASE WHEN i.shown_at IS NOT NULL OR i.response_id IS NOT NULL THEN 1 ELSE 0 END),
  SUM(CASE WHEN i.response_id IS NOT NULL THEN 1 ELSE 0 END)
FROM invitation i WHERE i.workspace_id = $1 AND i.survey_id = $2"""

MOST_GROUPS = 12
"""Of invitations, by which they are laid side by side."""


class Reached(msgspec.Struct, kw_only=True, frozen=True):
    """Of a survey's personal links, made in the period."""

    invited: int
    """Personal links that were made."""
    opened: int
    """Of these, links that are known to have been opened: shown in the widget, or answered."""
    answered: int
    queued: int
    """Messages that were to go out."""
    handed_over: int
    """Of these, taken by the mail server or the provider."""
    failed: int
    """Of these, came back."""


class Invited(NamedTuple):
    """Personal links of one group."""

    group: str
    """Empty: of none."""
    asked: int
    answered: int


class Told(NamedTuple):
    """A response with its answers, those to hidden questions left out."""

    state: str
    is_invited: bool
    """Whether it came by a personal link."""
    began_at: datetime | None
    ended_at: datetime
    flags: list[str]
    answers: list[AnswerRow]


async def read_reached(
    db: Database, workspace_id: UUID, survey_id: UUID, selection: CountFilter
) -> Reached:
    """What the filter says of days, touchpoint and channel holds; nothing else does."""
    sent = await _count(db, _SENT, "d", (workspace_id, survey_id), selection, with_place=False)
    made = await _count(db, _INVITED, "i", (workspace_id, survey_id), selection, with_place=True)
    return Reached(
        invited=made[0], opened=made[1], answered=made[2],
        queued=sent[0], handed_over=sent[1], failed=sent[2],
    )  # fmt: skip


async def are_few_invitations(db: Database, *, most: int) -> bool:
    """Whether all that there are can be looked through at once, whoever made them."""
    some = "SELECT COUNT(*) FROM (SELECT 1 FROM invitation LIMIT $1) AS first_ones"
    rows = await db.fetch(some, most + 1)
    return int(rows[0][0]) <= most


async def read_told(
    db: Database, workspace_id: UUID, survey_id: UUID, selection: CountFilter, *, most: int
) -> list[Told] | None:
    """All responses of the filter; None where there are more than `most`."""
    chosen = select_responses(workspace_id, survey_id, selection)
    rows = await db.scan(
        "SELECT r.state, r.invitation_id IS NOT NULL, r.started_at, r.updated_at, r.flags,"  # noqa: S608  # values are parameters
        f" r.answers FROM response r WHERE {chosen.condition} LIMIT {most + 1:d}",
        *chosen.params,
    )
    if len(rows) > most:
        return None
    return [
        Told(
            STATES[state],
            bool(is_invited),
            None if began is None else _time(began),
            _time(ended),
            str(flags).split(),
            [each for each in decode_answers(answers) if not each.is_hidden],
        )
        for state, is_invited, began, ended, flags, answers in rows
    ]


async def read_invited(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    selection: CountFilter,
    *,
    context: str | None,
) -> list[Invited]:
    """Personal links of the period by what their context says under that name, else by channel.

    Most links first. The filter holds as for `read_reached`.
    """
    params: list[Any] = [workspace_id, survey_id]
    group = "i.channel"
    if context is not None:
        params.append(context)
        group = "COALESCE(CAST(i.context AS json) ->> CAST($3 AS TEXT), '')"
        if db.dialect == "sqlite":
            group = "COALESCE(i.context ->> CAST($3 AS TEXT), '')"
    conditions = _conditions(selection, params, "i", with_place=True)
    rows = await db.scan(
        f"SELECT {group}, COUNT(*), COUNT(i.response_id) FROM invitation i"  # noqa: S608  # values are parameters
        f" WHERE i.workspace_id = $1 AND i.survey_id = $2{conditions}"
        f" GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {MOST_GROUPS:d}",
        *params,
    )
    return [Invited(str(name), int(asked), int(answered)) for name, asked, answered in rows]


async def _count(
    db: Database, sql: str, alias: str, ids: tuple[UUID, UUID], selection: CountFilter,
    *, with_place: bool,
) -> tuple[int, ...]:  # fmt: skip
    params: list[Any] = [*ids]
    conditions = _conditions(selection, params, alias, with_place=with_place)
    rows = await db.scan(sql + conditions, *params)
    return tuple(int(n or 0) for n in rows[0])


def _conditions(selection: CountFilter, params: list[Any], alias: str, *, with_place: bool) -> str:
    conditions: list[str] = []
    if selection.from_day is not None:
        params.append(_begin_of(selection.from_day))
        conditions.append(f" AND {alias}.created_at >= ${len(params)}")
    if selection.to_day is not None:
        params.append(_begin_of(selection.to_day) + timedelta(days=1))
        conditions.append(f" AND {alias}.created_at < ${len(params)}")
    if selection.channel is not None:
        params.append(selection.channel)
        conditions.append(f" AND {alias}.channel = ${len(params)}")
    if with_place and selection.touchpoint is not None:
        params.append(selection.touchpoint)
        conditions.append(f" AND {alias}.touchpoint = ${len(params)}")
    return "".join(conditions)


def _begin_of(day: int) -> datetime:
    return datetime.combine(date.fromordinal(day), time(), UTC)


def _time(value: StoredTime) -> datetime:
    return to_time(value)
