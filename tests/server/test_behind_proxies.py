"""Behind nginx and Caddy from Debian, set up as the guide shows (A2, A13, A16)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from api_client import Api, let_in
from proxies import NAMES, proxy
from raw_http import listening, status_of, talk

from harken_server.app import create_app
from harken_server.http.settings import HttpSettings

pytestmark = [
    pytest.mark.processes,
    pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True),
]
HOST = b"Host: feedback.example.com\r\n"
CLOSE = b"Connection: close\r\n"
MISSING = b'{"id":"no","survey":"post_purchase","answers":{}}'
CLIENT, OTHER = "127.0.0.2", "127.0.0.3"
"""Loopback addresses too, but not the one that is never limited."""


@pytest.fixture(params=NAMES)
async def port(request: pytest.FixtureRequest, live: Api, tmp_path: Path) -> AsyncIterator[int]:
    msgspec.structs.force_setattr(live.runtime.settings.of(HttpSettings), "trusted_proxies", 1)
    async with listening(create_app(live.runtime)) as server_port:
        with proxy(request.param, server_port, tmp_path) as opened:
            yield opened


def posted(*lines: bytes, body: bytes = MISSING, end: bytes = b"") -> bytes:
    """A submission in one chunk; `end` are its trailers."""
    head = b"POST /v1/public/responses HTTP/1.1\r\n" + HOST + CLOSE + b"".join(lines)
    framed = b"%x\r\n%b\r\n0\r\n%b\r\n" % (len(body), body, end)
    return head + b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" + framed


def fetched(path: bytes, *lines: bytes) -> bytes:
    """A GET."""
    return b"GET " + path + b" HTTP/1.1\r\n" + HOST + CLOSE + b"".join(lines) + b"\r\n"


async def test_a_client_is_counted_by_its_own_address_whatever_it_claims(
    port: int, live: Api
) -> None:
    let_in(live.runtime, 3)
    loopback = b"X-Forwarded-For: 127.0.0.1\r\n"
    claims = [
        posted(loopback),
        posted(loopback, loopback),
        posted(end=loopback),
        posted(b"X-Real-IP: 127.0.0.1\r\nForwarded: for=127.0.0.1\r\n"),
        posted(b"x-forwarded-for: 127.0.0.1, 127.0.0.1\r\n", end=loopback),
        posted(loopback, end=loopback),
    ]
    said = [status_of(await talk(port, claim, from_address=CLIENT)) for claim in claims]

    assert said == [422, 422, 422, 429, 429, 429]
    assert status_of(await talk(port, posted(), from_address=OTHER)) == 422


async def test_endless_trailers_and_extensions_end(port: int) -> None:
    for end in (b"a:\r\n" * 100_000, b"a:" + b"b" * 400_000 + b"\r\n"):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(posted(end=end))
        said = await asyncio.wait_for(reader.readline(), 10)
        writer.transport.abort()
        assert status_of(said) in {0, 400, 413, 422, 431, 502}, said
    assert status_of(await talk(port, fetched(b"/readyz"))) == 200


@pytest.mark.nightly
async def test_what_could_be_read_in_two_ways_reaches_nothing(port: int) -> None:
    line = b"GET /s/post_purchase HTTP/1.1\r\n"
    twice = line + HOST + b"Host: evil.example\r\n" + CLOSE + b"\r\n"
    for sent in (twice, line + CLOSE + b"\r\n"):
        assert status_of(await talk(port, sent)) == 400, sent
    identity = posted().replace(b"Encoding: chunked", b"Encoding: identity, chunked")
    assert status_of(await talk(port, identity)) in {400, 501}
    key = b"Authorization: Bearer hk_a\r\n"
    assert status_of(await talk(port, fetched(b"/v1/surveys", key, key))) == 400


@pytest.mark.nightly
async def test_a_claimed_host_stands_nowhere(port: int) -> None:
    for name in (b"Host", b"X-Forwarded-Host"):
        claim = b"" if name == b"Host" else HOST
        head = b"GET /s/post_purchase HTTP/1.1\r\n" + claim + name + b": evil.example\r\n"
        said = await talk(port, head + CLOSE + b"\r\n")
        assert b"evil.example" not in said


async def test_every_answer_says_once_that_only_https_will_do(port: int) -> None:
    large = b"POST /v1/surveys HTTP/1.1\r\n" + HOST + CLOSE + b"Content-Length: 400000\r\n\r\n"
    for sent, status in (
        (fetched(b"/s/post_purchase"), 200),
        (fetched(b"/nothing"), 404),
        (posted(), 422),
        (fetched(b"/v1/surveys"), 401),
        (large + b"x" * 400_000, 0),
    ):
        said = await talk(port, sent)
        # Of the last one the proxy or the server tires first: too large, or no key.
        expected = {status} if status else {401, 413, 502}
        assert status_of(said) in expected, said
        assert said.lower().count(b"strict-transport-security: max-age=31536000") == 1, said[:600]


@pytest.mark.nightly
async def test_the_largest_definition_passes(port: int, live: Api) -> None:
    key = live.http.headers["authorization"].encode()
    body = b'{"key":"' + b"x" * 250_000 + b'"}'
    head = b"POST /v1/surveys HTTP/1.1\r\n" + HOST + CLOSE + b"Authorization: " + key
    length = b"\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)

    assert status_of(await talk(port, head + length + body)) == 422


@pytest.mark.nightly
async def test_aborted_and_slow_readers_hold_nobody_up(port: int) -> None:
    slow: list[asyncio.StreamWriter] = []
    for number in range(40):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(fetched(b"/docs"))
        await writer.drain()
        if number % 2:
            writer.transport.abort()
        else:
            slow.append(writer)

    said = [await talk(port, fetched(b"/readyz")) for _ in range(5)]
    for writer in slow:
        writer.transport.abort()

    assert {status_of(each) for each in said} == {200}
