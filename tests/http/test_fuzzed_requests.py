"""Requests that no client sends, over every route: none is a fault of the server's.

20,000 in `test` and 1,000,000 in `nightly`; HARKEN_TEST_FUZZ sets another number. Nothing may
answer 5xx, drop a connection or log an error. A request that failed is printed with the seed and
the number by which HARKEN_TEST_FUZZ_SEED and HARKEN_TEST_FUZZ_ONLY send it again.
"""

from __future__ import annotations

import asyncio
import functools
import re
from collections.abc import AsyncIterator
from pathlib import Path

import asgi_caller
import pytest
from asgi_caller import Sent, Told
from fuzz_requests import all_routes
from fuzz_rounds import IN_ALL, failures_among, numbers_of, seed_of
from fuzz_stage import Stage, open_stage
from tiers import nightly

from harken_server.http.settings import HttpSettings
from harken_server.kernel.settings import Settings
from harken_server.server import open_socket, run_server

PARTS = 3
PARTS_NIGHTLY = 60
IN_MEMORY, ON_POSTGRES, BY_SOCKET = 0.9, 0.05, 0.05
HEAD = re.compile(rb"HTTP/1\.1 (\d{3}) ")


@pytest.fixture
async def stage(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    async with open_stage(sqlite_url, tmp_path / "data") as opened:
        yield opened


def test_every_route_is_among_those_that_are_asked() -> None:
    routes = all_routes()

    assert len(routes) > 250
    assert {"/v1/public/responses", "/v1/triggers", "/s/{address}"} <= {r.template for r in routes}
    assert sum(bool(route.said) for route in routes) > 85


@pytest.mark.parametrize(
    "part", [*range(PARTS), *(nightly(part) for part in range(PARTS, PARTS_NIGHTLY))]
)
async def test_no_request_is_a_fault_of_the_server(stage: Stage, tier: str, part: int) -> None:
    parts = PARTS_NIGHTLY if tier == "nightly" else PARTS
    numbers = numbers_of(tier, IN_MEMORY, part, parts)

    failures, statuses = await failures_among(
        stage, seed_of(tier), numbers, functools.partial(asgi_caller.call, stage.app)
    )

    assert not failures, "\n\n".join(failures)
    assert statuses[200] + statuses[201] > sum(statuses.values()) // 10


@pytest.mark.postgres
async def test_none_is_one_on_postgresql(postgres_url: str, tmp_path: Path, tier: str) -> None:
    async with open_stage(postgres_url, tmp_path / "data") as opened:
        numbers = numbers_of(tier, ON_POSTGRES, IN_ALL[tier], 1)
        failures, statuses = await failures_among(
            opened, seed_of(tier), numbers, functools.partial(asgi_caller.call, opened.app)
        )

    assert not failures, "\n\n".join(failures)
    assert statuses[200] + statuses[201]


async def test_none_loses_its_connection(stage: Stage, tier: str) -> None:
    listener = open_socket(Settings([HttpSettings(port=0)]))
    running = asyncio.ensure_future(run_server(stage.app, listener))
    send = functools.partial(call_by_socket, listener.getsockname()[1])
    numbers = numbers_of(tier, BY_SOCKET, 2 * IN_ALL[tier], 1)
    try:
        failures, statuses = await failures_among(stage, seed_of(tier), numbers, send)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        listener.close()

    assert not failures, "\n\n".join(failures)
    assert statuses[200] + statuses[201]


async def call_by_socket(port: int, sent: Sent) -> Told:
    """Send a request over a connection of its own, with the length that it has."""
    kept = [(n, v) for n, v in sent.headers if n != b"content-length"]
    headers = [*kept, (b"content-length", b"%d" % len(sent.body)), (b"connection", b"close")]
    lines = [sent.method.encode() + b" " + sent.target + b" HTTP/1.1"]
    lines += [name + b": " + value for name, value in headers]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"\r\n".join([*lines, b"", b""]) + sent.body)
    try:
        raw = await asyncio.wait_for(reader.read(-1), asgi_caller.ANSWER_WITHIN_S)
    except OSError as error:
        return Told(0, (), b"", (f"the connection broke: {error}",))
    finally:
        writer.close()
    head = HEAD.match(raw)
    status = int(head[1]) if head else 0
    faults = () if 100 <= status < 500 else (f"answered {raw[:80]!r}",)
    return Told(status, (), raw, faults)
