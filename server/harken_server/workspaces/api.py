"""API keys: make, list, revoke. A key is shown once; only its digest is stored."""

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.params import FromPath

from harken_server.http.bodies import decode_json
from harken_server.http.operations import Operation, Scope, describe
from harken_server.http.replies import empty_reply, json_reply
from harken_server.http.runtime import Runtime, runtime_of
from harken_server.kernel.errors import NotFoundError
from harken_server.workspaces.access import KEY_PREFIX, WorkspaceCatalog, workspace_of
from harken_server.workspaces.rules.origins import MAX_ORIGIN_CHARS, MAX_ORIGINS, read_origins
from harken_server.workspaces.store import keys
from harken_server.workspaces.workspace import ApiKey

SECRET_BYTES = 20
"""160 bits of randomness, 32 characters of base32."""


class KeyBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a new key is called and may do."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
    scopes: Annotated[tuple[Scope, ...], msgspec.Meta(min_length=1, max_length=4)]
    origins: Annotated[
        tuple[Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_ORIGIN_CHARS)], ...],
        msgspec.Meta(max_length=MAX_ORIGINS),
    ] = ()
    """Sites whose pages may use the key, such as `https://shop.example`; none means any site."""


class KeyItem(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One key; `key` itself only in the answer that made it."""

    id: UUID
    name: str
    prefix: str
    scopes: tuple[Scope, ...]
    origins: tuple[str, ...] = ()
    """Sites whose pages may use the key; not there when any may."""
    created_at: datetime
    revoked_at: datetime | None = None
    key: str | None = None


class KeyList(msgspec.Struct, kw_only=True):
    """The workspace's keys, revoked ones included."""

    keys: list[KeyItem]


_decoder = msgspec.json.Decoder(KeyBody)


@post(
    "/keys",
    opt=describe(
        Operation(
            "create_key",
            "Make an API key",
            scope="manage",
            body=KeyBody,
            reply=KeyItem,
            status=201,
            errors=(400, 413, 422),
        )
    ),
)
async def create(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The key is in the answer, and nowhere else afterwards."""
    runtime = runtime_of(request)
    body = decode_json(await request.body(), _decoder)
    key, secret = await make_key(
        runtime, workspace_of(request).id, body.name, body.scopes, body.origins
    )
    return json_reply(_item(key, secret), 201)


@get(
    "/keys",
    opt=describe(
        Operation(
            "list_keys",
            "List API keys",
            scope="manage",
            reply=KeyList,
        )
    ),
)
async def list_all(request: Request[Any, Any, Any]) -> Response[bytes]:
    """All keys without their secrets."""
    found = await keys.list_keys(runtime_of(request).db, workspace_of(request).id)
    return json_reply(KeyList(keys=[_item(key) for key in found]))


@delete(
    "/keys/{key_id:str}",
    status_code=204,
    opt=describe(
        Operation(
            "revoke_key",
            "Revoke an API key",
            scope="manage",
            status=204,
            errors=(404,),
        )
    ),
)
async def revoke(request: Request[Any, Any, Any], key_id: FromPath[str]) -> Response[None]:
    """The key stops working here at once, and in other processes within seconds."""
    runtime = runtime_of(request)
    try:
        found = await keys.revoke_key(
            runtime.db, workspace_of(request).id, UUID(key_id), runtime.clock()
        )
    except ValueError:
        found = False
    if not found:
        raise NotFoundError(f"There is no key {key_id!r} here.", code="key_not_found")
    runtime.of(WorkspaceCatalog).forget()
    return empty_reply()


async def make_key(
    runtime: Runtime,
    workspace_id: UUID,
    name: str,
    scopes: tuple[Scope, ...],
    origins: Sequence[str] = (),
) -> tuple[ApiKey, str]:
    """Store a new key and give it with its secret, which is not kept.

    InvalidInputError names every origin that is none.
    """
    allowed = read_origins(origins)
    secret = KEY_PREFIX + base64.b32encode(runtime.random(SECRET_BYTES)).decode().lower()
    key = await keys.create_key(
        runtime.db,
        workspace_id,
        id=runtime.new_id(),
        name=name,
        scopes=scopes,
        secret=secret,
        now=runtime.clock(),
        origins=allowed,
    )
    return key, secret


def _item(key: ApiKey, secret: str | None = None) -> KeyItem:
    return KeyItem(
        id=key.id,
        name=key.name,
        prefix=key.prefix,
        scopes=key.scopes,
        origins=key.origins,
        created_at=key.created_at,
        revoked_at=key.revoked_at,
        key=secret,
    )


ROUTES = (create, list_all, revoke)
