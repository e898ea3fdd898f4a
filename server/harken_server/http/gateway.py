"""The outermost layer: request ids, default headers, the access log, and refusing NUL in paths."""

from __future__ import annotations

import logging
import secrets
import time
from typing import Any

from litestar.types import ASGIApp, Receive, Scope, Send

from harken_server.http.operations import SUBMIT_PATH, route_of
from harken_server.http.problems import (
    PROBLEM_MEDIA_TYPE,
    BadRequestError,
    encode_problem,
    status_of,
)

log = logging.getLogger("harken.access")

DEFAULT_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)


class Gateway:
    """Wraps the Litestar app. The submit route passes through untouched: it has its own manners."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"] == SUBMIT_PATH:
            await self.app(scope, receive, send)
            return
        exchange = _Exchange(send)
        try:
            if "\x00" in scope["path"]:
                await exchange.refuse(
                    BadRequestError("The address holds a NUL character.", code="nul_character")
                )
            else:
                await self.app(scope, receive, exchange.send)
        finally:
            exchange.write_log_line(scope)


class _Exchange:
    """One request on its way: what was answered, and since when."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._began = time.perf_counter()
        self._id = secrets.token_hex(8)
        self._status = 0

    async def send(self, message: Any) -> None:
        """Pass a message on; a response start gets the default headers it lacks."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            headers = list(message.get("headers", ()))
            present = {name.lower() for name, _ in headers}
            headers += [pair for pair in DEFAULT_HEADERS if pair[0] not in present]
            headers.append((b"x-request-id", self._id.encode()))
            message["headers"] = headers
        await self._send(message)

    async def refuse(self, error: BadRequestError) -> None:
        """Answer with a problem without asking the app."""
        body = encode_problem(error)
        headers = [
            (b"content-type", PROBLEM_MEDIA_TYPE.encode()),
            (b"content-length", b"%d" % len(body)),
        ]
        await self.send(
            {"type": "http.response.start", "status": status_of(error), "headers": headers}
        )
        await self._send({"type": "http.response.body", "body": body, "more_body": False})

    def write_log_line(self, scope: Any) -> None:
        """The route's template is logged, never the path: paths hold tokens."""
        if not log.isEnabledFor(logging.INFO):
            return
        log.info(
            "request",
            extra={
                "method": scope["method"],
                "route": route_of(scope),
                "status": self._status,
                "duration_ms": round((time.perf_counter() - self._began) * 1000, 1),
                "request_id": self._id,
            },
        )
