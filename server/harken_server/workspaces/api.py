"""API keys: make, list, revoke. A key is shown once; only its digest is stored."""

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, TypeAlias
from uuid import UUID

import msgspec

from harken_server.http.operations import Scope
from harken_server.http.replies import item_of
from harken_server.http.resources import Resource
from harken_server.http.runtime import Runtime
from harken_server.workspaces.access import KEY_PREFIX, WorkspaceCatalog
from harken_server.workspaces.keyed import Call, delete, get, post
from harken_server.workspaces.rules.origins import MAX_ORIGIN_CHARS, MAX_ORIGINS, read_origins
from harken_server.workspaces.store import keys
from harken_server.workspaces.workspace import ApiKey

KEY = Resource("key", "key_not_found")
KeyId: TypeAlias = Annotated[UUID, KEY]

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


@post("/keys", "create_key", "Make an API key", scope="manage", status=201)
async def create(call: Call, body: KeyBody) -> KeyItem:
    """The key is in the answer, and nowhere else afterwards."""
    key, secret = await make_key(
        call.runtime, call.workspace_id, body.name, body.scopes, body.origins
    )
    return item_of(KeyItem, key, key=secret)


@get("/keys", "list_keys", "List API keys", scope="manage")
async def list_all(call: Call) -> KeyList:
    """All keys without their secrets."""
    found = await keys.list_keys(call.db, call.workspace_id)
    return KeyList(keys=[item_of(KeyItem, key, key=None) for key in found])


@delete("/keys/{key_id:str}", "revoke_key", "Revoke an API key", scope="manage", errors=(404,))
async def revoke(call: Call, key_id: KeyId) -> None:
    """The key stops working here at once, and in other processes within seconds."""
    if not await keys.revoke_key(call.db, call.workspace_id, key_id, call.now()):
        raise KEY.missing(key_id)
    call.runtime.of(WorkspaceCatalog).forget()


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
