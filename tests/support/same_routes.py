"""Every address that can be read about a survey, and whether a number is told there."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import httpx
from console_routes import console_routes
from same_surfaces import said
from same_world import JOURNEY
from signed_in import SignedIn

_PIECES = re.compile(r"\{(\w+)(?::\w+)?\}")
ELSEWHERE = ("/live", "/report")
"""A stream, which goes on for ever, and several surveys at once: their own tests compare them."""
FILES = ("scores.csv", "score.svg", "trend.svg", "breakdown.csv")


class Heard:
    """Which paths a client was asked for."""

    def __init__(self, *clients: httpx.AsyncClient) -> None:
        self.paths = set[str]()
        for client in clients:
            client.event_hooks["request"].append(self._hear)

    async def _hear(self, request: httpx.Request) -> None:
        self.paths.add(request.url.path)


def readable(api_http: Any, key: str) -> set[str]:
    """Paths of all GET routes, keyed or public, whose pieces can be filled without a secret."""
    app: Any = api_http._transport.app.app  # the Litestar app inside the gateway
    found = {
        route.path_format
        for route in app.routes
        for handler in getattr(route, "route_handlers", ())
        if "GET" in handler.http_methods and not route.path_format.startswith("/console")
    }
    return {path for template in found for path in _filled(template, key)}


def in_console(key: str, *, is_whole: bool) -> set[str]:
    """The same of the console, below its address: of the whole, or of what everybody there sees."""
    return {
        path
        for each in console_routes("GET")
        if is_whole or each.rules.right == "see"
        for path in _filled(each.path, key)
    }


def _filled(template: str, key: str) -> list[str]:
    """Once for each file; not at all where it names something else than surveys and journeys."""
    filled = _PIECES.sub(lambda piece: _FILL.get(piece[1], piece[0]), template)
    if "/journeys/" in template:
        filled = filled.replace("\0key", str(JOURNEY["key"]))
    filled = filled.replace("\0key", key)
    paths = [filled.replace("{file}", file) for file in FILES]
    return sorted({path for path in paths if "{" not in path and not path.endswith(ELSEWHERE)})


_FILL = {
    "key": "\0key", "survey": "\0key", "resource": "Scores", "journey": str(JOURNEY["key"]),
    "address": "\0key",
}  # fmt: skip


def tells(reply: httpx.Response, score: Any) -> bool:
    """Whether the number, or its interval in words, stands in there."""
    exact = {repr(score.score), f"{score.score:.4f}", f"{score.low:.4f}"}
    interval = said(score).partition("interval ")[2].partition(",")[0]
    text = unescape(reply.text)
    return interval in text or any(each in text for each in exact)


async def unheard(
    heard: Heard, api: Any, console: SignedIn, key: str, score: Any, *, is_whole: bool
) -> set[str]:
    """Paths that tell the number and that nobody asked before."""
    before = {*heard.paths}
    made = await api.http.post(f"/v1/surveys/{key}/results-link", json={})
    token = made.json()["url"].partition("?token=")[2]
    found = set[str]()
    for path in readable(api.http, key):
        query = {"token": token} if path.startswith("/results/") else {}
        if tells(await api.http.get(path, params=query), score):
            found.add(path)
    for path in in_console(key, is_whole=is_whole):
        if tells(await console.http.get(console.at(path)), score):
            found.add(console.at(path))
    assert found, "nothing tells the number, so that nothing would be noticed"
    return {path for path in found if path not in before}
