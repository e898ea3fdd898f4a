"""Place codes: signs for anybody, printed once and pointed elsewhere without printing again."""

from datetime import datetime
from typing import Annotated

import msgspec

from harken_server.channels.receipts.api.stores import find_own_store
from harken_server.channels.receipts.api.tills import require_touchpoint
from harken_server.channels.receipts.rules.places import (
    PlaceCode,
    display_place_code,
    display_store_code,
    parse_place_code,
)
from harken_server.channels.receipts.rules.tokens import MAX_TILL
from harken_server.channels.receipts.store.places import (
    change_place_code,
    get_place_code,
    get_till,
    list_place_codes,
    retire_place_code,
)
from harken_server.channels.receipts.tills import make_place
from harken_server.http.replies import item_of
from harken_server.http.runtime import Runtime
from harken_server.http.settings import HttpSettings
from harken_server.invitations.codes import receipt_url
from harken_server.kernel.errors import InvalidInputError, NotFoundError, Problem
from harken_server.surveys.survey import TouchpointKey
from harken_server.workspaces.keyed import Call, delete, get, patch, post

Label = Annotated[str, msgspec.Meta(max_length=120)]


class PlaceBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A new place code."""

    touchpoint: TouchpointKey
    label: Label = ""
    """Where it hangs, for yourself."""
    store: Annotated[str, msgspec.Meta(max_length=40)] | None = None
    """Code of the store it hangs in; a till's own store goes before it."""
    till: Annotated[int, msgspec.Meta(ge=0, le=MAX_TILL)] | None = None
    """Number of the till whose receipts print it."""


class PlaceChange(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What is to be otherwise from now on; what is left out stays."""

    touchpoint: TouchpointKey | None = None
    label: Label | None = None


class PlaceItem(msgspec.Struct, kw_only=True):
    """One place code."""

    code: str
    """Nine characters, such as `ABCD-EFGH-J`."""
    url: str
    """For the QR. With `?n=` and a receipt number behind it, each number can be answered once."""
    touchpoint: str
    label: str
    store: str | None
    till: str | None
    created_at: datetime
    retired_at: datetime | None


class PlaceQuery(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Where to go on, and how many at once."""

    after: Annotated[str, msgspec.Meta(max_length=16)] = ""
    """The last code of the page before."""
    limit: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 200


class PlaceList(msgspec.Struct, kw_only=True):
    """A page of place codes, by code."""

    place_codes: list[PlaceItem]


@post(
    "/place-codes",
    "create_place_code",
    "Make a code for a sign",
    scope="manage",
    status=201,
    errors=(404,),
)
async def create(call: Call, body: PlaceBody) -> PlaceItem:
    """Print it once: where it leads can be changed afterwards."""
    workspace = call.workspace
    await require_touchpoint(call, body.touchpoint)
    store = None if body.store is None else await find_own_store(call, body.store)
    till = None if body.till is None else await get_till(call.db, workspace.id, body.till)
    if body.till is not None and till is None:
        message = f"There is no till {body.till} here."
        raise InvalidInputError(message, (Problem("$.till", "till_unknown", message),))
    if till is not None:
        store = till.store
    place = PlaceCode(
        code="",
        workspace_id=workspace.id,
        touchpoint=body.touchpoint,
        store=store,
        store_id=store and store.id,
        till=till and till.name,
        till_id=till and till.id,
        label=body.label,
        created_at=call.now(),
    )
    return _item(call.runtime, await make_place(call.runtime, place))


@get("/place-codes", "list_place_codes", "List place codes", scope="manage")
async def list_all(call: Call, query: PlaceQuery) -> PlaceList:
    """A page of place codes, retired ones included."""
    after = query.after.replace("-", "").upper()
    found = await list_place_codes(call.db, call.workspace_id, after=after, limit=query.limit)
    return PlaceList(place_codes=[_item(call.runtime, place) for place in found])


@get(
    "/place-codes/{code:str}", "get_place_code", "Read a place code", scope="manage", errors=(404,)
)
async def read(call: Call, code: str) -> PlaceItem:
    """One place code, in any spelling."""
    return _item(call.runtime, await _find(call, code))


@patch(
    "/place-codes/{code:str}",
    "change_place_code",
    "Point a printed code elsewhere",
    scope="manage",
    errors=(404,),
)
async def change(call: Call, code: str, body: PlaceChange) -> PlaceItem:
    """Whoever scans it from now on is led there; nothing is printed again."""
    if body.touchpoint is not None:
        await require_touchpoint(call, body.touchpoint)
    place = await _find(call, code)
    await change_place_code(
        call.db, place.workspace_id, place.code, touchpoint=body.touchpoint, label=body.label
    )
    return _item(call.runtime, await _find(call, code))


@delete(
    "/place-codes/{code:str}",
    "retire_place_code",
    "Have a printed code lead nowhere",
    scope="manage",
    errors=(404,),
)
async def retire(call: Call, code: str) -> None:
    """Who scans it is offered to type a receipt's number. It is gone for ever."""
    place = await _find(call, code)
    await retire_place_code(call.db, place.workspace_id, place.code, call.now())


async def _find(call: Call, text: str) -> PlaceCode:
    code = parse_place_code(text)
    found = code and await get_place_code(call.db, call.workspace_id, code)
    if not found:
        raise NotFoundError(f"There is no place code {text!r} here.", code="place_code_unknown")
    return found


def _item(runtime: Runtime, place: PlaceCode) -> PlaceItem:
    return item_of(
        PlaceItem,
        place,
        code=display_place_code(place.code),
        url=receipt_url(runtime.settings.of(HttpSettings).short_url, place.code),
        store=place.store and display_store_code(place.store.code),
    )
