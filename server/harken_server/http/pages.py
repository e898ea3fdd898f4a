"""Public pages: declared like operations, and sent with the headers of their kind.

    @page("/results/{survey:str}", reader=RESULTS)
    async def show_results(opened: OpenResults) -> Document: ...

The first parameter is what the reader's address opened, `body` is what a form sent, and every other
one is a piece of the path. Failures that no page is made for leave as problem documents.
"""

import inspect
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Concatenate, Generic, NamedTuple, TypeAlias, TypeVar

import msgspec
from litestar import Request, route
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, Receive

from harken_server.http.declared import Arrival, Methods
from harken_server.http.encodings import headers_of
from harken_server.http.fast import Answer, FastRoute
from harken_server.http.header_values import attachment
from harken_server.http.long_reads.downloads import Download
from harken_server.http.operations import OPERATION, Operation
from harken_server.http.packed import Reply, answer_of, application, compressed
from harken_server.http.runtime import Runtime, count_guess, runtime_of

Who = TypeVar("Who")
PageRoute: TypeAlias = HTTPRouteHandler

_SHOW = "show"
HTML = "text/html; charset=utf-8"
MAX_FORM_BYTES = 4 * 1024
PRIVATE = {
    "cache-control": "private, no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex, nofollow",
}
"""Of a page behind a link that not everybody has: no cache, index, frame or other site sees it."""


def download(name: str, media_type: str, content: bytes) -> Reply:
    """A file to be kept, behind such a link."""
    headers = {**PRIVATE, "content-type": media_type, "content-disposition": attachment(name)}
    return Reply(200, headers, content)


class Document(msgspec.Struct, frozen=True):
    """One rendered page."""

    body: bytes
    policy: str
    """Value of the Content-Security-Policy header."""
    status: int = 200
    locale: str = ""
    """Language of its text; empty where that is not said."""
    headers: tuple[tuple[str, str], ...] = ()
    """Of this page alone."""


Shown = Document | Reply | Download


def source_of(text: str) -> str:
    """What a content policy says to allow this very style or script."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


class Reader(NamedTuple, Generic[Who]):
    """What an address opens for a page to show, and what is shown when it opens nothing."""

    open: Callable[[Arrival], Awaitable[Who | None]]
    refuse: Callable[[Arrival], Shown]


async def _anybody(arrival: Arrival) -> Arrival:
    return arrival


def _not_refused(_: Arrival) -> Shown:
    raise AssertionError("a page for anybody")


ANYBODY = Reader(_anybody, _not_refused)


def page(
    path: str | list[str],
    *,
    reader: Reader[Who] = ANYBODY,
    method: Methods = "GET",
    headers: dict[str, str] = PRIVATE,
    operation: Operation | None = None,
    limit: int = MAX_FORM_BYTES,
    opt: Mapping[str, Any] | None = None,
    takes: Sequence[str] | None = None,
) -> Callable[[Callable[Concatenate[Who, ...], Awaitable[Shown]]], HTTPRouteHandler]:
    """Make a function the page of an address. HEAD is asked of it as GET (`http/gateway/layer.py`).

    `operation` is for what programs fetch as well, so that it stands in the API's description;
    `limit` is of a form, in bytes; `opt` is what the route is to be known by besides; `takes`
    are the function's parameters after the first, where its signature does not say them.
    """

    def declared(
        function: Callable[Concatenate[Who, ...], Awaitable[Shown]],
    ) -> HTTPRouteHandler:
        taken = takes if takes is not None else list(inspect.signature(function).parameters)[1:]
        takes_body = "body" in taken
        pieces = [name for name in taken if name != "body"]

        async def show(runtime: Runtime, scope: Any, receive: Receive) -> Reply | Download:
            arrival = Arrival(runtime, scope, headers_of(scope), "public", receive)
            opened = await reader.open(arrival)
            if opened is None:
                count_guess(runtime, scope)
                return _sent(reader.refuse(arrival), headers, arrival)
            given: dict[str, Any] = {name: arrival.piece(name) for name in pieces}
            if takes_body:
                given["body"] = await arrival.body(limit)
            return _sent(await function(opened, **given), headers, arrival)

        described = {} if operation is None else {OPERATION: operation}
        return _route(path, method, show, {_SHOW: show, **(opt or {}), **described})

    return declared


def _route(
    path: str | list[str],
    method: Methods,
    show: Callable[[Runtime, Any, Receive], Awaitable[Reply | Download]],
    opt: Mapping[str, Any],
) -> HTTPRouteHandler:
    async def work(request: Request[Any, Any, Any]) -> ASGIApp:
        shown = await show(runtime_of(request), request.scope, request.receive)
        return shown.to_asgi_response() if isinstance(shown, Download) else application(shown)

    return route(path, http_method=method, status_code=200, opt=dict(opt))(work)


def fast_page(handler: HTTPRouteHandler, path: str) -> FastRoute:
    """The same page, taken before the framework is asked; GET only."""

    async def take(runtime: Runtime, scope: Any, receive: Receive) -> Answer:
        return answer_of(await handler.opt[_SHOW](runtime, scope, receive))

    return FastRoute(path, take, method="GET")


def _sent(shown: Shown, headers: dict[str, str], arrival: Arrival) -> Reply | Download:
    if isinstance(shown, Download):
        return shown
    return compressed(reply_of(shown, headers), arrival.headers)


def reply_of(shown: Document | Reply, headers: dict[str, str]) -> Reply:
    """A page with its headers; a whole answer stays as it is."""
    if isinstance(shown, Reply):
        return shown
    own = dict(shown.headers)
    said = {**headers, "content-type": HTML, "content-security-policy": shown.policy, **own}
    if shown.locale:
        said["content-language"] = shown.locale
    return Reply(shown.status, said, shown.body)
