"""Tills: what signs receipts. A till's configuration is told once; its key can be revoked alone."""

from typing import Any

import msgspec
from litestar import Request, Response, delete, get, patch, post
from litestar.params import FromPath

from harken_server.channels.receipts.api.stores import find_own_store
from harken_server.channels.receipts.api.till_bodies import (
    RevokeBody,
    RotateBody,
    TillBody,
    TillChange,
    TillItem,
    TillList,
    TillQuery,
    till_item,
)
from harken_server.channels.receipts.rules.places import Till
from harken_server.channels.receipts.rules.tokens import MAX_TILL
from harken_server.channels.receipts.store.tills import get_till, list_tills
from harken_server.channels.receipts.tills import (
    change_till,
    configuration_of,
    make_till,
    revoke_key,
    rotate_key,
    unknown_till,
)
from harken_server.http.bodies import decode_json, decode_query
from harken_server.http.operations import Operation, describe
from harken_server.http.replies import json_reply
from harken_server.http.runtime import Runtime, runtime_of
from harken_server.http.settings import HttpSettings
from harken_server.kernel.errors import InvalidInputError, Problem
from harken_server.responses.submission import utc_milliseconds
from harken_server.surveys.store.touchpoints import get_touchpoint
from harken_server.workspaces.access import workspace_of

_bodies = msgspec.json.Decoder(TillBody)
_changes = msgspec.json.Decoder(TillChange)
_rotations = msgspec.json.Decoder(RotateBody)
_revocations = msgspec.json.Decoder(RevokeBody)


@post(
    "/stores/{code:str}/tills",
    opt=describe(
        Operation(
            "create_till",
            "Make a till that signs receipts",
            scope="manage",
            body=TillBody,
            reply=TillItem,
            status=201,
            errors=(400, 404, 409, 413, 422),
        )
    ),
)
async def create(request: Request[Any, Any, Any], code: FromPath[str]) -> Response[bytes]:
    """The configuration is in this answer, and nowhere else afterwards."""
    runtime = runtime_of(request)
    body = decode_json(await request.body(), _bodies)
    store = await find_own_store(request, code)
    await require_touchpoint(request, body.touchpoint)
    till = await make_till(
        runtime.db,
        store,
        name=body.name,
        touchpoint=body.touchpoint,
        locale=body.locale,
        now=runtime.clock(),
        random=runtime.random,
    )
    return json_reply(_configured(runtime, till), 201)


@get(
    "/tills",
    opt=describe(
        Operation(
            "list_tills",
            "List tills",
            scope="manage",
            query=TillQuery,
            reply=TillList,
            errors=(400, 404),
        )
    ),
)
async def list_all(request: Request[Any, Any, Any]) -> Response[bytes]:
    """A page of tills, by number; without their secrets."""
    query = decode_query(request.query_params.multi_items(), TillQuery)
    store = None if query.store is None else (await find_own_store(request, query.store)).code
    found = await list_tills(
        runtime_of(request).db,
        workspace_of(request).id,
        store=store,
        after=query.after,
        limit=query.limit,
    )
    return json_reply(TillList(tills=[till_item(till) for till in found]))


@get(
    "/tills/{number:str}",
    opt=describe(
        Operation("get_till", "Read a till", scope="manage", reply=TillItem, errors=(404,))
    ),
)
async def read(request: Request[Any, Any, Any], number: FromPath[str]) -> Response[bytes]:
    """One till, without its secrets."""
    till = await get_till(runtime_of(request).db, workspace_of(request).id, _number(number))
    if till is None:
        raise unknown_till(number)
    return json_reply(till_item(till))


@patch(
    "/tills/{number:str}",
    status_code=200,
    opt=describe(
        Operation(
            "change_till",
            "Rename a till, or point it to another touchpoint",
            scope="manage",
            body=TillChange,
            reply=TillItem,
            errors=(400, 404, 413, 422),
        )
    ),
)
async def change(request: Request[Any, Any, Any], number: FromPath[str]) -> Response[bytes]:
    """Receipts printed before lead to the new touchpoint too."""
    body = decode_json(await request.body(), _changes)
    if body.touchpoint is not None:
        await require_touchpoint(request, body.touchpoint)

    def changed(till: Till) -> Till:
        return msgspec.structs.replace(
            till,
            name=body.name or till.name,
            touchpoint=body.touchpoint or till.touchpoint,
            locale=till.locale if body.locale is msgspec.UNSET else body.locale,
        )

    owner = (runtime_of(request).db, workspace_of(request).id)
    return json_reply(till_item(await change_till(*owner, _number(number), changed)))


@post(
    "/tills/{number:str}/rotate",
    status_code=200,
    opt=describe(
        Operation(
            "rotate_till_key",
            "Give a till its next key",
            scope="manage",
            body=RotateBody,
            reply=TillItem,
            errors=(400, 404, 409, 413, 422),
        )
    ),
)
async def rotate(request: Request[Any, Any, Any], number: FromPath[str]) -> Response[bytes]:
    """The new configuration is in this answer, and nowhere else afterwards."""
    runtime = runtime_of(request)
    body = decode_json(await request.body() or b"{}", _rotations)
    till = await rotate_key(
        runtime.db,
        workspace_of(request).id,
        _number(number),
        keep_old_until=body.keep_old_until and utc_milliseconds(body.keep_old_until),
        now=runtime.clock(),
    )
    return json_reply(_configured(runtime, till))


@post(
    "/tills/{number:str}/revoke",
    status_code=200,
    opt=describe(
        Operation(
            "revoke_till_key",
            "Refuse what a till's key signs",
            scope="manage",
            body=RevokeBody,
            reply=TillItem,
            errors=(400, 404, 413, 422),
        )
    ),
)
async def revoke(request: Request[Any, Any, Any], number: FromPath[str]) -> Response[bytes]:
    """Its receipts can still be answered, as unverified; the till's other keys go on."""
    runtime = runtime_of(request)
    body = decode_json(await request.body() or b"{}", _revocations)
    till = await revoke_key(
        runtime.db,
        workspace_of(request).id,
        _number(number),
        key_number=body.key_number,
        now=runtime.clock(),
    )
    return json_reply(till_item(till))


@delete(
    "/tills/{number:str}",
    status_code=200,
    opt=describe(
        Operation(
            "close_till", "Close a till for ever", scope="manage", reply=TillItem, errors=(404,)
        )
    ),
)
async def close(request: Request[Any, Any, Any], number: FromPath[str]) -> Response[bytes]:
    """None of its keys is good any more, and no new one can be had."""
    runtime = runtime_of(request)
    now = runtime.clock()

    def closed(till: Till) -> Till:
        return msgspec.structs.replace(till, closed_at=till.closed_at or now)

    owner = (runtime.db, workspace_of(request).id)
    return json_reply(till_item(await change_till(*owner, _number(number), closed)))


async def require_touchpoint(request: Request[Any, Any, Any], key: str) -> None:
    """Raise InvalidInputError (`touchpoint_unknown`) unless the workspace has it."""
    if await get_touchpoint(runtime_of(request).db, workspace_of(request).id, key) is None:
        message = f"There is no touchpoint {key!r} here."
        raise InvalidInputError(message, (Problem("$.touchpoint", "touchpoint_unknown", message),))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 8 and int(text) <= MAX_TILL):
        raise unknown_till(repr(text))
    return int(text)


def _configured(runtime: Runtime, till: Till) -> TillItem:
    text = configuration_of(till, runtime.signing_keys, runtime.settings.of(HttpSettings).short_url)
    return msgspec.structs.replace(till_item(till), configuration=text)


ROUTES = (create, list_all, read, change, rotate, revoke, close)
