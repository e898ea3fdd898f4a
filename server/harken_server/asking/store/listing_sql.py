"""Decisions read in the order in which they were made: their ids sort by time."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from harken_server.asking.decision import Decision
from harken_server.database.database import Database
from harken_server.database.values import StoredId, StoredTime, to_bool, to_time, to_uuid


class Wanted(NamedTuple):
    """Which decisions of a workspace; whatever is None takes in all."""

    touchpoint: str | None = None
    channel: str | None = None
    respondent: str | None = None
    survey_id: UUID | None = None
    is_asked: bool | None = None
    reason: str | None = None
    first: UUID | None = None
    """The least id that a decision of the period can have."""
    end: UUID | None = None
    """The least id that one after the period can have."""
    after: UUID | None = None
    latest: int | None = None
    """Only so many, those that were made last."""


class Unnamed(NamedTuple):
    """A decision of which nothing is told that leads to a person."""

    day: datetime
    """The beginning of the UTC day on which it was made."""
    touchpoint: str
    channel: str
    survey_id: UUID
    is_asked: bool
    reason: str


_CONDITIONS = {
    "touchpoint": "d.touchpoint =", "channel": "d.channel =", "respondent": "d.respondent =",
    "survey_id": "d.survey_id =", "is_asked": "d.is_asked =", "reason": "d.reason =",
    "first": "d.id >=", "end": "d.id <", "after": "d.id >",
}  # fmt: skip
_COLUMNS = (
    "d.id, d.touchpoint, d.channel, d.is_asked, d.reason, d.created_at, d.respondent, d.survey_id,"
    " d.invitation_id, d.facts, d.probability"
)
_DAY = {
    "sqlite": "d.created_at / 86400000 * 86400000",
    "postgres": "date_trunc('day', d.created_at, 'UTC')",
}


async def stream_decisions(
    db: Database, workspace_id: UUID, wanted: Wanted, besides: Sequence[UUID]
) -> AsyncGenerator[list[Decision]]:
    """From one snapshot, the earliest first, without those about the surveys `besides`."""
    condition, params = _condition(workspace_id, wanted)
    if besides:
        others = _places(params, besides)
        condition += f" AND (d.survey_id IS NULL OR d.survey_id NOT IN ({others}))"
    if wanted.latest is not None:
        params.append(wanted.latest)
        last = f"SELECT d.id FROM decision d WHERE {condition} ORDER BY d.id DESC"  # noqa: S608  # values are parameters
        condition = f"d.workspace_id = $1 AND d.id IN ({last} LIMIT ${len(params)})"
    sql = f"SELECT {_COLUMNS} FROM decision d WHERE {condition} ORDER BY d.id"  # noqa: S608  # as above
    async with aclosing(db.stream(sql, *params)) as chunks:
        async for rows in chunks:
            yield [_decision(workspace_id, *row) for row in rows]


async def stream_unnamed(
    db: Database, workspace_id: UUID, wanted: Wanted, of: Sequence[UUID]
) -> AsyncGenerator[list[Unnamed]]:
    """Those about these surveys alone, by day, and within it in no order that says when."""
    condition, params = _condition(workspace_id, wanted)
    sql = (
        f"SELECT {_DAY[db.dialect]}, d.touchpoint, d.channel, d.survey_id, d.is_asked, d.reason"  # noqa: S608  # as above
        f" FROM decision d WHERE {condition} AND d.survey_id IN ({_places(params, of)})"
        " ORDER BY 1, 2, 3, 4, 6"
    )
    async with aclosing(db.stream(sql, *params)) as chunks:
        async for rows in chunks:
            yield [
                Unnamed(to_time(day), touchpoint, channel, to_uuid(survey), to_bool(asked), reason)
                for day, touchpoint, channel, survey, asked, reason in rows
            ]


def _decision(  # noqa: PLR0917  # by `_COLUMNS`
    workspace_id: UUID,
    id_: StoredId,
    touchpoint: str,
    channel: str,
    asked: object,
    reason: str,
    made_at: StoredTime,
    respondent: str | None,
    survey_id: StoredId | None,
    invitation_id: StoredId | None,
    facts: str,
    probability: float | None,
) -> Decision:
    """As `Records` reads one, 7 µs sooner: files have very many."""
    return Decision(
        id=to_uuid(id_), workspace_id=workspace_id, touchpoint=touchpoint, channel=channel,
        is_asked=to_bool(asked), reason=reason, created_at=to_time(made_at),
        respondent=respondent, survey_id=to_uuid(survey_id), invitation_id=to_uuid(invitation_id),
        facts=facts, probability=probability,
    )  # fmt: skip


def _condition(workspace_id: UUID, wanted: Wanted) -> tuple[str, list[Any]]:
    conditions, params = ["d.workspace_id = $1"], list[Any]([workspace_id])
    for name, condition in _CONDITIONS.items():
        value = getattr(wanted, name)
        if value is not None:
            params.append(value)
            conditions.append(f"{condition} ${len(params)}")
    return " AND ".join(conditions), params


def _places(params: list[Any], values: Sequence[UUID]) -> str:
    params += values
    return ", ".join(f"${len(params) - place}" for place in range(len(values)))
