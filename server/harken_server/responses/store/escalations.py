"""Escalations: respondents whose answers were poor, for a person to call; one open at a time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Executor
from harken_server.database.records import Records
from harken_server.responses.tables import Escalation as T


class EscalationDetail(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """What led to it."""

    poor_answers: int
    within_days: float
    touchpoint: str = ""
    survey: str | None = None
    response: UUID | None = None
    """The newest of them; the rest is of it."""
    question: str = ""
    rating: int | None = None
    comment: str = ""
    """What the person wrote, each text on lines of its own."""


class EscalationRecord(msgspec.Struct, kw_only=True, frozen=True):
    """A respondent with several poor answers."""

    id: UUID
    respondent: str
    detail: EscalationDetail
    opened_at: datetime
    closed_at: datetime | None = None


_ESCALATIONS = Records(T, EscalationRecord)
_IS_OPEN = T.closed_at.is_null()


async def open_escalation(
    tx: Executor,
    workspace_id: UUID,
    respondent: str,
    detail: EscalationDetail,
    *,
    now: datetime,
    new_id: UUID,
) -> bool:
    """Open one for the respondent. False, with nothing changed, when one is open already."""
    values = {T.id: new_id, T.respondent: respondent, T.detail: detail, T.opened_at: now}
    return await _ESCALATIONS.of(workspace_id).add(tx, values)


async def describe_open(
    tx: Executor, workspace_id: UUID, respondent: str, detail: EscalationDetail
) -> None:
    """Bring the open one up to date: further answers came, or the comment that was not there."""
    is_it = (T.respondent == respondent) & _IS_OPEN
    await _ESCALATIONS.of(workspace_id).change(tx, {T.detail: detail}, is_it)


async def take_back(tx: Executor, workspace_id: UUID, respondent: str) -> None:
    """Remove the one that nobody has closed: what led to it is no longer so."""
    await _ESCALATIONS.of(workspace_id).remove(tx, (T.respondent == respondent) & _IS_OPEN)


async def forget_response(
    db: Executor, workspace_id: UUID, respondent: str, response_id: UUID
) -> None:
    """Blank what closed ones still say of a response that is erased."""
    ours = _ESCALATIONS.of(workspace_id)
    for each in await ours.all(db, T.respondent == respondent):
        if each.detail.response == response_id:
            kept = msgspec.structs.replace(
                each.detail, response=None, question="", rating=None, comment=""
            )
            await ours.change(db, {T.detail: kept}, T.id == each.id)


async def last_closed_at(db: Executor, workspace_id: UUID, respondent: str) -> datetime | None:
    """When the respondent's last escalation was closed: poor answers before it are dealt with."""
    is_closed = (T.respondent == respondent) & T.closed_at.is_not_null()
    latest = await _ESCALATIONS.of(workspace_id).all(
        db, is_closed, order_by=(T.closed_at,), is_descending=True, limit=1
    )
    return latest[0].closed_at if latest else None


async def list_escalations(
    db: Database,
    workspace_id: UUID,
    *,
    is_open: bool | None,
    before: UUID | None,
    limit: int,
) -> list[EscalationRecord]:
    """Escalations, newest first; go on before the last one's id. None for `is_open` is both."""
    state = () if is_open is None else (_IS_OPEN if is_open else T.closed_at.is_not_null(),)
    behind = () if before is None else (T.id < before,)
    return await _ESCALATIONS.of(workspace_id).all(
        db, *state, *behind, order_by=(T.id,), is_descending=True, limit=limit
    )


async def count_open(db: Database, workspace_id: UUID) -> int:
    """How many respondents a person should call."""
    return await _ESCALATIONS.of(workspace_id).count(db, _IS_OPEN)


async def close_escalation(
    db: Database,
    workspace_id: UUID,
    id: UUID,  # noqa: A002  # The record's own word.
    now: datetime,
) -> EscalationRecord | None:
    """Close it, once: a later time changes nothing. None when there is no such escalation."""
    await _ESCALATIONS.of(workspace_id).change(db, {T.closed_at: now}, T.id == id, _IS_OPEN)
    return await _ESCALATIONS.of(workspace_id).first(db, T.id == id)
