"""One way to declare an operation: its own parameters say what it takes, its return what it gives.

    @post("/stores", "create_store", "Make a store", scope="manage", status=201)
    async def create(call: Call, body: StoreBody) -> StoreItem: ...

The first parameter is who calls, `body` is decoded as its type, `query` from the address, and every
other one is a piece of the path: text, an id or a name (`http/resources.py`). Decoding is
ours, because the framework takes `"5"` for 5 and looks at no limit of a query parameter:
`tests/http/test_declared.py` shows both.
"""

import inspect
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from types import ModuleType, UnionType
from typing import (
    Any,
    Concatenate,
    Generic,
    NamedTuple,
    TypedDict,
    TypeVar,
    Union,
    Unpack,
    get_args,
    get_origin,
)
from uuid import UUID

from litestar import HttpMethod, Request, Response, route
from litestar.handlers import HTTPRouteHandler
from litestar.types import Method, Receive

from harken_server.http.apart import read_apart
from harken_server.http.bodies import (
    decode_json,
    decode_query,
    items_in,
    pairs_of,
    read_body,
    require_json,
)
from harken_server.http.encodings import Headers, headers_of
from harken_server.http.failures import answer_cross_site
from harken_server.http.fast import Answer, FastRoute
from harken_server.http.operations import OPERATION, Deed, Need, Operation, Pieces, only_do
from harken_server.http.replies import Replied, answer_of, respond
from harken_server.http.resources import Named, Resource, kind_of_piece, text_of_piece
from harken_server.http.runtime import Runtime, admit, runtime_of

T = TypeVar("T")
Who = TypeVar("Who")
Function = Callable[Concatenate[Who, ...], Awaitable[Any]]
Methods = HttpMethod | Method | Sequence[HttpMethod | Method]

MAX_BODY_BYTES = 256 * 1024
"""Of an operation that names no limit of its own."""
JSON_TYPES = ("application/json", "text/plain")
_WITH_PREFLIGHT: Methods = ["POST", "OPTIONS"]
_DECLARED = "declared"


class Arrival(NamedTuple):
    """A request before anything of it is believed."""

    runtime: Runtime
    scope: Any
    headers: Headers
    needs: Need
    """How far a key must reach."""
    receive: Receive

    async def body(self, limit: int) -> bytes:
        """What was sent; raises BadRequestError (`body_too_large`) for more than the limit."""
        return await read_body(self.receive, limit, self.headers)

    def header(self, name: str) -> str | None:
        """A header of the request."""
        value = self.headers.get(name.lower().encode())
        return None if value is None else value.decode("latin-1")

    def query(self, kind: type[T]) -> T:
        """The query, decoded; unknown parameters are refused where the type says so."""
        return decode_query(self._pairs(), kind)

    def said(self) -> dict[str, str]:
        """The query as pages take it, which refuse nothing: the first of a name counts."""
        return dict([*self._pairs()][::-1])

    def piece(self, name: str) -> str:
        """A piece of the path."""
        return text_of_piece(self.scope, name)

    def named(self, name: str, kind: Resource | Named | None) -> str | UUID:
        """What a piece of the path names."""
        match kind:
            case Resource():
                return kind.id_of(self.piece(name))
            case Named():
                return kind.read(self.piece(name), self.said().get(name))
            case None:
                return self.piece(name)

    def _pairs(self) -> Iterator[tuple[str, str]]:
        return pairs_of(self.scope["query_string"])


def _charge_address(arrival: Arrival, _: Any, items: int) -> None:
    admit(arrival.runtime, arrival.scope, "items", items)


class Caller(NamedTuple, Generic[Who]):
    """How an operation learns who calls, and how that may fail."""

    find: Callable[[Arrival], Awaitable[Who]]
    """Counts the request as one item where it is counted at all."""
    errors: tuple[int, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    query: Any = None
    """What of the address says who calls; an operation with one takes no other query."""
    is_keyed: bool = False
    is_cross_site: bool = False
    """Pages of other sites call it, and may read the answer."""
    charge: Callable[[Arrival, Any, int], None] = _charge_address
    """Counts the items of a body beyond the first; raises RateLimitedError."""
    change: Callable[[Any, Operation, Pieces, Deed], Awaitable[Any]] = only_do
    """Has each change but everyday ones done: by whom, how, and what the path names."""


class Reads(NamedTuple):
    """How a body is read that is more than JSON."""

    types: tuple[str, ...]
    decode: Callable[[bytes, Headers], Any] = lambda raw, _: raw
    """Without one the function is given the bytes."""
    errors: tuple[int, ...] = ()


def only_json(kind: Any) -> Reads:
    """A body that must say that it is JSON, or text/plain, which needs no preflight."""

    def read(raw: bytes, headers: Headers) -> Any:
        require_json(headers)
        return decode_json(raw, kind)

    return Reads(JSON_TYPES, read, (415,))


class Further(TypedDict, total=False):
    """What is said of an operation that its function does not say: fields of `Operation`."""

    scope: Need
    bodies: tuple[Any, ...]
    """Where the type of `body` does not say it."""
    may_be_empty: bool
    also: tuple[int, ...]
    reply_type: str
    or_reply_types: tuple[str, ...]
    headers: tuple[tuple[str, str], ...]
    everyday: str


class Declared(NamedTuple):
    """An operation that can be worked: by the framework's route, or before it."""

    function: Function[Any]
    caller: Caller[Any]
    operation: Operation
    read: Callable[[bytes, Headers], Any] | None
    limit: int
    pieces: dict[str, Resource | Named | None]
    """What the path names, and of which kind it is where that is more than text."""

    async def work(self, runtime: Runtime, scope: Any, receive: Receive) -> Any:
        """What the function gives: who calls is asked first, and then what they sent."""
        arrival = Arrival(runtime, scope, headers_of(scope), self.operation.scope, receive)
        who = await self.caller.find(arrival)
        given: dict[str, Any] = {}
        if self.operation.query is not self.caller.query:
            given["query"] = arrival.query(self.operation.query)
        if self.read is not None:
            raw = await arrival.body(self.limit)
            body = await read_apart(len(raw), partial(self.read, raw, arrival.headers))
            if (items := items_in(body)) > 1:
                self.caller.charge(arrival, who, items - 1)
            given["body"] = body
        named = {name: arrival.named(name, kind) for name, kind in self.pieces.items()}
        do = partial(self.function, **given, **named)
        if scope["method"] == "GET" or self.operation.everyday:
            return await do(who)
        return await self.caller.change(who, self.operation, named, do)

    async def take(self, runtime: Runtime, scope: Any, receive: Receive) -> Answer:
        """The same off the framework's path."""
        return answer_of(await self.work(runtime, scope, receive), self.operation.status)


def declare(
    method: Methods,
    path: str | list[str],
    id: str,  # noqa: A002  # OpenAPI's own word.
    summary: str,
    *,
    caller: Caller[Who],
    status: int = 200,
    errors: tuple[int, ...] = (),
    limit: int = MAX_BODY_BYTES,
    reads: Reads | None = None,
    **further: Unpack[Further],
) -> Callable[[Function[Who]], HTTPRouteHandler]:
    """Make a function the operation of a route; `errors` are what neither caller nor body imply."""

    def declared(function: Function[Who]) -> HTTPRouteHandler:
        kinds = inspect.get_annotations(function, eval_str=True)
        replies = _kinds(kinds.pop("return"))
        body = kinds.get("body")
        further.setdefault("bodies", _kinds(body))
        further["headers"] = (*caller.headers, *further.get("headers", ()))
        pieces = _pieces(path, kinds)
        named = ((name, kind) for name, kind in pieces.items() if isinstance(kind, Named))
        operation = Operation(
            id,
            summary,
            query=kinds.get("query", caller.query),
            replies=replies,
            status=status if replies or "reply_type" in further else 204,
            errors=(*caller.errors, *errors, *_errors_of_body(body, reads)),
            is_keyed=caller.is_keyed,
            body_types=reads.types if reads else ("application/json",),
            named=tuple((name, kind.meaning) for name, kind in named),
            **further,
        )
        read = _reader(body, reads, may_be_empty=operation.may_be_empty)
        return _route(method, path, Declared(function, caller, operation, read, limit, pieces))

    return declared


def fast_route(handler: HTTPRouteHandler, path: str, method: str) -> FastRoute:
    """The same operation, taken before the framework is asked."""
    return FastRoute(path, handler.opt[_DECLARED].take, method=method)


def routes_of(module: ModuleType) -> tuple[HTTPRouteHandler, ...]:
    """Every route that a module declares, in their order there."""
    return tuple(each for each in vars(module).values() if isinstance(each, HTTPRouteHandler))


def _route(method: Methods, path: str | list[str], declared: Declared) -> HTTPRouteHandler:
    async def work(request: Request[Any, Any, Any]) -> Response[Any]:
        value = await declared.work(runtime_of(request), request.scope, request.receive)
        return respond(value, declared.operation.status)

    async def work_cross_site(request: Request[Any, Any, Any]) -> Response[Any]:
        return await answer_cross_site(request, work)

    is_cross_site = declared.caller.is_cross_site
    run, methods = (work_cross_site, _WITH_PREFLIGHT) if is_cross_site else (work, method)
    opt = {OPERATION: declared.operation, _DECLARED: declared}
    return route(path, http_method=methods, status_code=200, opt=opt)(run)


def _pieces(path: str | list[str], kinds: dict[str, Any]) -> dict[str, Resource | Named | None]:
    """The pieces of a path. Raises TypeError unless just these are taken as well."""
    pieces = re.findall(r"\{(\w+)", path if isinstance(path, str) else path[0])
    taken = list(kinds)[1:]
    if {*pieces} != {*taken} - {"body", "query"}:
        raise TypeError(f"A function takes {taken}, but its path is {path}")
    return {name: kind_of_piece(kinds[name]) for name in pieces}


def _kinds(annotation: Any) -> tuple[Any, ...]:
    """The types that the description names: members of a union, nothing of the framework."""
    if get_origin(annotation) in {Union, UnionType}:
        return tuple(kind for each in get_args(annotation) for kind in _kinds(each))
    if get_origin(annotation) is Replied:
        return _kinds(get_args(annotation)[0])
    is_described = annotation not in {None, type(None), bytes}
    origin = get_origin(annotation) or annotation
    is_answer = isinstance(origin, type) and issubclass(origin, Response)
    return (annotation,) if is_described and not is_answer else ()


def _errors_of_body(body: Any, reads: Reads | None) -> tuple[int, ...]:
    if body is None:
        return ()
    return (413, 422, *reads.errors) if reads else (413, 422)


def _reader(
    kind: Any, reads: Reads | None, *, may_be_empty: bool
) -> Callable[[bytes, Headers], Any] | None:
    if reads is not None or kind is None:
        return reads.decode if reads is not None else None

    def read(raw: bytes, _: Headers) -> Any:
        return decode_json(raw or b"{}" if may_be_empty else raw, kind)

    return read
