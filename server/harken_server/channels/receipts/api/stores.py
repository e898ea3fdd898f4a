"""Stores: what is printed on their receipts to be typed when a code cannot be scanned."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath

from harken_server.channels.receipts.rules.place_codes import display_store_code, parse_store_code
from harken_server.channels.receipts.rules.places import Store
from harken_server.channels.receipts.store.stores import get_store, list_stores
from harken_server.channels.receipts.tills import make_store
from harken_server.http.bodies import decode_json, decode_query
from harken_server.http.operations import Operation, describe
from harken_server.http.replies import json_reply
from harken_server.http.runtime import runtime_of
from harken_server.kernel.errors import NotFoundError
from harken_server.workspaces.access import workspace_of

Title = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]


class StoreBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A new store."""

    name: Title
    details: Annotated[
        dict[
            Annotated[str, msgspec.Meta(min_length=1, max_length=64)],
            Annotated[str, msgspec.Meta(max_length=500)],
        ],
        msgspec.Meta(max_length=20),
    ] = {}
    """Whatever you want to know of it, such as its city."""


class StoreItem(msgspec.Struct, kw_only=True):
    """One store."""

    code: str
    """Five characters to print beside the receipt number, such as `K7Q2-2`."""
    name: str
    details: dict[str, str]
    created_at: datetime


class StoreQuery(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Where to go on, and how many at once."""

    after: Annotated[str, msgspec.Meta(max_length=16)] = ""
    """The code of the last store of the page before."""
    limit: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 200


class StoreList(msgspec.Struct, kw_only=True):
    """A page of stores, by code."""

    stores: list[StoreItem]


_bodies = msgspec.json.Decoder(StoreBody)


@post(
    "/stores",
    opt=describe(
        Operation(
            "create_store",
            "Make a store",
            scope="manage",
            body=StoreBody,
            reply=StoreItem,
            status=201,
            errors=(400, 413, 422),
        )
    ),
)
async def create(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Its code is drawn here, and no other store of this server has it."""
    runtime = runtime_of(request)
    body = decode_json(await request.body(), _bodies)
    store = await make_store(
        runtime.db,
        workspace_of(request).id,
        name=body.name,
        details=body.details,
        now=runtime.clock(),
        random=runtime.random,
    )
    return json_reply(_item(store), 201)


@get(
    "/stores",
    opt=describe(
        Operation(
            "list_stores",
            "List stores",
            scope="manage",
            query=StoreQuery,
            reply=StoreList,
            errors=(400,),
        )
    ),
)
async def list_all(request: Request[Any, Any, Any]) -> Response[bytes]:
    """A page of stores, by code."""
    query = decode_query(request.query_params.multi_items(), StoreQuery)
    found = await list_stores(
        runtime_of(request).db,
        workspace_of(request).id,
        after=query.after.replace("-", "").upper(),
        limit=query.limit,
    )
    return json_reply(StoreList(stores=[_item(store) for store in found]))


@get(
    "/stores/{code:str}",
    opt=describe(
        Operation(
            "get_store",
            "Read a store",
            scope="manage",
            reply=StoreItem,
            errors=(404,),
        )
    ),
)
async def read(request: Request[Any, Any, Any], code: FromPath[str]) -> Response[bytes]:
    """One store, by its code in any spelling."""
    return json_reply(_item(await find_own_store(request, code)))


async def find_own_store(request: Request[Any, Any, Any], text: str) -> Store:
    """The caller's store. Raises NotFoundError (`store_unknown`)."""
    code = parse_store_code(text)
    found = code and await get_store(runtime_of(request).db, workspace_of(request).id, code)
    if not found:
        raise NotFoundError(f"There is no store {text!r} here.", code="store_unknown")
    return found


def _item(store: Store) -> StoreItem:
    return StoreItem(
        code=display_store_code(store.code),
        name=store.name,
        details=store.details,
        created_at=store.created_at,
    )


ROUTES = (create, list_all, read)
