"""Whoever takes an answer too slowly is cut off (A13)."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from harken_server.http.connections import slow_readers
from harken_server.http.connections.slow_readers import (
    Mark,
    cut_slow_readers,
    look,
)
from harken_server.http.settings import HttpSettings
from harken_server.kernel.settings import Settings
from harken_server.server import open_socket, run_server

CHUNK = b"x" * 100_000
CHUNKS = 200
REQUEST = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


class Answering:
    """Answers with twenty megabytes, and knows how each of them ended."""

    def __init__(self) -> None:
        self.ends: list[str] = []
        self.is_over = asyncio.Event()

    async def __call__(self, _: Any, receive: Any, send: Any) -> None:
        sending = asyncio.ensure_future(self._send(send))
        leaving = asyncio.ensure_future(receive())
        await leaving
        while not sending.done() and (await receive())["type"] != "http.disconnect":
            pass
        if not sending.done():
            sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        self.ends.append("cut" if sending.cancelled() else "whole")
        self.is_over.set()

    async def _send(self, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(CHUNKS):
            await send({"type": "http.response.body", "body": CHUNK, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


@asynccontextmanager
async def serving(app: Any, least: int) -> AsyncIterator[int]:
    listener = open_socket(Settings([HttpSettings(port=0)]))
    task = asyncio.ensure_future(run_server(app, listener, slowest_reader=least))
    yield listener.getsockname()[1]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    listener.close()


async def connect_narrow(port: int) -> socket.socket:
    """A connection of which the system takes little by itself."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.setblocking(False)
    await asyncio.get_running_loop().sock_connect(client, ("127.0.0.1", port))
    await asyncio.get_running_loop().sock_sendall(client, REQUEST)
    return client


@pytest.fixture
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow_readers, "LOOK_EVERY_S", 0.02)
    monkeypatch.setattr(slow_readers, "PERIOD_S", 0.2)
    monkeypatch.setattr(slow_readers, "PERIOD_AT_END_S", 0.1)


@pytest.mark.usefixtures("quick_looks")
async def test_a_client_that_reads_nothing_is_cut_off() -> None:
    answering = Answering()

    async with serving(answering, least=1000) as port:
        client = await connect_narrow(port)
        await asyncio.wait_for(answering.is_over.wait(), 20)
        client.close()

    assert answering.ends == ["cut"]


@pytest.mark.usefixtures("quick_looks")
async def test_a_client_that_reads_has_all_of_it() -> None:
    answering = Answering()

    async with serving(answering, least=1000) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(REQUEST)
        taken = await asyncio.wait_for(reader.read(), 60)
        writer.close()
        await asyncio.wait_for(answering.is_over.wait(), 20)

    assert taken.count(b"x") == len(CHUNK) * CHUNKS
    assert answering.ends == ["whole"]


@pytest.mark.parametrize(
    ("waiting", "since"),
    [(70_000, 5.0), (69_001, 5.0), (69_000, 9.0), (70_001, 9.0)],
    ids=["nothing taken", "too little", "enough", "emptied and filled again"],
)
def test_a_client_has_moved_when_it_took_enough_or_more_came(waiting: int, since: float) -> None:
    assert look(Mark(5.0, 70_000), 9.0, waiting, 1000).at == since


class Held:
    """A connection with an answer that nobody takes."""

    def __init__(self) -> None:
        self.transport = self
        self.was_cut = asyncio.Event()

    def get_write_buffer_size(self) -> int:
        return 100_000

    def abort(self) -> None:
        self.was_cut.set()


@pytest.mark.usefixtures("quick_looks")
async def test_a_server_that_ends_waits_for_nobody_who_reads_nothing() -> None:
    held, is_ending = Held(), asyncio.Event()
    looking = asyncio.ensure_future(cut_slow_readers({held}, 0, is_ending.is_set))

    with pytest.raises(TimeoutError):  # without a limit anybody may take as long as they like
        await asyncio.wait_for(held.was_cut.wait(), 0.5)
    is_ending.set()
    await asyncio.wait_for(held.was_cut.wait(), 20)
    looking.cancel()
