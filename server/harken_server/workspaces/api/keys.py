"""What a workspace keeps for itself: API keys, what it counts responses by, its own channels.

A key is shown once; only its digest is stored.
"""

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

import msgspec

from harken_server.http.operations import Scope
from harken_server.http.replies import item_of
from harken_server.http.resources import Resource
from harken_server.http.runtime import Runtime
from harken_server.kernel.shown_text import check_name
from harken_server.workspaces.access import KEY_PREFIX, Acting, WorkspaceCatalog
from harken_server.workspaces.keyed import Call, delete, get, post, put
from harken_server.workspaces.rules.channels import ChannelNames
from harken_server.workspaces.rules.dimensions import check_dimensions
from harken_server.workspaces.rules.origins import MAX_ORIGIN_CHARS, MAX_ORIGINS, read_origins
from harken_server.workspaces.store import dimensions, keys, workspaces
from harken_server.workspaces.store.dimensions import Declaration
from harken_server.workspaces.workspace import ApiKey, Dimension, DimensionSource

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

    def __post_init__(self) -> None:
        """What cannot be seen is no part of a name."""
        check_name("name", self.name)


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


class DimensionBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One dimension to count by."""

    name: str
    source: DimensionSource = "context"
    """`context`: what a response brought along. `trait`: what was told of a proved respondent."""
    key: str | None = None
    """The name of the value there; as the dimension is called when left out."""
    shares: dict[str, float] = {}
    """Of members among all whom answers are to speak for, in parts, percent or people: what
    `weight=raked` weights scores to."""


class DimensionsBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All dimensions of the workspace: what is left out is taken away."""

    dimensions: tuple[DimensionBody, ...]


class DimensionItem(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One dimension; while it is `filling` its counts lack responses stored before."""

    name: str
    source: DimensionSource
    key: str
    state: Literal["ready", "filling"]
    shares: dict[str, float] = {}
    """As they were declared."""


class FillingItem(msgspec.Struct, kw_only=True, omit_defaults=True):
    """How many stored responses are done."""

    declared_at: datetime
    done: int
    all: int | None
    """How many there are; null before the work begins."""
    removing: list[str] = []
    """Dimensions that were taken away, and whose counts are not all gone yet."""


class DimensionList(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What responses are counted by besides touchpoint, channel and wave."""

    dimensions: list[DimensionItem]
    filling: FillingItem | None = None
    """Not there when nothing is left to do."""


class ChannelsBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All channels of the workspace's own: what is left out is taken away."""

    channels: tuple[str, ...]


class ChannelList(msgspec.Struct, kw_only=True):
    """What a trigger and a submission may name as their channel."""

    built_in: list[str]
    channels: list[str]
    """The workspace's own, on which the application hands on the links."""


@post("/keys", "create_key", "Make an API key", scope="manage", status=201)
async def create(call: Call, body: KeyBody) -> KeyItem:
    """The key is in the answer, and nowhere else afterwards."""
    return await add_key(call, body)


async def add_key(acting: Acting, body: KeyBody) -> KeyItem:
    """Make a key for whoever may; its secret is in what this gives."""
    key, secret = await make_key(
        acting.runtime, acting.workspace_id, body.name, body.scopes, body.origins
    )
    acting.note(name=key.name, scopes=key.scopes)
    return item_of(KeyItem, key, key=secret)


@get("/keys", "list_keys", "List API keys", scope="manage")
async def list_all(call: Call) -> KeyList:
    """All keys without their secrets."""
    found = await keys.list_keys(call.db, call.workspace_id)
    return KeyList(keys=[item_of(KeyItem, key, key=None) for key in found])


@delete("/keys/{key_id:str}", "revoke_key", "Revoke an API key", scope="manage", errors=(404,))
async def revoke(call: Call, key_id: KeyId) -> None:
    """The key stops working here at once, and in other processes within seconds."""
    await end_key(call, key_id)


async def end_key(acting: Acting, key_id: UUID) -> None:
    """Revoke a key for whoever may. Raises NotFoundError for one that is none or was revoked."""
    if not await keys.revoke_key(acting.db, acting.workspace_id, key_id, acting.now()):
        raise KEY.missing(key_id)
    acting.runtime.of(WorkspaceCatalog).forget()


@get(
    "/dimensions",
    "list_dimensions",
    "List what responses are counted by, and the filling",
    scope="definitions",
)
async def list_dimensions(call: Call) -> DimensionList:
    """The dimensions in the order they were declared."""
    return _shown(await dimensions.get_declaration(call.db, call.workspace_id))


@put("/dimensions", "put_dimensions", "Declare what responses are counted by", scope="manage")
async def declare_dimensions(call: Call, body: DimensionsBody) -> DimensionList:
    """Replaces all of them. Responses stored before are filled in the background."""
    return await count_by(call, body)


async def count_by(acting: Acting, body: DimensionsBody) -> DimensionList:
    """Declare all dimensions for whoever may."""
    wanted = [
        Dimension(
            one.name,
            one.source,
            one.name if one.key is None else one.key,
            tuple(one.shares.items()),
        )
        for one in body.dimensions
    ]
    check_dimensions(wanted)
    declaration = await dimensions.declare_dimensions(
        acting.db, acting.workspace_id, wanted, task=acting.runtime.new_id(), now=acting.now()
    )
    acting.runtime.of(WorkspaceCatalog).forget()
    acting.note(dimensions=[each.name for each in wanted])
    return _shown(declaration)


@get("/channels", "list_channels", "List the channels that may be named", scope="definitions")
async def list_channels(call: Call) -> ChannelList:
    """Those of every workspace, and those that this one declared."""
    own = await workspaces.declared_channels(call.db, call.workspace_id)
    built_in = call.runtime.of(ChannelNames).built_in
    return ChannelList(built_in=list(built_in), channels=list(own))


@put("/channels", "put_channels", "Declare channels of your own", scope="manage")
async def declare_channels(call: Call, body: ChannelsBody) -> ChannelList:
    """Replaces all of them. What came on one that is taken away stays as it is."""
    return await name_channels(call, body)


async def name_channels(acting: Acting, body: ChannelsBody) -> ChannelList:
    """Declare all channels of its own for whoever may."""
    names = acting.runtime.of(ChannelNames)
    names.check_declared(body.channels)
    await workspaces.declare_channels(acting.db, acting.workspace_id, body.channels)
    acting.runtime.of(WorkspaceCatalog).forget()
    acting.note(channels=body.channels)
    return ChannelList(built_in=list(names.built_in), channels=list(body.channels))


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


def _shown(declaration: Declaration) -> DimensionList:
    is_filling = {*declaration.filling}
    items = [
        DimensionItem(
            name=each.name,
            source=each.source,
            key=each.key,
            state="filling" if each.name in is_filling else "ready",
            shares=dict(each.shares),
        )
        for each in declaration.declared
    ]
    if declaration.task is None or declaration.declared_at is None:
        return DimensionList(dimensions=items)
    names = {each.name for each in declaration.declared}
    removing = [name for name in declaration.filling if name not in names]
    done, total = declaration.done, declaration.total
    at_least = None if total is None else max(done, total)  # more may come in meanwhile
    filling = FillingItem(
        declared_at=declaration.declared_at, done=done, all=at_least, removing=removing
    )
    return DimensionList(dimensions=items, filling=filling)
