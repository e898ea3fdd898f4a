"""The worker: every mail once with several at work, whoever is killed, stopped or late."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from api_client import FakeClock
from mail_sink import Sink
from mail_steps import MAIL_SETTINGS, PostOffice
from outbox_rows import given_up
from worker_steps import ALWAYS, invite_many, states, until

from harken_server.app import open_runtime
from harken_server.configuration import load_settings
from harken_server.database import outbox
from harken_server.database.outbox import OutboxItem
from harken_server.http.runtime import Runtime
from harken_server.kernel.clock import system_clock
from harken_server.kernel.work_outcomes import Done, GiveUp, Later, Outcome
from harken_server.worker import Worker, open_worker

MAILS = 200


@contextlib.asynccontextmanager
async def worker_runtime(
    url: str, folder: Path, sink: Sink | None = None, clock: Callable[[], Any] = system_clock
) -> AsyncIterator[Runtime]:
    settings = {"HARKEN_DATABASE_URL": url, "HARKEN_DATA_DIR": str(folder), **MAIL_SETTINGS}
    if sink is not None:
        settings["HARKEN_SMTP_URL"] = sink.url
    async with open_runtime(load_settings(settings | ALWAYS), clock=clock) as runtime:
        yield runtime


@pytest.mark.seconds
async def test_two_workers_send_every_mail_exactly_once(
    office: PostOffice, sink: Sink, database_url: str, engine_name: str, tmp_path: Path
) -> None:
    addresses = await invite_many(office, MAILS)
    stopping = asyncio.Event()
    async with contextlib.AsyncExitStack() as stack:
        workers: list[Worker] = []
        for _ in range(2 if engine_name == "postgres" else 1):
            runtime = await stack.enter_async_context(worker_runtime(database_url, tmp_path, sink))
            workers.append(await stack.enter_async_context(open_worker(runtime)))
        runs = [asyncio.ensure_future(worker.run(stopping)) for worker in workers]
        await until(lambda: len(sink.kept) >= MAILS)
        await asyncio.sleep(0.3)
        stopping.set()
        await asyncio.gather(*runs)

    assert Counter(sink.recipients) == Counter(addresses)
    assert await states(office) == {"sent": MAILS}
    assert await office.db.fetch("SELECT 1 FROM outbox WHERE finished_at IS NULL") == []


async def test_one_round_works_on_what_is_due(
    office: PostOffice, sink: Sink, database_url: str, tmp_path: Path
) -> None:
    await invite_many(office, 12)
    async with (
        worker_runtime(database_url, tmp_path, sink) as runtime,
        open_worker(runtime) as worker,
    ):
        assert await worker.run_once(5) == 5
        assert await worker.run_once() == 7
        assert await worker.run_once() == 0
    assert len(sink.kept) == 12


@pytest.mark.parametrize("hours", [1, -1])
@pytest.mark.seconds
@pytest.mark.few(2)
async def test_a_clock_that_jumps_while_mail_is_sent_sends_nothing_twice(
    office: PostOffice, sink: Sink, database_url: str, tmp_path: Path, hours: int
) -> None:
    """Items that this worker holds look abandoned after a jump forward, and are left alone."""
    clock = FakeClock(office.clock())
    await invite_many(office, 5)

    async def jump(_: object) -> None:
        if len(sink.kept) == 2:
            clock.move(hours=hours)
        await asyncio.sleep(0.2)

    sink.on["DATA"] = jump
    stopping = asyncio.Event()
    async with (
        worker_runtime(database_url, tmp_path, sink, clock) as runtime,
        open_worker(runtime) as opened,
    ):
        worker = Worker(runtime, opened._jobs, (), poll_s=0.05, most=2)
        run = asyncio.ensure_future(worker.run(stopping))
        await asyncio.sleep(1.5)
        clock.move(hours=2)
        await until(lambda: len(sink.kept) >= 5)
        await asyncio.sleep(0.3)
        stopping.set()
        await run

    assert Counter(sink.recipients) == Counter(f"a{number}@example.com" for number in range(5))
    assert await states(office) == {"sent": 5}


async def test_work_that_breaks_is_tried_again_and_given_up_in_the_end(
    office: PostOffice, database_url: str, tmp_path: Path
) -> None:
    now = office.clock()
    async with office.db.transaction() as tx:
        for kind in ("breaks", "later", "never"):
            await outbox.enqueue(
                tx, office.home, id=office.new_id(), kind=kind, payload="{}", now=now
            )

    async def breaks(_: Runtime, item: OutboxItem) -> Outcome:
        raise ZeroDivisionError("by zero")

    async def later(runtime: Runtime, item: OutboxItem) -> Outcome:
        return Done() if item.attempts > 1 else Later(runtime.clock(), "not yet")

    async def never(_: Runtime, item: OutboxItem) -> Outcome:
        return GiveUp("it makes no sense")

    jobs = {"breaks": breaks, "later": later, "never": never}
    clock = FakeClock(now)
    async with worker_runtime(database_url, tmp_path, clock=clock) as runtime:
        worker = Worker(runtime, jobs, ())
        rounds = 0
        while await office.db.fetch("SELECT 1 FROM outbox WHERE finished_at IS NULL"):
            await worker.run_once()
            clock.move(hours=1)
            rounds += 1
            assert rounds < 60
        exhausted = await given_up(office.db)
    assert {kind: reason for _, kind, reason in exhausted} == {
        "breaks": "ZeroDivisionError: by zero",
        "never": "it makes no sense",
    }
