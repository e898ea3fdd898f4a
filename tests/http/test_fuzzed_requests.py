"""Requests that no client sends, over every route: none is a fault of the server's.

20,000 in `test` and 1,000,000 in `nightly`; HARKEN_TEST_FUZZ sets another number. Nothing may
answer 5xx, drop a connection or log an error. A request that failed is printed with the seed and
the number by which HARKEN_TEST_FUZZ_SEED and HARKEN_TEST_FUZZ_ONLY send it again.
"""

from __future__ import annotations

import functools
import re
from collections.abc import AsyncIterator
from pathlib import Path

import asgi_caller
import pytest
from asgi_caller import Sent, Told
from fuzz_requests import all_routes
from fuzz_rounds import IN_ALL, failures_among, numbers_of, seed_of
from fuzz_shop import open_stage
from fuzz_stage import Stage
from raw_http import listening, talk
from tiers import nightly

from harken_server.http.connections.connection import MAX_HEADER_BYTES

PARTS = 3
PARTS_NIGHTLY = 60
NIGHTLY_WITHIN_S = 3600
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
@pytest.mark.few(1)
async def test_no_request_is_a_fault_of_the_server(stage: Stage, tier: str, part: int) -> None:
    parts = PARTS_NIGHTLY if tier == "nightly" else PARTS
    numbers = numbers_of(tier, IN_MEMORY, part, parts)

    failures, statuses = await failures_among(
        stage, seed_of(tier), numbers, functools.partial(asgi_caller.call, stage.app)
    )

    assert not failures, "\n\n".join(failures)
    # Pages of the house send everybody to the door.
    assert statuses[200] + statuses[201] > (sum(statuses.values()) - statuses[303]) // 10


@pytest.mark.timeout(NIGHTLY_WITHIN_S)
@pytest.mark.postgres
async def test_none_is_one_on_postgresql(postgres_url: str, tmp_path: Path, tier: str) -> None:
    async with open_stage(postgres_url, tmp_path / "data") as opened:
        numbers = numbers_of(tier, ON_POSTGRES, IN_ALL[tier], 1)
        failures, statuses = await failures_among(
            opened, seed_of(tier), numbers, functools.partial(asgi_caller.call, opened.app)
        )

    assert not failures, "\n\n".join(failures)
    assert statuses[200] + statuses[201]


@pytest.mark.timeout(NIGHTLY_WITHIN_S)
async def test_none_loses_its_connection(stage: Stage, tier: str) -> None:
    numbers = numbers_of(tier, BY_SOCKET, 2 * IN_ALL[tier], 1)
    async with listening(stage.app) as port:
        send = functools.partial(call_by_socket, port)
        failures, statuses = await failures_among(stage, seed_of(tier), numbers, send)

    assert not failures, "\n\n".join(failures)
    assert statuses[200] + statuses[201]


async def call_by_socket(port: int, sent: Sent) -> Told:
    """Send a request over a connection of its own, with the length that it has."""
    kept = [(n, v) for n, v in sent.headers if n != b"content-length"]
    headers = [*kept, (b"content-length", b"%d" % len(sent.body)), (b"connection", b"close")]
    lines = [sent.method.encode() + b" " + sent.target + b" HTTP/1.1"]
    lines += [name + b": " + value for name, value in headers]
    head = b"\r\n".join([*lines, b"", b""])
    raw = await talk(port, head + sent.body, within_s=asgi_caller.ANSWER_WITHIN_S)
    found = HEAD.match(raw)
    status = int(found[1]) if found else 0
    # What is longer than headers may be is not read to its end, and its sender may miss the answer.
    is_answered = 100 <= status < 500 or (not raw and len(head) > MAX_HEADER_BYTES)
    return Told(status, (), raw, () if is_answered else (f"answered {raw[:80]!r}",))
