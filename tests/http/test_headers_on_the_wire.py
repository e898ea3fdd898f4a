"""Requests with hostile addresses, answered over a socket: headers are those that were meant."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from api_client import Api
from hostile_texts import TRICKS
from tiers import POSTGRES_NIGHTLY

from harken_server.app import create_app
from harken_server.http.settings import HttpSettings
from harken_server.kernel.settings import Settings
from harken_server.server import open_socket, run_server

pytestmark = POSTGRES_NIGHTLY
LINE = re.compile(rb"[a-z][a-z0-9-]*: [\x20-\x7e]*")
WORST = 'a\r\nX-Evil: 1\r\n\r\n"; filename="evil.bat"\u20ac\u202e\x00'.replace("\x00", "\x01")


class Raw:
    """One connection at a time to the application, byte for byte."""

    def __init__(self, port: int, key: str) -> None:
        self._port = port
        self._key = key

    async def get(self, address: str) -> tuple[int, list[bytes]]:
        """Status and header lines of an answer."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        asked = f"GET {address} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
        writer.write(f"{asked}Authorization: Bearer {self._key}\r\n\r\n".encode())
        answer = await asyncio.wait_for(reader.read(), 20)
        writer.close()
        head, end, _ = answer.partition(b"\r\n\r\n")
        assert end, f"the connection was dropped: {address[:200]}"
        first, *lines = head.split(b"\r\n")
        return int(first.split()[1]), lines


@pytest.fixture
async def raw(live: Api, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Raw]:
    listener = open_socket(Settings([HttpSettings(port=0)]))
    task = asyncio.ensure_future(run_server(create_app(live.runtime), listener))
    yield Raw(listener.getsockname()[1], await live.key("manage"))
    assert "control characters in headers" not in caplog.text, "the last guard had to mend one"
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    listener.close()


def check(status: int, lines: list[bytes]) -> dict[str, str]:
    assert status < 500
    assert all(LINE.fullmatch(line) for line in lines), lines
    headers = dict(line.decode().split(": ", 1) for line in lines)
    assert len(headers) == len(lines)
    assert "x-evil" not in headers
    return headers


async def test_no_address_drops_a_connection_or_makes_a_header(raw: Raw, live: Api) -> None:
    """Every route that is read, with the worst text in each piece of its path and in its query."""
    worst = quote(WORST, safe="")
    app: Any = create_app(live.runtime)
    paths = sorted(route.path for route in app.app.routes if "GET" in route.methods)
    assert len(paths) > 60

    for path in paths:
        address = re.sub(r"\{[^}]+\}", worst, path)
        for query in ("", f"?token={worst}&question={worst}&{worst}={worst}&locale={worst}"):
            check(*await raw.get(address + query))


async def test_no_question_names_a_file(raw: Raw, live: Api) -> None:
    await live.submit({"recommend": 3, "why": '"; filename="evil.bat'})
    reply = await live.http.post("/v1/surveys/post_purchase/results-link", json={"days": 9})
    parts = urlsplit(reply.json()["url"])

    for trick in (*TRICKS[:45], "recommend"):
        for file in ("scores.csv", "comments.csv", "ratings.csv"):
            asked = f"{parts.path}/{file}?{parts.query}&question={quote(trick)}"
            status, lines = await raw.get(asked)
            headers = check(status, lines)
            if status == 200:
                name = "-recommend" if trick == "recommend" else ""
                meant = f'attachment; filename="post_purchase{name}-{file}"'
                assert headers["content-disposition"] == meant


async def test_a_code_with_line_breaks_leads_back_to_itself(raw: Raw, live: Api) -> None:
    asked = await live.trigger(touchpoint="order.delivered", respondent="ada", channel="email",
                               email="ada@example.com")  # fmt: skip
    code = asked.json()["invitation"]["code"]

    statuses: set[int] = set()
    for between in ("%0d%0aX-Evil:%201%0d%0a", "%0d%0a", "%0a", "%e2%82%ac", "%20", "-", "%2e%2e"):
        status, lines = await raw.get(f"/e/{code[:4]}{between}{code[4:]}/x")
        headers = check(status, lines)
        statuses.add(status)
        if status == 303:
            assert re.fullmatch(r"\.\./[A-Za-z0-9%._~-]+", headers["location"])
    assert 303 in statuses
