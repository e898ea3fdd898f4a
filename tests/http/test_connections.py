"""Connections that dawdle or shout: closed in time, and nobody else notices."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from harken_server.http import connection
from harken_server.http.settings import HttpSettings
from harken_server.kernel.settings import Settings
from harken_server.server import open_socket, run_server


async def answer_ok(_: Any, receive: Any, send: Any) -> None:
    """Reads the body, then says ok."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
async def port(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    monkeypatch.setattr(connection, "HEADERS_WITHIN_S", 0.4)
    monkeypatch.setattr(connection, "BODY_WITHIN_S", 0.6)
    monkeypatch.setattr(connection, "SWEEP_EVERY_S", 0.1)
    listener = open_socket(Settings([HttpSettings(port=0)]))
    task = asyncio.ensure_future(run_server(answer_ok, listener))
    yield listener.getsockname()[1]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    listener.close()


async def talk(port: int, sent: bytes, within_s: float = 5) -> tuple[bytes, float]:
    """Everything the server says until it closes, and after how long it closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    began = time.monotonic()
    writer.write(sent)
    await writer.drain()
    said = await asyncio.wait_for(reader.read(), within_s)
    writer.close()
    return said, time.monotonic() - began


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf",
    ],
    ids=["silent", "half a header", "half a body"],
)
async def test_a_dawdling_connection_is_closed(port: int, sent: bytes) -> None:
    said, _ = await talk(port, sent)

    assert b"200 OK" not in said


async def test_a_request_in_time_is_answered(port: int) -> None:
    said, _ = await talk(port, b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")

    assert said.startswith(b"HTTP/1.1 200 OK")
    assert b"ok" in said


async def test_too_many_header_bytes_are_refused(port: int) -> None:
    said, _ = await talk(port, b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 60_000 + b"\r\n\r\n")

    assert b"431" in said.split(b"\r\n")[0]
