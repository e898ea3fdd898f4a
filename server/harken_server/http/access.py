"""API keys: who calls, for which workspace, how far the key reaches, and from which site."""

from __future__ import annotations

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from harken_server.core.errors import AccessError
from harken_server.core.origins import plain_origin
from harken_server.core.records import ApiKey, Scope, Workspace
from harken_server.http.operations import operation_of
from harken_server.http.problems import ForbiddenError
from harken_server.http.runtime import Runtime, runtime_of

KEY_PREFIX = "hk_"
MAX_KEY_CHARS = 100
KEY_NEEDED = "Send an API key: Authorization: Bearer hk_…"

REACHES: dict[Scope, frozenset[Scope]] = {
    "manage": frozenset({"manage", "write", "read", "public"}),
    "write": frozenset({"write", "read", "public"}),
    "read": frozenset({"read"}),
    "public": frozenset({"public"}),
}
"""What each scope of a key allows."""


async def require_key(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Litestar guard: the key must exist, not be revoked, and reach the operation's scope."""
    runtime = runtime_of(connection)
    authorization = connection.headers.get("authorization")
    if authorization is None:
        raise AccessError(KEY_NEEDED, code="key_missing")
    key = await find_bearer(runtime, authorization)
    require_scope(key, operation_of(handler.opt).scope)
    connection.state.workspace = await runtime.catalog.workspace(key.workspace_id)
    connection.state.key = key


async def find_bearer(runtime: Runtime, authorization: str) -> ApiKey:
    """The live key of an Authorization header.

    Raises AccessError: `key_malformed`, `key_unknown`, `key_revoked`.
    """
    kind, _, secret = authorization.partition(" ")
    if kind.lower() != "bearer":
        raise AccessError("The API key must look like: Bearer hk_…", code="key_malformed")
    return await find_key(runtime, secret.strip())


async def find_public_key(runtime: Runtime, secret: str, origin: str | None) -> ApiKey:
    """The live key of a request from a web page: it stands in the page and may be seen by all.

    `origin` is the Origin header, which browsers do not let pages choose; without one nobody
    forged a page, so the key alone decides. Raises AccessError as `find_bearer` does, and
    ForbiddenError: `forbidden_scope`, `origin_not_allowed`.
    """
    key = await find_key(runtime, secret)
    require_scope(key, "public")
    require_origin(key, origin)
    return key


async def find_key(runtime: Runtime, secret: str) -> ApiKey:
    """The live key with this secret. Raises AccessError as `find_bearer` does."""
    if not secret.startswith(KEY_PREFIX) or len(secret) > MAX_KEY_CHARS or not secret.isascii():
        raise AccessError("An API key must look like hk_…", code="key_malformed")
    key = await runtime.catalog.find_key(secret)
    if key is None:
        raise AccessError("There is no such API key.", code="key_unknown")
    if key.revoked_at is not None:
        raise AccessError("This API key was revoked.", code="key_revoked")
    return key


def require_scope(key: ApiKey, scope: Scope) -> None:
    """Raise ForbiddenError unless one of the key's scopes reaches the wanted one."""
    if not reaches(key, scope):
        held = ", ".join(key.scopes)
        raise ForbiddenError(f"This needs the scope {scope}; the key has {held}.")


def reaches(key: ApiKey, scope: Scope) -> bool:
    """Whether one of the key's scopes reaches the wanted one."""
    return any(scope in REACHES[held] for held in key.scopes)


def require_origin(key: ApiKey, origin: str | None) -> None:
    """Raise ForbiddenError `origin_not_allowed` for a page on a site that the key is not for."""
    if origin is None or not key.origins or plain_origin(origin) in key.origins:
        return
    raise ForbiddenError(
        "This API key may not be used from this site; its origins do not list it.",
        code="origin_not_allowed",
    )


def workspace_of(request: Any) -> Workspace:
    """The workspace of the request's key."""
    return request.state.workspace
