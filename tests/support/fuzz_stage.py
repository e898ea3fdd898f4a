"""A server with something of everything in it, and what a stranger could know of it.

Every valid request that makes the server so is kept as an example to be spoiled; every id, code
and link in an answer is kept by the name under which it stood.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

import httpx
from api_client import FakeClock

from harken_server.app import create_app
from harken_server.http.runtime import Runtime

PUBLIC = "https://feedback.example.com"
MOST_KNOWN = 12


class Stage:
    """The application, and what is known of it."""

    def __init__(self, runtime: Runtime, clock: FakeClock) -> None:
        self.app = create_app(runtime)
        self.runtime = runtime
        self.clock = clock
        self.known: dict[str, list[Any]] = defaultdict(list)
        """Values by the names of fields, pieces and parameters."""
        self.bodies: dict[tuple[str, str], list[tuple[str, bytes]]] = defaultdict(list)
        """Media type and body of good requests, by method and path template."""
        self.links: list[str] = []
        """Addresses that the server made, with the tokens in them."""
        self.asked: set[str] = set()
        """Names of fields and parameters in pages and their links."""
        self.keys: dict[str, str] = {}
        transport = httpx.ASGITransport(self.app)
        self.http = httpx.AsyncClient(transport=transport, base_url=PUBLIC)

    async def say(
        self, method: str, template: str, body: Any = None, *, key: str = "manage", **pieces: Any
    ) -> Any:
        """Send a good request, keep it as an example, and keep what came back."""
        path = template.format(**pieces) + pieces.get("query", "")
        media, raw = encoded(body)
        headers = {"content-type": media} if media else {}
        if key:
            headers["authorization"] = f"Bearer {self.keys.get(key, key)}"
        reply = await self.http.request(method, path, content=raw, headers=headers)
        assert reply.status_code < 400, f"{method} {path}: {reply.status_code} {reply.text[:300]}"
        if media:
            self.bodies[method, template].append((media, raw))
        if reply.headers.get("content-type", "").startswith("application/json"):
            self.learn(reply.json())
            return reply.json()
        return reply.text

    def learn(self, told: Any, name: str = "", parent: str = "") -> None:
        """Keep what an answer holds by its names; ids also by the list in which they stood."""
        match told:
            case dict():
                for key, value in told.items():
                    self.learn(value, key, name)
                if parent and "id" in told:
                    self.learn(told["id"], f"{parent}.id")
            case list():
                for value in told[:MOST_KNOWN]:
                    self.learn(value, name, name)
            case str() if told.startswith(PUBLIC):
                self.links.append(told.removeprefix(PUBLIC))
            case str() | int() if name and not isinstance(told, bool):
                if told not in self.known[name]:
                    self.known[name] = [*self.known[name][-MOST_KNOWN:], told]
            case _:
                pass

    async def ask(
        self, method: str, path: str, *, key: str = "manage", **more: Any
    ) -> httpx.Response:
        """Send a good request that is no example."""
        headers = {"authorization": f"Bearer {self.keys[key]}"}
        return await self.http.request(method, path, headers=headers, **more)


def encoded(body: Any) -> tuple[str, bytes]:
    match body:
        case None:
            return "", b""
        case bytes():
            return "message/rfc822", body
        case str() if body.startswith("respondent"):
            return "text/csv", body.encode()
        case str():
            return "application/yaml" if body.startswith(
                "key: "
            ) else "application/toml", body.encode()
        case _:
            return "application/json", json.dumps(body).encode()
