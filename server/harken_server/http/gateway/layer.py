"""The outermost layer: request ids, headers of all answers, HEAD, access log, unreadable paths."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote_to_bytes

from litestar import Litestar
from litestar.types import Receive, Scope, Send

from harken_server.http.fast import FastRoute, FastRoutes, refusal, send_answer, serve_fast
from harken_server.http.gateway.guards import Guards
from harken_server.http.operations import WAS_HEAD, route_of
from harken_server.http.problems import BadRequestError
from harken_server.http.resources import path_to_route
from harken_server.http.runtime import RUNTIME, Runtime
from harken_server.http.settings import HttpSettings

log = logging.getLogger("harken.access")


class Gateway:
    """Wraps the Litestar app; the routes of a table are taken before it, for speed.

    The app knows no runtime: each request brings the one of its gateway.
    """

    def __init__(self, app: Litestar, runtime: Runtime, fast: Iterable[FastRoute]) -> None:
        self.app = app
        self._runtime = runtime
        self._fast = FastRoutes(fast)
        self._guards = Guards(runtime.settings.of(HttpSettings).public_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        route, pieces = self._fast.find(scope["path"])
        if route is not None and route.is_bare:
            await serve_fast(route, self._runtime, scope, receive, self._guarding(send))
            return
        exchange = _Exchange(scope["method"], self._guarding(send))
        seen: Any = {**scope, "path": path_to_route(scope), RUNTIME: self._runtime}
        if exchange.is_head:
            seen |= {"method": "GET", WAS_HEAD: True}
        try:
            if (problem := _problem_of_path(scope)) is not None:
                await send_answer(refusal(problem, scope), exchange.send)
            elif route is not None and route.method in {None, scope["method"]}:
                seen["path_params"] = pieces
                await serve_fast(route, self._runtime, seen, receive, exchange.send)
            else:
                await self.app(seen, receive, exchange.send)
        finally:
            exchange.write_log_line(seen)

    def _guarding(self, send: Send) -> Send:
        async def guarded(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = self._guards.complete(message.get("headers", ()))
            await send(message)

        return guarded


def _problem_of_path(scope: Any) -> BadRequestError | None:
    """What is wrong with the address; a server that guesses would mistake one name for another."""
    path: str = scope["path"]
    if "\x00" in path:
        return BadRequestError("The address holds a NUL character.", code="nul_character")
    if "\ufffd" not in path:
        return None
    try:
        unquote_to_bytes(scope["raw_path"]).decode("utf-8")
    except UnicodeDecodeError:
        return BadRequestError("The address is not valid UTF-8.", code="bad_request")
    return None


class _Exchange:
    """One request on its way: what was answered, and since when."""

    def __init__(self, method: str, send: Send) -> None:
        self.is_head = method == "HEAD"
        self._method = method
        self._send = send
        self._began = time.perf_counter()
        self._id = f"{random.getrandbits(64):016x}"  # no secret, only a name
        self._status = 0

    async def send(self, message: Any) -> None:
        """Pass a message on; a response start gets the request's id.

        HEAD gets what GET would, without the body (RFC 9110 section 9.3.2).
        """
        if message["type"] == "http.response.start":
            self._status = message["status"]
            own = (b"x-request-id", self._id.encode())
            message["headers"] = [*message.get("headers", ()), own]
        elif self.is_head:
            message = {**message, "body": b""}
        await self._send(message)

    def write_log_line(self, scope: Any) -> None:
        """The route's template is logged, never the path: paths hold tokens."""
        if not log.isEnabledFor(logging.INFO):
            return
        log.info(
            "request",
            extra={
                "method": self._method,
                "route": route_of(scope),
                "status": self._status,
                "duration_ms": round((time.perf_counter() - self._began) * 1000, 1),
                "request_id": self._id,
            },
        )
