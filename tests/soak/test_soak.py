"""A real server under everything at once: nothing acknowledged is lost, nothing stays behind.

Submissions, triggers, presses, pages and exports, downloads that are broken off, readers that read
nothing, and kill -9 with a restart. Afterwards memory, open files, threads, the write-ahead log and
PostgreSQL's connections are what they were. HARKEN_TEST_SOAK_S says for how long; otherwise 4
seconds a database, and half an hour in `nightly`.
"""

from __future__ import annotations

import asyncio
import os
import random
import socket
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NamedTuple
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from api_client import SURVEY
from served import Served
from tiers import POSTGRES_NIGHTLY

from harken_server.database.lanes import Positions, lane_of
from harken_server.database.opening import open_database
from harken_server.responses.store.read import list_responses
from harken_server.responses.store.recount import recount
from harken_server.server import DRAIN_WITHIN_S
from harken_server.surveys.store.surveys import get_survey
from harken_server.workspaces.store.workspaces import first_workspace

pytestmark = pytest.mark.processes

SECONDS = {"test": 4.0, "nightly": 1800.0}
ASKED_S = float(os.environ.get("HARKEN_TEST_SOAK_S", "0"))
"""Instead of those; 0: those."""
TEXT = 2000
"""Enough that a download is more than systems keep for a reader."""
LIVES = {"test": 2, "nightly": 30}
"""How often the server is started; each life but the last ends by kill -9."""
SETTLE_WITHIN_S = 30
THREADS_BESIDE = 4
"""Of the loop's own pool, which grows to six."""
FILES_BESIDE = 12
"""Connections of clients that are kept alive, and of the pool."""
GROWTH_MB = 24
"""What caches and the allocator may keep; a leak of the load here would be more in an hour."""
WAL_MB = 12


class Left(NamedTuple):
    """What a server holds."""

    threads: int
    files: int
    rss_mb: float
    wal_mb: float
    reading: int
    """Connections of PostgreSQL that read for an export."""


class Soak:
    """A server's lives, and what its clients know."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.folder = folder
        self.key = ""
        self.dice = random.Random(12)
        self.acknowledged: set[UUID] = set()
        self.seen: set[int] = set()
        self.server = self._start()
        self.key = next(word for word in self.server.printed().split() if word.startswith("hk_"))

    def _start(self) -> Served:
        environ = {"HARKEN_DATABASE_URL": self.url, "HARKEN_DATA_DIR": str(self.folder / "data")}
        return Served("serve", self.folder, HARKEN_LOG_LEVEL="error", **environ)

    def restart(self) -> None:
        self.server.kill()
        self.server = self._start()

    def left(self, reading: int) -> Left:
        process = Path(f"/proc/{self.server.process.pid}")
        status = (process / "status").read_text()
        wal = Path(f"{self.url.removeprefix('sqlite:///')}-wal")
        return Left(
            threads=len(list((process / "task").iterdir())),
            files=len(list((process / "fd").iterdir())),
            rss_mb=int(status.split("VmRSS:")[1].split()[0]) / 1024,
            wal_mb=wal.stat().st_size / 1e6 if wal.exists() else 0.0,
            reading=reading,
        )

    async def reading(self) -> int:
        if self.url.startswith("sqlite:"):
            return 0
        connection = await asyncpg.connect(self.url)
        try:
            return await connection.fetchval(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND query LIKE '%ORDER BY r.position%'"
            )
        finally:
            await connection.close()

    async def submit(self, http: httpx.AsyncClient) -> None:
        identity = uuid4()
        score = self.dice.randrange(11)
        answers = {"recommend": score, "reason": "price", "why": "w" * TEXT}
        body = {"id": str(identity), "survey": "post_purchase", "answers": answers}
        reply = await http.post("/v1/public/responses", json=body)
        assert reply.status_code == 201, reply.text
        self.acknowledged.add(identity)

    async def trigger(self, http: httpx.AsyncClient) -> None:
        body = {"touchpoint": "order.delivered", "respondent": f"r{self.dice.randrange(10_000)}"}
        self.seen.add((await http.post("/v1/triggers", json=body)).status_code)

    async def press(self, http: httpx.AsyncClient) -> None:
        presses = [{"id": uuid4().hex, "survey": "post_purchase", "answers": {"recommend": 9}}]
        self.seen.add((await http.post("/v1/public/presses", json=presses)).status_code)

    async def page(self, http: httpx.AsyncClient) -> None:
        self.seen.add((await http.get("/s/post_purchase")).status_code)

    async def export(self, http: httpx.AsyncClient) -> None:
        kind = self.dice.choice(("csv", "jsonl"))
        reply = await http.get(f"/v1/surveys/post_purchase/export.{kind}")
        self.seen.add(reply.status_code)

    async def break_off(self, _: httpx.AsyncClient) -> None:
        """Ask for a download and go away: at once, or after some of it."""
        client = self.ask_narrowly()
        await asyncio.sleep(self.dice.choice((0, 0.005, 0.05)))
        client.close()

    async def read_nothing(self, _: httpx.AsyncClient) -> None:
        client = self.ask_narrowly()
        await asyncio.sleep(2)
        client.close()

    def ask_narrowly(self) -> socket.socket:
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        try:
            client.connect(("127.0.0.1", self.server.port))
        except OSError:
            client.close()
            raise
        kind = self.dice.choice(("csv", "jsonl"))
        client.sendall(
            f"GET /v1/surveys/post_purchase/export.{kind} HTTP/1.1\r\nHost: x\r\n"
            f"Authorization: Bearer {self.key}\r\n\r\n".encode()
        )
        return client

    async def work(self, seconds: float) -> None:
        """Everything at once for a while, or until the server is killed."""
        doing = [self.submit] * 4 + [
            self.trigger, self.press, self.page, self.export, self.break_off, self.break_off,
            self.read_nothing,
        ]  # fmt: skip
        end = time.monotonic() + seconds
        await asyncio.gather(*(self._repeat(one, end) for one in doing))

    async def _repeat(
        self, one: Callable[[httpx.AsyncClient], Awaitable[None]], end: float
    ) -> None:
        async with self.client() as http:
            while time.monotonic() < end:
                try:
                    await one(http)
                except (httpx.TransportError, OSError):
                    await asyncio.sleep(0.05)

    def client(self) -> httpx.AsyncClient:
        headers = {"authorization": f"Bearer {self.key}"}
        return httpx.AsyncClient(
            base_url=self.server.url, headers=headers, timeout=60, verify=False
        )


@POSTGRES_NIGHTLY
@pytest.mark.timeout(2 * (ASKED_S or max(SECONDS.values())) + 600)
@pytest.mark.nightly
async def test_nothing_is_lost_and_nothing_stays_behind(
    database_url: str, tmp_path: Path, tier: str
) -> None:
    soak = Soak(database_url, tmp_path)
    lives, seconds = LIVES[tier], ASKED_S or SECONDS[tier]
    async with soak.client() as http:
        assert (await http.post("/v1/surveys", json=SURVEY)).status_code == 201
    for _ in range(lives - 1):
        working = asyncio.ensure_future(soak.work(seconds / lives))
        await asyncio.sleep(seconds / lives * soak.dice.uniform(0.5, 0.9))
        await asyncio.to_thread(soak.server.kill)
        await working
        await asyncio.to_thread(soak.restart)

    await soak.work(seconds / lives / 2)
    before = await _settled(soak)
    await soak.work(seconds / lives / 2)
    after = await _settled(soak)

    _compare(before, after)
    assert soak.seen <= {200, 201, 429}
    assert await _seconds_to_stop_with_a_slow_reader(soak) < DRAIN_WITHIN_S
    await _check_stored(database_url, soak.acknowledged)


async def _settled(soak: Soak) -> Left:
    """What is held when nobody asks for anything any more, once that stays the same."""
    deadline, last = time.monotonic() + SETTLE_WITHIN_S, list[Left]()
    while time.monotonic() < deadline:
        last = [*last[-4:], soak.left(await soak.reading())]
        if len({(left.threads, left.files) for left in last}) == 1 and len(last) == 5:
            break
        await asyncio.sleep(0.2)
    return last[-1]


def _compare(before: Left, after: Left) -> None:
    assert after.reading == 0, after
    assert after.threads <= before.threads + THREADS_BESIDE, (before, after)
    assert after.files <= before.files + FILES_BESIDE, (before, after)
    assert after.rss_mb <= before.rss_mb + GROWTH_MB, (before, after)
    assert after.wal_mb <= max(WAL_MB, before.wal_mb), (before, after)


async def _seconds_to_stop_with_a_slow_reader(soak: Soak) -> float:
    """SIGTERM while somebody has a download that they do not read."""
    client = soak.ask_narrowly()
    assert client.recv(1, socket.MSG_PEEK)
    began = time.monotonic()
    assert await asyncio.to_thread(soak.server.stop) == 0
    client.close()
    return time.monotonic() - began


async def _check_stored(database_url: str, acknowledged: set[UUID]) -> None:
    db = await open_database(database_url)
    try:
        workspace = await first_workspace(db)
        assert workspace is not None
        survey = await get_survey(db, workspace.id, "post_purchase")
        assert survey is not None
        place, stored, after = (workspace.id, survey.id), set[UUID](), Positions()
        while page := await list_responses(db, *place, after=after, limit=1000):
            after |= {lane_of(one.position): one.position for one in page}
            stored |= {one.id for one in page}
        assert acknowledged
        assert acknowledged <= stored
        assert await recount(db, workspace.id, survey.id) == []
    finally:
        await db.close()
