"""A server whose clock stands and whose dice are known, and a client that writes everything down.

`secrets.token_bytes` is replaced for the time of a scenario: what a request draws depends only on
the scenario, on the request's number and on how much the same request drew before.
"""

from __future__ import annotations

import contextlib
import hashlib
import secrets
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import UUID

import httpx
import msgspec
from api_client import FakeClock
from golden_book import Book

from harken_server.app import create_app, open_runtime
from harken_server.configuration import load_settings
from harken_server.http.limits import Limits
from harken_server.http.runtime import Runtime
from harken_server.workspaces.api import make_key

NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
PUBLIC = "https://feedback.example.com"
SETTINGS = {
    "HARKEN_PUBLIC_URL": PUBLIC,
    "HARKEN_SHORT_URL": "https://fb.example.com",
    "HARKEN_SECRET_KEY": "golden-secret-key-golden-secret-key",
    "HARKEN_MAIL_FROM": "The Shop <hello@shop.example>",
}
_ID_BYTES = 10


class Dice:
    """Bytes that look drawn and are known beforehand; ids of one request rise as they are made."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._turn = 0
        self._drawn = 0

    def next_turn(self) -> None:
        self._turn += 1
        self._drawn = 0

    def __call__(self, count: int | None = None) -> bytes:
        self._drawn += 1
        seed = f"{self._name} {self._turn} {self._drawn}"
        size = count or 32
        drawn = hashlib.shake_256(seed.encode()).digest(size)
        if size != _ID_BYTES:
            return drawn
        rising = self._drawn << 62 | int.from_bytes(drawn) & (1 << 62) - 1
        return (rising & (1 << 80) - 1).to_bytes(size)


class Stage:
    """One scenario's server, clock, client and book."""

    def __init__(self, name: str, runtime: Runtime, clock: FakeClock, dice: Dice) -> None:
        self.book = Book()
        self.runtime = runtime
        self.clock = clock
        self.name = name
        self.keys: dict[str, str] = {}
        self._dice = dice
        self._ids = 0
        self._app = create_app(runtime)
        self._http: dict[str, httpx.AsyncClient] = {}

    @property
    def paths(self) -> list[tuple[str, str]]:
        """Method and path of every route of the application."""
        return [(method, route.path) for route in self._app.app.routes for method in route.methods]

    def new_id(self) -> str:
        """An id as a client makes it, another each time."""
        self._ids += 1
        drawn = hashlib.sha256(f"{self.name} client {self._ids}".encode()).digest()
        return str(UUID(bytes=drawn[:16], version=4))

    async def key(self, *scopes: Any, name: str = "", origins: Any = ()) -> str:
        """A key made beforehand, known in the record by its scopes."""
        label = name or "+".join(scopes)
        if label not in self.keys:
            self._dice.next_turn()
            _, self.keys[label] = await make_key(
                self.runtime, self.runtime.home, label, scopes, origins
            )
        return self.keys[label]

    async def call(
        self, method: str, path: str, *, key: str | None = "manage", address: str = "127.0.0.1",
        is_told: bool = True, is_brief: bool = False, is_line: bool = False, **more: Any,
    ) -> httpx.Response:  # fmt: skip
        """Send a request a second after the last one, and write down what came of it.

        `key` is the label of a key, or None for nobody's.
        """
        self.clock.move(seconds=1)
        self._dice.next_turn()
        headers = dict(more.pop("headers", {}))
        if key is not None:
            headers["authorization"] = f"Bearer {self.keys[key]}"
        http = self._client(address)
        path = path.removeprefix(PUBLIC).removeprefix("https://fb.example.com")
        request = http.build_request(method, path, headers=headers, **more)
        reply = await http.send(request)
        if is_told:
            who = "" if key == "manage" else f"  (key: {key or 'none'})"
            who += "" if address == "127.0.0.1" else f"  (from {address})"
            if is_line:
                self.book.line(request, reply, who)
            else:
                self.book.exchange(request, reply, who, is_brief=is_brief)
        return reply

    async def get(self, path: str, **more: Any) -> httpx.Response:
        return await self.call("GET", path, **more)

    async def post(self, path: str, body: Any = None, **more: Any) -> httpx.Response:
        if body is not None:
            more["json"] = body
        return await self.call("POST", path, **more)

    async def put(self, path: str, body: Any = None, **more: Any) -> httpx.Response:
        return await self.call("PUT", path, json=body, **more)

    async def patch(self, path: str, body: Any = None, **more: Any) -> httpx.Response:
        return await self.call("PATCH", path, json=body, **more)

    async def delete(self, path: str, **more: Any) -> httpx.Response:
        return await self.call("DELETE", path, **more)

    async def page(self, path: str, **more: Any) -> httpx.Response:
        """A page as a browser gets it: without a key."""
        return await self.call("GET", path, key=None, **more)

    async def form(self, path: str, fields: dict[str, Any], **more: Any) -> httpx.Response:
        """A form as a browser sends it."""
        return await self.call("POST", path, key=None, data=fields, **more)

    async def push(self, survey: dict[str, Any], **more: Any) -> httpx.Response:
        """Publish a survey; its definition is too long to be told each time."""
        reply = await self.post("/v1/surveys", survey, is_told=False, **more)
        assert reply.status_code == 201, reply.text
        return reply

    async def submit(
        self,
        survey: str,
        answers: dict[str, Any],
        *,
        key: str | None = None,
        is_told: bool = False,
        **fields: Any,
    ) -> httpx.Response:
        body = {"id": self.new_id(), "survey": survey, "answers": answers, **fields}
        reply = await self.post("/v1/public/responses", body, key=key, is_told=is_told)
        assert reply.status_code < 300, reply.text
        return reply

    def say(self, title: str, *paragraphs: str) -> None:
        self.book.write(title, *paragraphs)

    def turn(self) -> None:
        """A new turn of the dice, for work that no request asks for."""
        self._dice.next_turn()

    def _client(self, address: str) -> httpx.AsyncClient:
        if address not in self._http:
            transport = httpx.ASGITransport(self._app, client=(address, 5555))
            self._http[address] = httpx.AsyncClient(transport=transport, base_url="http://test")
            self._http[address].headers.update(
                {"user-agent": "Mozilla/5.0", "accept-encoding": "gzip"}
            )
        return self._http[address]

    async def close(self) -> None:
        for http in self._http.values():
            await http.aclose()


@contextlib.asynccontextmanager
async def open_stage(
    name: str, database_url: str, folder: Path, settings: Mapping[str, str]
) -> AsyncIterator[Stage]:
    """A server on a database with nothing in it, and a key for everything."""
    dice, clock = Dice(name), FakeClock(NOW)
    given = {
        **SETTINGS,
        "HARKEN_DATABASE_URL": database_url,
        "HARKEN_DATA_DIR": str(folder / "data"),
        **settings,
    }
    with mock.patch.object(secrets, "token_bytes", dice):
        async with open_runtime(load_settings(given), clock=clock, is_migrating=False) as runtime:
            msgspec.structs.force_setattr(runtime, "limits", Limits(lambda: 0.0))
            stage = Stage(name, runtime, clock, dice)
            await stage.key("manage")
            try:
                yield stage
            finally:
                await stage.close()
