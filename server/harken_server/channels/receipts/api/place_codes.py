"""Place codes: signs for anybody, printed once and pointed elsewhere without printing again."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, delete, get, patch, post
from litestar.params import FromPath

from harken_server.channels.receipts.api.stores import find_own_store
from harken_server.channels.receipts.api.tills import require_touchpoint
from harken_server.channels.receipts.rules.place_codes import (
    display_place_code,
    display_store_code,
    parse_place_code,
)
from harken_server.channels.receipts.rules.places import PlaceCode
from harken_server.channels.receipts.rules.tokens import MAX_TILL
from harken_server.channels.receipts.store.place_codes import (
    change_place_code,
    get_place_code,
    list_place_codes,
    retire_place_code,
)
from harken_server.channels.receipts.store.tills import get_till
from harken_server.channels.receipts.tills import make_place
from harken_server.http.bodies import decode_json, decode_query
from harken_server.http.operations import Operation, describe
from harken_server.http.replies import empty_reply, json_reply
from harken_server.http.runtime import Runtime, runtime_of
from harken_server.http.settings import HttpSettings
from harken_server.invitations.links import receipt_url
from harken_server.kernel.errors import InvalidInputError, NotFoundError, Problem
from harken_server.surveys.survey import TouchpointKey
from harken_server.workspaces.access import workspace_of

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


_bodies = msgspec.json.Decoder(PlaceBody)
_changes = msgspec.json.Decoder(PlaceChange)


@post(
    "/place-codes",
    opt=describe(
        Operation(
            "create_place_code",
            "Make a code for a sign",
            scope="manage",
            body=PlaceBody,
            reply=PlaceItem,
            status=201,
            errors=(400, 404, 413, 422),
        )
    ),
)
async def create(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Print it once: where it leads can be changed afterwards."""
    runtime = runtime_of(request)
    workspace = workspace_of(request)
    body = decode_json(await request.body(), _bodies)
    await require_touchpoint(request, body.touchpoint)
    store = None if body.store is None else await find_own_store(request, body.store)
    till = None if body.till is None else await get_till(runtime.db, workspace.id, body.till)
    if body.till is not None and till is None:
        message = f"There is no till {body.till} here."
        raise InvalidInputError(message, (Problem("$.till", "till_unknown", message),))
    place = PlaceCode(
        code="",
        workspace_id=workspace.id,
        touchpoint=body.touchpoint,
        store=store if till is None else till.store,
        till=None if till is None else till.name,
        till_id=None if till is None else till.id,
        label=body.label,
        created_at=runtime.clock(),
    )
    return json_reply(_item(runtime, await make_place(runtime.db, place, runtime.random)), 201)


@get(
    "/place-codes",
    opt=describe(
        Operation(
            "list_place_codes",
            "List place codes",
            scope="manage",
            query=PlaceQuery,
            reply=PlaceList,
            errors=(400,),
        )
    ),
)
async def list_all(request: Request[Any, Any, Any]) -> Response[bytes]:
    """A page of place codes, retired ones included."""
    runtime = runtime_of(request)
    query = decode_query(request.query_params.multi_items(), PlaceQuery)
    after = query.after.replace("-", "").upper()
    found = await list_place_codes(
        runtime.db, workspace_of(request).id, after=after, limit=query.limit
    )
    return json_reply(PlaceList(place_codes=[_item(runtime, place) for place in found]))


@get(
    "/place-codes/{code:str}",
    opt=describe(
        Operation(
            "get_place_code",
            "Read a place code",
            scope="manage",
            reply=PlaceItem,
            errors=(404,),
        )
    ),
)
async def read(request: Request[Any, Any, Any], code: FromPath[str]) -> Response[bytes]:
    """One place code, in any spelling."""
    runtime = runtime_of(request)
    return json_reply(_item(runtime, await _find(request, code)))


@patch(
    "/place-codes/{code:str}",
    status_code=200,
    opt=describe(
        Operation(
            "change_place_code",
            "Point a printed code elsewhere",
            scope="manage",
            body=PlaceChange,
            reply=PlaceItem,
            errors=(400, 404, 413, 422),
        )
    ),
)
async def change(request: Request[Any, Any, Any], code: FromPath[str]) -> Response[bytes]:
    """Whoever scans it from now on is led there; nothing is printed again."""
    runtime = runtime_of(request)
    body = decode_json(await request.body(), _changes)
    if body.touchpoint is not None:
        await require_touchpoint(request, body.touchpoint)
    place = await _find(request, code)
    await change_place_code(
        runtime.db,
        place.workspace_id,
        place.code,
        touchpoint=body.touchpoint,
        label=body.label,
    )
    return json_reply(_item(runtime, await _find(request, code)))


@delete(
    "/place-codes/{code:str}",
    status_code=204,
    opt=describe(
        Operation(
            "retire_place_code",
            "Have a printed code lead nowhere",
            scope="manage",
            status=204,
            errors=(404,),
        )
    ),
)
async def retire(request: Request[Any, Any, Any], code: FromPath[str]) -> Response[None]:
    """Who scans it is offered to type a receipt's number. It cannot be taken back."""
    runtime = runtime_of(request)
    place = await _find(request, code)
    await retire_place_code(runtime.db, place.workspace_id, place.code, runtime.clock())
    return empty_reply()


async def _find(request: Request[Any, Any, Any], text: str) -> PlaceCode:
    code = parse_place_code(text)
    found = code and await get_place_code(runtime_of(request).db, workspace_of(request).id, code)
    if not found:
        raise NotFoundError(f"There is no place code {text!r} here.", code="place_code_unknown")
    return found


def _item(runtime: Runtime, place: PlaceCode) -> PlaceItem:
    return PlaceItem(
        code=display_place_code(place.code),
        url=receipt_url(runtime.settings.of(HttpSettings).short_url, place.code),
        touchpoint=place.touchpoint,
        label=place.label,
        store=place.store and display_store_code(place.store.code),
        till=place.till,
        created_at=place.created_at,
        retired_at=place.retired_at,
    )


ROUTES = (create, list_all, read, change, retire)
