"""Decisions remember who was asked, and answer repeated triggers alike."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from harken_server.asking.decision import Decision
from harken_server.asking.store.decisions import (
    find_decision_by_key,
    last_asked_at,
    record_decision,
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


async def test_a_decision_comes_back_whole_by_its_key(database: Database) -> None:
    decision = _decision(idempotency_key="order-17")

    await record_decision(database, decision)

    assert await find_decision_by_key(database, HOME, "order-17") == decision


async def test_a_key_decides_once(database: Database) -> None:
    decision = _decision(idempotency_key="order-17")
    await record_decision(database, decision)

    with pytest.raises(ConflictError):
        await record_decision(database, _decision(idempotency_key="order-17"))

    assert await find_decision_by_key(database, HOME, "order-17") == decision


async def test_decisions_without_a_key_never_clash(database: Database) -> None:
    await record_decision(database, _decision())
    await record_decision(database, _decision())

    assert len(await database.fetch("SELECT id FROM decision")) == 2


async def test_the_latest_asking_counts_and_refusals_do_not(database: Database) -> None:
    for days, is_asked in ((0, True), (3, True), (1, True), (9, False)):
        at = NOW + timedelta(days=days)
        await record_decision(database, _decision(created_at=at, is_asked=is_asked))

    assert await last_asked_at(database, HOME, "kim", SURVEY) == NOW + timedelta(days=3)


async def test_askings_count_per_survey_or_over_all(database: Database) -> None:
    await record_decision(database, _decision())
    await record_decision(
        database, _decision(survey_id=uuid4(), created_at=NOW + timedelta(days=5))
    )

    assert await last_asked_at(database, HOME, "kim", SURVEY) == NOW
    assert await last_asked_at(database, HOME, "kim", None) == NOW + timedelta(days=5)


async def test_a_respondent_never_asked_has_no_time(database: Database) -> None:
    await record_decision(database, _decision(respondent=None))

    assert await last_asked_at(database, HOME, "kim", None) is None


async def test_under_the_lock_a_respondent_is_asked_once_by_triggers_at_once(
    database: Database,
) -> None:
    async def trigger() -> None:
        async with database.transaction() as tx:
            await named_lock(tx, HOME, "kim")
            if await last_asked_at(tx, HOME, "kim", None) is None:
                await record_decision(tx, _decision())

    await asyncio.gather(*(trigger() for _ in range(8)))

    assert len(await database.fetch("SELECT id FROM decision")) == 1
