"""Stores: what is printed on their receipts to be typed when a code cannot be scanned."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from harken_server.channels.receipts.rules.places import Store, display_store_code, parse_store_code
from harken_server.channels.receipts.store.places import get_store, list_stores
from harken_server.channels.receipts.tills import make_store
from harken_server.database.database import Database
from harken_server.http.replies import item_of
from harken_server.kernel.errors import NotFoundError
from harken_server.kernel.shown_text import check_name
from harken_server.responses.store.variety_sql import read_members
from harken_server.surveys.store.surveys import list_surveys
from harken_server.workspaces.keyed import Call, get, post
from harken_server.workspaces.rules.dimensions import OTHER, STORE, member_of

MOST_CHOICES = 500
"""Stores that somebody on the front line is offered to be restricted to."""
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

    def __post_init__(self) -> None:
        """What cannot be seen is no part of a name."""
        check_name("name", self.name)


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


@post("/stores", "create_store", "Make a store", scope="manage", status=201)
async def create(call: Call, body: StoreBody) -> StoreItem:
    """Its code is drawn here, and no other store of this server has it."""
    return _item(await make_store(call.runtime, call.workspace_id, body.name, body.details))


@get("/stores", "list_stores", "List stores", scope="manage")
async def list_all(call: Call, query: StoreQuery) -> StoreList:
    """A page of stores, by code."""
    found = await list_stores(
        call.db,
        call.workspace_id,
        after=query.after.replace("-", "").upper(),
        limit=query.limit,
    )
    return StoreList(stores=[_item(store) for store in found])


@get("/stores/{code:str}", "get_store", "Read a store", scope="manage", errors=(404,))
async def read(call: Call, code: str) -> StoreItem:
    """One store, by its code in any spelling."""
    return _item(await find_own_store(call, code))


async def list_choices(db: Database, workspace_id: UUID) -> list[tuple[str, str]]:
    """What answers carry of each store, and how it is shown: those that have a code, and those that
    answers are counted by."""
    found = await list_stores(db, workspace_id, after="", limit=MOST_CHOICES)
    choices = {
        member_of(store.name): f"{store.name} ({display_store_code(store.code)})" for store in found
    }
    for survey in await list_surveys(db, workspace_id):
        named = await read_members(db, workspace_id, survey.id, STORE)
        choices |= {name: name for name in sorted(named - {OTHER, *choices})}
    return list(choices.items())[:MOST_CHOICES]


async def find_own_store(call: Call, text: str) -> Store:
    """The caller's store. Raises NotFoundError (`store_unknown`)."""
    code = parse_store_code(text)
    found = code and await get_store(call.db, call.workspace_id, code)
    if not found:
        raise NotFoundError(f"There is no store {text!r} here.", code="store_unknown")
    return found


def _item(store: Store) -> StoreItem:
    return item_of(StoreItem, store, code=display_store_code(store.code))
