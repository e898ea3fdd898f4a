"""Workers as processes of their own: killed, stopped, and beside a server."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from api_client import FakeClock
from mail_sink import Sink, hang
from mail_steps import MAIL_SETTINGS, PostOffice, publish
from served import COMMAND, Served, clean_environ
from worker_steps import ALWAYS, invite_many, states, until

from harken_server.database.opening import open_database
from harken_server.kernel.clock import system_clock
from harken_server.workspaces.store.workspaces import ensure_default_workspace


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
    addresses = await invite_many(office, 30)
    sink.on["DATA"] = hang
    first = _Process(postgres_url, sink, tmp_path / "w")
    try:
        await until(lambda: sink.seen.count("DATA") >= 8)
    finally:
        first.kill()
    del sink.on["DATA"]
    killed_at = time.monotonic()

    second = _Process(postgres_url, sink, tmp_path / "w")
    try:
        await until(lambda: len(sink.kept) >= 22)

        async def all_settled() -> bool:
            return set(await states(office)) <= {"sent", "unknown"}

        await until(all_settled)
        assert time.monotonic() - killed_at < 30
        assert await second.end() == 0
    finally:
        second.kill()

    assert await states(office) == {"sent": 22, "unknown": 8}
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
        await until(lambda: stopped)
        second = _Process(postgres_url, sink, tmp_path / "w")
        await until(lambda: sink.kept, within_s=40)
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
    await until(lambda: sink.kept)
    assert await asyncio.to_thread(server.stop) == 0
    assert (await office.only()).state == "sent"
    await db.close()
