"""Decisions remember who was asked, and answer repeated triggers alike."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from harken_server.asking.decision import Decision
from harken_server.asking.store.decisions_sql import (
    find_decision_by_key,
    record_decisions,
)
from harken_server.database.database import Database
from harken_server.database.locks import named_lock
from harken_server.kernel.errors import ConflictError

NOW = datetime(2026, 3, 1, 12, 0, 0, 123000, tzinfo=UTC)
HOME = uuid4()
SURVEY = uuid4()


def _decision(
    *,
    created_at: datetime = NOW,
    is_asked: bool = True,
    survey_id: UUID | None = SURVEY,
    idempotency_key: str | None = None,
    respondent: str | None = "kim",
) -> Decision:
    return Decision(
        id=uuid4(),
        workspace_id=HOME,
        touchpoint="store.till",
        channel="api",
        is_asked=is_asked,
        reason="asked" if is_asked else "cooldown",
        created_at=created_at,
        respondent=respondent,
        survey_id=survey_id,
        invitation_id=uuid4() if is_asked else None,
        idempotency_key=idempotency_key,
        request_digest="e" * 64,
    )


async def _record(db: Database, decision: Decision) -> None:
    async with db.transaction() as tx:
        await record_decisions(tx, [decision])


async def test_a_decision_comes_back_whole_by_its_key(database: Database) -> None:
    decision = _decision(idempotency_key="order-17")

    await _record(database, decision)

    assert await find_decision_by_key(database, HOME, "order-17") == decision


async def test_a_key_decides_once(database: Database) -> None:
    decision = _decision(idempotency_key="order-17")
    await _record(database, decision)

    with pytest.raises(ConflictError):
        await _record(database, _decision(idempotency_key="order-17"))

    assert await find_decision_by_key(database, HOME, "order-17") == decision


async def test_decisions_without_a_key_never_clash(database: Database) -> None:
    await _record(database, _decision())
    await _record(database, _decision())

    assert len(await database.fetch("SELECT id FROM decision")) == 2


async def test_under_the_lock_a_respondent_is_asked_once_by_triggers_at_once(
    database: Database,
) -> None:
    async def trigger() -> None:
        async with database.transaction() as tx:
            await named_lock(tx, HOME, "kim")
            if not await tx.fetch("SELECT id FROM decision WHERE respondent = $1", "kim"):
                await record_decisions(tx, [_decision()])

    await asyncio.gather(*(trigger() for _ in range(8)))

    assert len(await database.fetch("SELECT id FROM decision")) == 1
