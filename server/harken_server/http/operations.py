"""What each API operation takes and gives: the table behind decoding, access and OpenAPI."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, TypeAlias

import msgspec

Scope: TypeAlias = Literal["read", "write", "manage", "public"]
"""How far a key reaches."""

SUBMIT_PATH = "/v1/public/responses"
OPERATION = "operation"
WAS_HEAD = "harken.was_head"
"""In the scope of a request that is answered like GET because it was HEAD."""
KEYED_ERRORS = (401, 403)


class SubmitQuery(msgspec.Struct, kw_only=True, frozen=True):
    """What a submission's address may hold; other parameters are not looked at."""

    key: str | None = None
    """An API key that names the workspace and keeps to its origins."""


class Operation(NamedTuple):
    """One operation as documented; handlers carry it in Litestar's `opt`."""

    id: str
    summary: str
    scope: Scope = "read"
    body: Any = None
    query: Any = None
    reply: Any = None
    status: int = 200
    also: tuple[int, ...] = ()
    """Further success statuses with the same reply."""
    errors: tuple[int, ...] = ()
    is_keyed: bool = True
    reply_type: str = "application/json"
    or_reply_types: tuple[str, ...] = ()
    """Further forms that a parameter asks for, which are no JSON."""
    body_types: tuple[str, ...] = ("application/json",)
    is_body_free: bool = False
    """The body is documented as any object of the survey schema rather than decoded here."""
    or_bodies: tuple[Any, ...] = ()
    """Further shapes of the body, of which each is answered by `or_reply`."""
    or_reply: Any = None
    """What such a body is answered with, with a status of `also`."""
    headers: tuple[tuple[str, str], ...] = ()
    """Request headers taken: name and meaning."""


def describe(operation: Operation) -> dict[str, Any]:
    """The `opt` of a handler."""
    return {OPERATION: operation}


def operation_of(opt: dict[str, Any]) -> Operation:
    """The operation a handler carries."""
    return opt[OPERATION]


def route_of(scope: Any) -> str:
    """The route's template for logs; the path itself may hold tokens."""
    return scope.get("path_template") or "(none)"
