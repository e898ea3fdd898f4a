"""The worker: every mail once with several at work, whoever is killed, stopped or late."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from api_client import FakeClock
from mail_sink import Sink, hang, open_sink
from mail_steps import MAIL_SETTINGS, PostOffice, publish
from outbox_rows import given_up
from served import COMMAND, Served, clean_environ

from harken_server.app import open_runtime
from harken_server.configuration import load_settings
from harken_server.database import outbox
from harken_server.database.database import Database
from harken_server.database.opening import open_database
from harken_server.database.outbox import OutboxItem
from harken_server.http.runtime import Runtime
from harken_server.kernel.clock import system_clock
from harken_server.kernel.work_outcomes import Done, GiveUp, Later, Outcome
from harken_server.worker import Worker, open_worker
from harken_server.workspaces.store.workspaces import ensure_default_workspace
from harken_server.workspaces.workspace import Workspace

MAILS = 200
ALWAYS = {"HARKEN_MAIL_WINDOW": "00:00-24:00"}


@pytest.fixture
async def office(database: Database, workspace: Workspace) -> PostOffice:
    clock = FakeClock(system_clock())
    survey_id = await publish(database, workspace.id, clock())
    return PostOffice(database, workspace.id, clock, survey_id)


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    async with open_sink() as opened:
        yield opened


@contextlib.asynccontextmanager
async def _runtime(
    url: str, folder: Path, sink: Sink | None = None, clock: Callable[[], Any] = system_clock
) -> AsyncIterator[Runtime]:
    settings = {"HARKEN_DATABASE_URL": url, "HARKEN_DATA_DIR": str(folder), **MAIL_SETTINGS}
    if sink is not None:
        settings["HARKEN_SMTP_URL"] = sink.url
    async with open_runtime(load_settings(settings | ALWAYS), clock=clock) as runtime:
        yield runtime


async def _invite_many(office: PostOffice, count: int) -> list[str]:
    addresses = [f"a{number}@example.com" for number in range(count)]
    for number, address in enumerate(addresses):
        await office.invite(address, f"r{number}")
    return addresses


async def _until(claim: Callable[[], Any], *, within_s: float = 30.0) -> None:
    """Wait until an (async) claim holds."""
    deadline = time.monotonic() + within_s
    while True:
        held = claim()
        if asyncio.iscoroutine(held):
            held = await held
        if held:
            return
        assert time.monotonic() < deadline, "it never became true"
        await asyncio.sleep(0.05)


async def _states(office: PostOffice) -> Counter[str]:
    return Counter(delivery.state for delivery in await office.deliveries())


async def test_two_workers_send_every_mail_exactly_once(
    office: PostOffice, sink: Sink, database_url: str, engine_name: str, tmp_path: Path
) -> None:
    addresses = await _invite_many(office, MAILS)
    stopping = asyncio.Event()
    async with contextlib.AsyncExitStack() as stack:
        workers: list[Worker] = []
        for _ in range(2 if engine_name == "postgres" else 1):
            runtime = await stack.enter_async_context(_runtime(database_url, tmp_path, sink))
            workers.append(await stack.enter_async_context(open_worker(runtime)))
        runs = [asyncio.ensure_future(worker.run(stopping)) for worker in workers]
        await _until(lambda: len(sink.kept) >= MAILS)
        await asyncio.sleep(0.3)
        stopping.set()
        await asyncio.gather(*runs)

    assert Counter(sink.recipients) == Counter(addresses)
    assert await _states(office) == {"sent": MAILS}
    assert await office.db.fetch("SELECT 1 FROM outbox WHERE finished_at IS NULL") == []


async def test_one_round_works_on_what_is_due(
    office: PostOffice, sink: Sink, database_url: str, tmp_path: Path
) -> None:
    await _invite_many(office, 12)
    async with (
        _runtime(database_url, tmp_path, sink) as runtime,
        open_worker(runtime) as worker,
    ):
        assert await worker.run_once(5) == 5
        assert await worker.run_once() == 7
        assert await worker.run_once() == 0
    assert len(sink.kept) == 12


@pytest.mark.parametrize("hours", [1, -1])
async def test_a_clock_that_jumps_while_mail_is_sent_sends_nothing_twice(
    office: PostOffice, sink: Sink, database_url: str, tmp_path: Path, hours: int
) -> None:
    """Items that this worker holds look abandoned after a jump forward, and are left alone."""
    clock = FakeClock(office.clock())
    await _invite_many(office, 5)

    async def jump(_: object) -> None:
        if len(sink.kept) == 2:
            clock.move(hours=hours)
        await asyncio.sleep(0.2)

    sink.on["DATA"] = jump
    stopping = asyncio.Event()
    async with (
        _runtime(database_url, tmp_path, sink, clock) as runtime,
        open_worker(runtime) as opened,
    ):
        worker = Worker(runtime, opened._jobs, (), poll_s=0.05, most=2)
        run = asyncio.ensure_future(worker.run(stopping))
        await asyncio.sleep(1.5)
        clock.move(hours=2)
        await _until(lambda: len(sink.kept) >= 5)
        await asyncio.sleep(0.3)
        stopping.set()
        await run

    assert Counter(sink.recipients) == Counter(f"a{number}@example.com" for number in range(5))
    assert await _states(office) == {"sent": 5}


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
    async with _runtime(database_url, tmp_path, clock=clock) as runtime:
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


class _Process:
    """A `harken-server worker` process."""

    def __init__(self, url: str, sink: Sink, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.log = (folder / f"worker-{time.monotonic_ns()}.log").open("w+")
        self.process = subprocess.Popen(
            [*COMMAND, "worker"], cwd=folder, stdout=self.log, stderr=self.log,
            env=clean_environ(
                HARKEN_DATABASE_URL=url, HARKEN_SMTP_URL=sink.url, **MAIL_SETTINGS, **ALWAYS
            ),
        )  # fmt: skip

    def signal(self, number: int) -> None:
        os.kill(self.process.pid, number)

    async def end(self) -> int:
        self.process.terminate()
        return await asyncio.to_thread(self.process.wait, 30)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.log.close()


@pytest.fixture
async def postgres_office(postgres_url: str) -> AsyncIterator[PostOffice]:
    db = await open_database(postgres_url)
    clock = FakeClock(system_clock())
    home = await ensure_default_workspace(db, clock(), PostOffice.new_id_at(clock()))
    yield PostOffice(db, home.id, clock, await publish(db, home.id, clock()))
    await db.close()


@pytest.mark.nightly  # a real lease; by a moved clock: tests/channels/email/sending
async def test_what_a_killed_worker_was_sending_is_unknown_and_the_rest_is_taken_over(
    postgres_office: PostOffice, postgres_url: str, sink: Sink, tmp_path: Path
) -> None:
    office = postgres_office
    addresses = await _invite_many(office, 30)
    sink.on["DATA"] = hang
    first = _Process(postgres_url, sink, tmp_path / "w")
    try:
        await _until(lambda: sink.seen.count("DATA") >= 8)
    finally:
        first.kill()
    del sink.on["DATA"]
    killed_at = time.monotonic()

    second = _Process(postgres_url, sink, tmp_path / "w")
    try:
        await _until(lambda: len(sink.kept) >= 22)

        async def all_settled() -> bool:
            return set(await _states(office)) <= {"sent", "unknown"}

        await _until(all_settled)
        assert time.monotonic() - killed_at < 30
        assert await second.end() == 0
    finally:
        second.kill()

    assert await _states(office) == {"sent": 22, "unknown": 8}
    assert max(Counter(sink.recipients).values()) == 1
    assert set(sink.recipients) < set(addresses)


@pytest.mark.nightly  # a real lease; by a moved clock: tests/channels/email/sending
async def test_a_worker_that_was_stopped_for_longer_than_its_lease_sends_nothing_twice(
    postgres_office: PostOffice, postgres_url: str, sink: Sink, tmp_path: Path
) -> None:
    office = postgres_office
    await office.invite()
    stopped: list[_Process] = []

    async def stop_the_first(_: object) -> None:
        if not stopped:
            stopped.append(first)
            first.signal(signal.SIGSTOP)

    sink.on["RCPT"] = stop_the_first
    first = _Process(postgres_url, sink, tmp_path / "w")
    second: _Process | None = None
    try:
        await _until(lambda: stopped)
        second = _Process(postgres_url, sink, tmp_path / "w")
        await _until(lambda: sink.kept, within_s=40)
        first.signal(signal.SIGCONT)
        await asyncio.sleep(2)
        assert await first.end() == 0
        assert await second.end() == 0
    finally:
        first.kill()
        if second is not None:
            second.kill()

    assert sink.recipients == ["ada@example.com"]
    assert (await office.only()).state == "sent"


@pytest.mark.processes
def test_a_worker_beside_sqlite_is_refused_with_one_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "worker"], cwd=tmp_path, env=clean_environ(), capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip

    assert done.returncode == 78
    assert done.stderr.count("\n") == 1
    assert "needs PostgreSQL" in done.stderr


@pytest.mark.processes
async def test_the_server_itself_sends_what_waits_and_ends_cleanly(
    tmp_path: Path, sink: Sink
) -> None:
    url = f"sqlite:///{tmp_path / 'data' / 'harken.sqlite3'}"
    settings = {"HARKEN_DATABASE_URL": url, "HARKEN_DATA_DIR": str(tmp_path / "data")}
    server = await asyncio.to_thread(Served, "serve", tmp_path, **settings)
    assert await asyncio.to_thread(server.stop) == 0
    db = await open_database(url)
    clock = FakeClock(system_clock())
    home = await ensure_default_workspace(db, clock(), PostOffice.new_id_at(clock()))
    office = PostOffice(db, home.id, clock, await publish(db, home.id, clock()))
    await office.invite()

    # Without a mail server the mail waits; with the worker off too.
    for more in ({}, {"HARKEN_SMTP_URL": sink.url, "HARKEN_WORKER": "off", **MAIL_SETTINGS}):
        server = await asyncio.to_thread(Served, "serve", tmp_path, **settings, **more)
        await asyncio.sleep(1.5)
        assert (await office.only()).state == "queued"
        assert await asyncio.to_thread(server.stop) == 0

    mail = {"HARKEN_SMTP_URL": sink.url, **MAIL_SETTINGS, **ALWAYS}
    server = await asyncio.to_thread(Served, "serve", tmp_path, **settings, **mail)
    await _until(lambda: sink.kept)
    assert await asyncio.to_thread(server.stop) == 0
    assert (await office.only()).state == "sent"
    await db.close()
