"""One way to declare an operation: its own parameters say what it takes, its return what it gives.

    @post("/stores", "create_store", "Make a store", scope="manage", status=201)
    async def create(call: Call, body: StoreBody) -> StoreItem: ...

The first parameter is who calls, `body` is decoded as its type, `query` from the address, and every
other one is a piece of the path. Decoding is ours, because the framework takes `"5"` for 5 and
looks at no limit of a query parameter: `tests/api/test_declared.py` shows both.
"""

import inspect
import re
from collections.abc import Awaitable, Callable, Sequence
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
from urllib.parse import parse_qsl

from litestar import HttpMethod, Request, Response, route
from litestar.handlers import HTTPRouteHandler
from litestar.types import Method, Receive

from harken_server.http.bodies import decode_json, decode_query, read_body
from harken_server.http.encodings import Headers, headers_of
from harken_server.http.fast import Answer, FastRoute
from harken_server.http.operations import OPERATION, Operation, Scope
from harken_server.http.replies import Replied, answer_of, respond
from harken_server.http.runtime import Runtime, runtime_of

Who = TypeVar("Who")
Function = Callable[Concatenate[Who, ...], Awaitable[Any]]
Methods = HttpMethod | Method | Sequence[HttpMethod | Method]

MAX_BODY_BYTES = 256 * 1024
"""Of an operation that names no limit of its own."""
_DECLARED = "declared"


class Arrival(NamedTuple):
    """A request before anything of it is believed."""

    runtime: Runtime
    scope: Any
    headers: Headers
    needs: Scope
    """How far a key must reach."""


class Caller(NamedTuple, Generic[Who]):
    """How an operation learns who calls, and how that may fail."""

    find: Callable[[Arrival], Awaitable[Who]]
    errors: tuple[int, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    is_keyed: bool = False


class Reads(NamedTuple):
    """How a body is read that is more than JSON."""

    decode: Callable[[bytes, Headers], Any]
    types: tuple[str, ...]
    errors: tuple[int, ...] = ()


class Further(TypedDict, total=False):
    """What is said of an operation that its function does not say: fields of `Operation`."""

    scope: Scope
    also: tuple[int, ...]
    reply_type: str
    or_reply_types: tuple[str, ...]
    headers: tuple[tuple[str, str], ...]


class Declared(NamedTuple):
    """An operation that can be worked: by the framework's route, or before it."""

    function: Function[Any]
    caller: Caller[Any]
    operation: Operation
    read: Callable[[bytes, Headers], Any] | None
    limit: int
    pieces: tuple[str, ...]

    async def work(self, runtime: Runtime, scope: Any, receive: Receive) -> Any:
        """What the function gives: who calls is asked first, and then what they sent."""
        headers = headers_of(scope)
        arrival = Arrival(runtime, scope, headers, self.operation.scope)
        who = await self.caller.find(arrival)
        given: dict[str, Any] = {name: scope["path_params"][name] for name in self.pieces}
        if self.operation.query is not None:
            pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
            given["query"] = decode_query(pairs, self.operation.query)
        if self.read is not None:
            given["body"] = self.read(await read_body(receive, self.limit, headers), headers)
        return await self.function(who, **given)

    async def take(self, runtime: Runtime, scope: Any, receive: Receive) -> Answer:
        """The same off the framework's path."""
        return answer_of(await self.work(runtime, scope, receive), self.operation.status)


def declare(
    method: Methods,
    path: str,
    id: str,  # noqa: A002  # OpenAPI's own word.
    summary: str,
    *,
    caller: Caller[Who],
    status: int = 200,
    errors: tuple[int, ...] = (),
    limit: int = MAX_BODY_BYTES,
    reads: Reads | None = None,
    may_be_empty: bool = False,
    bodies: tuple[Any, ...] = (),
    **further: Unpack[Further],
) -> Callable[[Function[Who]], HTTPRouteHandler]:
    """Make a function the operation of a route.

    `errors` are those that neither caller nor body imply; an empty body that `may_be_empty` is
    read as `{}`; `bodies` are described where the type of `body` does not say it.
    """

    def declared(function: Function[Who]) -> HTTPRouteHandler:
        kinds = inspect.get_annotations(function, eval_str=True)
        replies = _kinds(kinds.pop("return"))
        body = kinds.get("body")
        further["headers"] = (*caller.headers, *further.get("headers", ()))
        operation = Operation(
            id,
            summary,
            query=kinds.get("query"),
            bodies=bodies or _kinds(body),
            replies=replies,
            status=status if replies or "reply_type" in further else 204,
            errors=(*caller.errors, *errors, *_errors_of_body(body, reads)),
            is_keyed=caller.is_keyed,
            body_types=reads.types if reads else ("application/json",),
            **further,
        )
        pieces = tuple(re.findall(r"\{(\w+)", path))
        if {*pieces} != {*list(kinds)[1:]} - {"body", "query"}:
            raise TypeError(f"{id} takes {list(kinds)[1:]}, but its path is {path}")
        read = _reader(body, reads, may_be_empty=may_be_empty)
        return _route(method, path, Declared(function, caller, operation, read, limit, pieces))

    return declared


def fast_route(handler: HTTPRouteHandler, path: str, method: str) -> FastRoute:
    """The same operation, taken before the framework is asked."""
    return FastRoute(path, handler.opt[_DECLARED].take, method=method)


def routes_of(module: ModuleType) -> tuple[HTTPRouteHandler, ...]:
    """Every route that a module declares, in their order there."""
    return tuple(each for each in vars(module).values() if isinstance(each, HTTPRouteHandler))


def _route(method: Methods, path: str, declared: Declared) -> HTTPRouteHandler:
    async def run(request: Request[Any, Any, Any]) -> Response[Any]:
        value = await declared.work(runtime_of(request), request.scope, request.receive)
        return respond(value, declared.operation.status)

    opt = {OPERATION: declared.operation, _DECLARED: declared}
    return route(path, http_method=method, status_code=200, opt=opt)(run)


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
