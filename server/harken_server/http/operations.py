"""What each API operation takes and gives: the table behind decoding, access and OpenAPI."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal, NamedTuple, TypeAlias

import msgspec

Scope: TypeAlias = Literal["read", "write", "manage", "public"]
"""How far a key reaches."""
Need: TypeAlias = Literal[Scope, "definitions", "write and read"]
"""What an operation asks of a key. `definitions`: reading what is asked, and nobody's answers;
`write and read`: a change whose reply tells of people, so that one of them is not enough."""
Pieces: TypeAlias = Mapping[str, object]
"""What a path names, by the names of its pieces."""
Deed: TypeAlias = Callable[[Any], Awaitable[Any]]
"""What an operation does for whoever calls it."""

SUBMIT_PATH = "/v1/public/responses"
OPERATION = "operation"
WAS_HEAD = "harken.was_head"
"""In the scope of a request that is answered like GET because it was HEAD."""
KEYED_ERRORS = (401, 403, 429)


class SubmitQuery(msgspec.Struct, kw_only=True, frozen=True):
    """What a submission's address may hold; other parameters are not looked at."""

    key: str | None = None
    """An API key that names the workspace and keeps to its origins."""


class Operation(NamedTuple):
    """One operation as documented; handlers carry it in Litestar's `opt`."""

    id: str
    summary: str
    scope: Need = "read"
    bodies: tuple[Any, ...] = ()
    """Types of the body: any of them."""
    query: Any = None
    replies: tuple[Any, ...] = ()
    """Type of the reply, and with a status of `also` any of the rest."""
    status: int = 200
    also: tuple[int, ...] = ()
    """Further success statuses."""
    errors: tuple[int, ...] = ()
    is_keyed: bool = True
    reply_type: str = "application/json"
    or_reply_types: tuple[str, ...] = ()
    """Further forms that a parameter asks for, which are no JSON."""
    may_be_empty: bool = False
    """A body may be left out; it is then read as `{}`."""
    body_types: tuple[str, ...] = ("application/json",)
    headers: tuple[tuple[str, str], ...] = ()
    """Request headers taken: name and meaning."""
    named: tuple[tuple[str, str], ...] = ()
    """Pieces of the path that may stand in the query instead: name and meaning."""
    everyday: str = ""
    """Of a change: why nobody is told afterwards who made it. Empty: it is written down."""


def route_of(scope: Any) -> str:
    """The route's template for logs; the path itself may hold tokens."""
    return scope.get("path_template") or "(none)"


async def only_do(who: Any, _: Operation, __: Pieces, do: Deed) -> Any:
    """Nothing besides what was asked for."""
    return await do(who)
