"""The outbox gives each item to one worker at a time, and never forgets one."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from outbox_rows import given_up

from harken_server.database.database import Database
from harken_server.database.outbox import (
    OutboxItem,
    claim_due,
    enqueue,
    fail,
    finish,
)

NOW = datetime(2026, 3, 1, 12, 0, 0, 123000, tzinfo=UTC)
HOME = uuid4()
LEASE_S = 30.0


def _after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


async def _promise(database: Database, *, due_at: datetime | None = None) -> UUID:
    item_id = uuid4()
    async with database.transaction() as tx:
        await enqueue(
            tx, HOME, id=item_id, kind="email", payload='{"to":"{}"}', now=NOW, due_at=due_at
        )
    return item_id


async def _claim_one(database: Database, now: datetime = NOW) -> OutboxItem:
    items = await claim_due(database, now, 1, LEASE_S)
    assert len(items) == 1
    return items[0]


async def test_an_item_is_claimed_as_it_was_promised(database: Database) -> None:
    item_id = await _promise(database)

    item = await _claim_one(database)

    assert item == OutboxItem(
        id=item_id,
        workspace_id=HOME,
        kind="email",
        payload='{"to":"{}"}',
        attempts=1,
        created_at=NOW,
        due_at=NOW,
    )


async def test_what_is_rolled_back_was_never_promised(database: Database) -> None:
    async def promise_and_fail() -> None:
        async with database.transaction() as tx:
            await enqueue(tx, HOME, id=uuid4(), kind="email", payload="{}", now=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await promise_and_fail()

    assert await claim_due(database, NOW, 10, LEASE_S) == []


async def test_one_id_is_one_promise(database: Database) -> None:
    item_id = uuid4()
    for _ in range(2):
        async with database.transaction() as tx:
            await enqueue(tx, HOME, id=item_id, kind="email", payload="{}", now=NOW)

    assert len(await claim_due(database, NOW, 10, LEASE_S)) == 1


async def test_an_item_is_not_claimed_before_it_is_due(database: Database) -> None:
    await _promise(database, due_at=_after(60))

    assert await claim_due(database, _after(59), 10, LEASE_S) == []
    assert len(await claim_due(database, _after(60), 10, LEASE_S)) == 1


async def test_the_longest_due_come_first_and_the_limit_holds(database: Database) -> None:
    ids = {late: await _promise(database, due_at=_after(-late)) for late in (5, 90, 30)}

    first = await claim_due(database, NOW, 2, LEASE_S)
    rest = await claim_due(database, NOW, 2, LEASE_S)

    assert [item.id for item in first] == [ids[90], ids[30]]
    assert [item.id for item in rest] == [ids[5]]


async def test_a_leased_item_is_claimed_again_only_when_the_lease_ran_out(
    database: Database,
) -> None:
    await _promise(database)
    await _claim_one(database)

    assert await claim_due(database, _after(LEASE_S - 1), 10, LEASE_S) == []

    assert (await _claim_one(database, _after(LEASE_S))).attempts == 2


async def test_a_finished_item_is_never_claimed_again(database: Database) -> None:
    await _promise(database)
    item = await _claim_one(database)

    assert await finish(database, item, NOW)

    assert not await finish(database, item, NOW)
    assert await claim_due(database, _after(10_000), 10, LEASE_S) == []
    assert await given_up(database) == []


async def test_a_failed_item_comes_back_when_due_with_its_error(database: Database) -> None:
    await _promise(database)
    item = await _claim_one(database)

    assert await fail(database, item, NOW, error="no route", due_at=_after(5))

    assert await claim_due(database, _after(4), 10, LEASE_S) == []
    again = await _claim_one(database, _after(5))
    assert (again.attempts, again.last_error) == (2, "no route")


async def test_an_item_given_up_is_listed_with_its_reason(database: Database) -> None:
    item_id = await _promise(database)
    item = await _claim_one(database)

    assert await fail(database, item, NOW, error="no such mailbox", due_at=None)

    assert await claim_due(database, _after(10_000), 10, LEASE_S) == []
    assert await given_up(database) == [(item_id, "email", "no such mailbox")]


async def test_a_worker_that_lost_its_lease_cannot_give_the_item_back(database: Database) -> None:
    await _promise(database)
    lost = await _claim_one(database)
    held = await _claim_one(database, _after(LEASE_S))

    assert not await fail(database, lost, _after(LEASE_S), error="slow", due_at=None)

    assert await finish(database, held, _after(LEASE_S))


async def test_four_workers_share_two_hundred_items_without_a_duplicate(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        for _ in range(200):
            await enqueue(tx, HOME, id=uuid4(), kind="email", payload="{}", now=NOW)
    claimed: list[UUID] = []

    async def work() -> None:
        while items := await claim_due(database, NOW, 7, LEASE_S):
            claimed.extend(item.id for item in items)
            for item in items:
                assert item.attempts == 1
                assert await finish(database, item, NOW)

    await asyncio.gather(*(work() for _ in range(4)))

    # A worker that found only locked rows may have stopped early; nothing is lost by that.
    assert await claim_due(database, NOW, 200, LEASE_S) == []
    assert len(claimed) == 200
    assert max(Counter(claimed).values()) == 1
