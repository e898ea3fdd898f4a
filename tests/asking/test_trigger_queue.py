"""Triggers that come together are decided together, and each as if it were alone."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable
from typing import Any
from uuid import UUID, uuid4

import pytest
from trigger_steps import ELSEWHERE, HOME, NOW, counted, prepare

from harken_server.asking.decision import TriggerResult
from harken_server.asking.requests import TriggerRequest
from harken_server.asking.store.pace_sql import PaceBook
from harken_server.asking.triggers import TriggerQueue, trigger
from harken_server.database.database import Database
from harken_server.database.failures import ConstraintError
from harken_server.database.locks import named_lock
from harken_server.database.opening import open_database
from harken_server.kernel.errors import ConflictError, OverloadedError, StorageError
from harken_server.respondents.store.respondents import get_respondent
from harken_server.routes import CHANNELS
from harken_server.surveys.store.surveys import set_status

REFUSING = {
    "sqlite": """
        CREATE TRIGGER refusing BEFORE INSERT ON invitation WHEN NEW.respondent = 'bad'
        BEGIN SELECT RAISE(ABORT, 'refused'); END
    """,
    "postgres": "ALTER TABLE invitation ADD CONSTRAINT refusing CHECK (respondent <> 'bad')",
}
CUT = """
    CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5); RETURN NEW; END $$
"""
CUTTING = """
    CREATE TRIGGER cutting BEFORE INSERT ON invitation FOR EACH ROW
    WHEN (NEW.respondent = 'doom') EXECUTE FUNCTION cut()
"""


def queue_of(db: Database, queue_limit: int = 2000) -> TriggerQueue:
    return TriggerQueue(db, secrets.token_bytes, PaceBook(), CHANNELS, queue_limit=queue_limit)


class Counter:
    """A queue with the database behind it, as a server has them."""

    def __init__(self, db: Database, **options: Any) -> None:
        self._db = db
        self._queue = queue_of(db, **options)

    def fire(
        self,
        respondent: str | None,
        *,
        key: str | None = None,
        workspace_id: UUID = HOME,
        **fields: Any,
    ) -> Awaitable[TriggerResult]:
        return trigger(
            self._db,
            TriggerRequest(touchpoint="order.delivered", respondent=respondent, **fields),
            workspace_id=workspace_id,
            now=NOW,
            random=secrets.token_bytes,
            channels=CHANNELS,
            idempotency_key=key,
            queue=self._queue,
        )


@pytest.fixture
async def counter(database: Database) -> Counter:
    await prepare(database)
    return Counter(database)


async def commits(db: Database) -> int:
    """Transactions that wrote decisions."""
    if db.dialect == "sqlite":
        return db.statistics.commits
    rows = await db.fetch("SELECT count(DISTINCT xmin::text) FROM decision")
    return rows[0][0]


async def test_triggers_that_come_together_share_commits(
    database: Database, counter: Counter
) -> None:
    before = await commits(database)

    results = await asyncio.gather(*(counter.fire(f"c-{n}") for n in range(200)))

    assert all(result.decision.is_asked for result in results)
    assert await counted(database, "invitation") == 200
    assert await commits(database) - before <= 12


async def test_each_of_a_group_gets_its_own_answer(database: Database, counter: Counter) -> None:
    results = await asyncio.gather(
        *(counter.fire(f"c-{n}", context={"n": n}, traits={"n": n}) for n in range(70))
    )

    for n, result in enumerate(results):
        assert result.invitation is not None
        assert result.decision.invitation_id == result.invitation.id
        assert (result.invitation.respondent, result.invitation.context) == (f"c-{n}", {"n": n})
        known = await get_respondent(database, HOME, f"c-{n}")
        assert known is not None
        assert known.traits == {"n": n}
    assert len({result.invitation.code for result in results if result.invitation}) == 70


async def test_a_bad_one_fails_alone(database: Database, counter: Counter) -> None:
    await database.execute(REFUSING[database.dialect])

    names = [*(f"c-{n}" for n in range(20)), "bad", *(f"c-{n}" for n in range(20, 40))]
    results = await asyncio.gather(*map(counter.fire, names), return_exceptions=True)

    bad = results.pop(20)
    assert isinstance(bad, ConstraintError)
    assert all(isinstance(one, TriggerResult) and one.decision.is_asked for one in results)
    assert await counted(database, "decision") == await counted(database, "invitation") == 40


async def test_triggers_for_one_respondent_are_decided_in_the_order_they_came(
    counter: Counter,
) -> None:
    results = await asyncio.gather(
        *(counter.fire(f"c-{n % 4}", context={"n": n}) for n in range(60))
    )

    reasons = [result.decision.reason for result in results]
    assert reasons == ["asked"] * 4 + ["cooldown"] * 56


async def test_one_key_in_a_crowd_is_decided_once(database: Database, counter: Counter) -> None:
    crowd = [counter.fire(f"c-{n}", key=f"key-{n}") for n in range(30)]
    same = [counter.fire("c-0", key="key-0") for _ in range(30)]
    results = await asyncio.gather(*crowd, *same)
    again = await asyncio.gather(*(counter.fire(f"c-{n}", key=f"key-{n}") for n in range(40)))

    assert len({result.decision.id for result in results}) == 30
    assert sum(result.is_repeat for result in results) == 30
    assert [result.is_repeat for result in again] == [True] * 30 + [False] * 10
    assert [one.decision for one in again[:30]] == [one.decision for one in results[:30]]
    assert await counted(database, "decision") == 40
    with pytest.raises(ConflictError, match="key-3"):
        await counter.fire("c-4", key="key-3")


async def test_a_caller_who_goes_away_loses_only_its_own_answer(
    database: Database, counter: Counter
) -> None:
    tasks = [asyncio.ensure_future(counter.fire(f"c-{n}", key=f"key-{n}")) for n in range(150)]
    await asyncio.sleep(0)
    for task in tasks[::3]:
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)

    stayed = [one for n, one in enumerate(results) if n % 3]
    assert all(isinstance(one, TriggerResult) and one.decision.is_asked for one in stayed)
    retried = await asyncio.gather(
        *(counter.fire(f"c-{n}", key=f"key-{n}") for n in range(0, 150, 3))
    )
    assert all(one.decision.is_asked for one in retried)
    assert await counted(database, "decision") == await counted(database, "invitation") == 150


async def test_workspaces_in_one_queue_stay_apart(database: Database, counter: Counter) -> None:
    await prepare(database, workspace_id=ELSEWHERE)

    results = await asyncio.gather(
        *(
            counter.fire("c-1", key="key", workspace_id=(HOME, ELSEWHERE, uuid4())[n % 3])
            for n in range(30)
        )
    )

    reasons = [result.decision.reason for result in results]
    assert reasons == ["asked", "asked", "no_survey"] * 10
    assert len({one.decision.id for one in results[::3]}) == 1
    assert len({one.decision.id for one in results[1::3]}) == 1


async def test_closing_a_survey_holds_for_the_next_trigger(
    database: Database, counter: Counter
) -> None:
    assert (await counter.fire("c-1")).decision.reason == "asked"

    await set_status(database, HOME, "nps", "closed", NOW)

    assert (await counter.fire("c-2")).decision.reason == "not_live"


async def test_too_many_waiting_are_refused_and_the_others_decided(database: Database) -> None:
    await prepare(database)
    counter = Counter(database, queue_limit=10)

    results = await asyncio.gather(
        *(counter.fire(f"c-{n}") for n in range(30)), return_exceptions=True
    )

    assert sum(isinstance(one, TriggerResult) for one in results) == 10
    assert sum(isinstance(one, OverloadedError) for one in results) == 20
    assert (await counter.fire("c-1")).decision.reason == "cooldown"


async def test_a_lock_that_another_process_has_holds_up_nobody_else(postgres_url: str) -> None:
    here, there = [await open_database(postgres_url) for _ in range(2)]
    try:
        await prepare(here)
        counter = Counter(here)
        async with there.transaction() as tx:
            await named_lock(tx, HOME, "respondent c-5")
            await named_lock(tx, HOME, "key key-7")
            tasks = [
                asyncio.ensure_future(counter.fire(f"c-{n}", key=f"key-{n}")) for n in range(20)
            ]
            done, waiting = await asyncio.wait(tasks, timeout=3)
            assert waiting == {tasks[5], tasks[7]}
            assert all(task.result().decision.is_asked for task in done)
        assert (await tasks[5]).decision.is_asked
        assert (await tasks[7]).decision.is_asked
    finally:
        await here.close()
        await there.close()


async def test_a_group_whose_connection_is_cut_leaves_nothing_and_the_next_is_decided(
    postgres_url: str,
) -> None:
    db = await open_database(postgres_url)
    try:
        await prepare(db)
        await db.execute(CUT)
        await db.execute(CUTTING)
        counter = Counter(db)

        names = ["doom", *(f"c-{n}" for n in range(10))]
        results = await asyncio.gather(*map(counter.fire, names), return_exceptions=True)

        assert all(isinstance(one, StorageError) for one in results)
        assert len({id(one) for one in results}) == 11
        assert await counted(db, "decision") == await counted(db, "invitation") == 0
        retried = await asyncio.gather(*map(counter.fire, names[1:]))
        assert all(one.decision.is_asked for one in retried)
    finally:
        await db.close()
