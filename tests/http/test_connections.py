"""Connections that dawdle or shout: closed in time, and nobody else notices."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from raw_http import listening, talk

from harken_server import server
from harken_server.http.connections import connection


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
    monkeypatch.setattr(server, "KEEP_ALIVE_S", 1)
    async with listening(answer_ok) as opened:
        yield opened


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
    said = await talk(port, sent)

    assert b"200 OK" not in said


async def test_a_request_in_time_is_answered(port: int) -> None:
    said = await talk(port, b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")

    assert said.startswith(b"HTTP/1.1 200 OK")
    assert b"ok" in said


async def test_too_many_header_bytes_are_refused(port: int) -> None:
    said = await talk(port, b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 60_000 + b"\r\n\r\n")

    assert b"431" in said.split(b"\r\n")[0]


@pytest.mark.parametrize("piece", [b"\r\n", b"\n", b"\r\n\r\n"])
@pytest.mark.seconds
async def test_empty_lines_between_requests_keep_no_connection_open(
    port: int, piece: bytes
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    said = b""
    for _ in range(40):  # twice as long as a connection may wait
        try:
            more = await asyncio.wait_for(reader.read(1_000), 0.1)
        except TimeoutError:
            writer.write(piece)
            continue
        said += more
        if not more:
            break
    writer.close()

    assert b"\r\nok\r\n" in said
    assert reader.at_eof()
