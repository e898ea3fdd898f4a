"""Routes off the framework's path, for speed: one way to read a request and to answer it.

A slice gives the gateway a table of such routes; body limit, problems, logging of trouble and
unexpected errors are the same for all of them.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, NamedTuple, TypeAlias

from litestar.types import Receive, Send

from harken_server.http.failure_pages.rendered import failure_page, wants_page
from harken_server.http.problems import (
    PROBLEM_MEDIA_TYPE,
    encode_problem,
    headers_of,
    internal_error,
    log_storage_failure,
    status_of,
)
from harken_server.http.runtime import Runtime, count_guess
from harken_server.kernel.errors import HarkenError

log = logging.getLogger("harken.http")

PROBLEM_TYPE_HEADER = (b"content-type", PROBLEM_MEDIA_TYPE.encode())
RawHeaders: TypeAlias = tuple[tuple[bytes, bytes], ...]


class Answer(NamedTuple):
    """A whole answer; its content-length is added when it has a body."""

    status: int
    headers: RawHeaders
    body: bytes


Take: TypeAlias = Callable[[Runtime, Any, Receive], Awaitable[Answer]]
"""Reads the request and gives the answer, or raises a HarkenError."""


class FastRoute(NamedTuple):
    """One route that the gateway takes before the framework does."""

    path: str
    """Its template; the last piece may be a parameter, such as `/s/{address}`."""
    take: Take
    method: str | None = None
    """Only this method is taken; None takes all."""
    on_problem: RawHeaders = ()
    """Headers that go with every problem."""
    is_bare: bool = False
    """Whether it stays without request id and a line in the access log."""


class FastRoutes:
    """The routes of a table by their paths."""

    def __init__(self, routes: Iterable[FastRoute]) -> None:
        self._whole: dict[str, FastRoute] = {}
        self._in_folder: dict[str, tuple[FastRoute, str]] = {}
        for route in routes:
            folder, _, piece = route.path.rpartition("/")
            if piece.startswith("{"):
                self._in_folder[folder] = route, piece[1:-1]
            else:
                self._whole[route.path] = route

    def find(self, path: str) -> tuple[FastRoute | None, dict[str, str]]:
        """The route of a path, and the piece that it names."""
        folder, _, piece = path.rpartition("/")
        if piece and (found := self._in_folder.get(folder)):
            return found[0], {found[1]: piece}
        return self._whole.get(path), {}


async def serve_fast(
    route: FastRoute, runtime: Runtime, scope: Any, receive: Receive, send: Send
) -> None:
    """Answer one request; every failure leaves as a problem document, or as a page."""
    scope["path_template"] = route.path
    try:
        answer = await route.take(runtime, scope, receive)
    except HarkenError as error:
        log_storage_failure(error)
        count_guess(runtime, scope, error)
        answer = _problem(error, route, scope)
    except Exception as error:
        extra = {"method": scope["method"], "route": route.path}
        log.exception("unexpected %s", type(error).__name__, extra=extra)
        answer = _problem(internal_error(), route, scope)
    await send_answer(answer, send)


def refusal(error: HarkenError, scope: Any) -> Answer:
    """A page for somebody with a browser, a problem document for a program."""
    if not wants_page(scope):
        return Answer(status_of(error), (PROBLEM_TYPE_HEADER,), encode_problem(error))
    headers, body = failure_page(error)
    raw = tuple((name.encode(), value.encode()) for name, value in headers.items())
    return Answer(status_of(error), raw, body)


async def send_answer(answer: Answer, send: Send) -> None:
    """Send a whole answer with the length of its body."""
    headers = [*answer.headers, (b"content-length", b"%d" % len(answer.body))]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body, "more_body": False})


def _problem(error: HarkenError, route: FastRoute, scope: Any) -> Answer:
    if route.method == "GET" and wants_page(scope):
        return refusal(error, scope)
    extra = tuple((name.encode(), value.encode()) for name, value in headers_of(error).items())
    allow = ((b"allow", b"POST, OPTIONS"),) if status_of(error) == 405 else ()
    headers = (*route.on_problem, *extra, *allow, PROBLEM_TYPE_HEADER)
    return Answer(status_of(error), headers, encode_problem(error))
