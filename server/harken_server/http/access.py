"""API keys: who calls, for which workspace, and how far the key reaches."""

from __future__ import annotations

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from harken_server.core.errors import AccessError
from harken_server.core.records import ApiKey, Scope, Workspace
from harken_server.http.operations import operation_of
from harken_server.http.problems import ForbiddenError
from harken_server.http.runtime import Runtime

KEY_PREFIX = "hk_"
MAX_KEY_CHARS = 100

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
    runtime: Runtime = connection.app.state.runtime
    authorization = connection.headers.get("authorization")
    if authorization is None:
        raise AccessError("Send an API key: Authorization: Bearer hk_…", code="key_missing")
    key = await find_bearer(runtime, authorization)
    require_scope(key, operation_of(handler.opt).scope)
    connection.state.workspace = await runtime.catalog.workspace(key.workspace_id)
    connection.state.key = key


async def find_bearer(runtime: Runtime, authorization: str) -> ApiKey:
    """The live key of an Authorization header.

    Raises AccessError: `key_malformed`, `key_unknown`, `key_revoked`.
    """
    kind, _, secret = authorization.partition(" ")
    secret = secret.strip()
    if kind.lower() != "bearer" or not secret.startswith(KEY_PREFIX) or len(secret) > MAX_KEY_CHARS:
        raise AccessError("The API key must look like: Bearer hk_…", code="key_malformed")
    key = await runtime.catalog.find_key(secret)
    if key is None:
        raise AccessError("There is no such API key.", code="key_unknown")
    if key.revoked_at is not None:
        raise AccessError("This API key was revoked.", code="key_revoked")
    return key


def require_scope(key: ApiKey, scope: Scope) -> None:
    """Raise ForbiddenError unless one of the key's scopes reaches the wanted one."""
    if not any(scope in REACHES[held] for held in key.scopes):
        held = ", ".join(key.scopes)
        raise ForbiddenError(f"This needs the scope {scope}; the key has {held}.")


def workspace_of(request: Any) -> Workspace:
    """The workspace of the request's key."""
    return request.state.workspace
