"""Tills: what signs receipts. A till's configuration is told once; its key can be revoked alone."""

import msgspec

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
from harken_server.http.runtime import Runtime
from harken_server.http.settings import HttpSettings
from harken_server.kernel.errors import InvalidInputError, Problem
from harken_server.responses.submission import utc_milliseconds
from harken_server.surveys.store.touchpoints import get_touchpoint
from harken_server.workspaces.keyed import Call, delete, get, patch, post


@post(
    "/stores/{code:str}/tills",
    "create_till",
    "Make a till that signs receipts",
    scope="manage",
    status=201,
    errors=(404, 409),
)
async def create(call: Call, code: str, body: TillBody) -> TillItem:
    """The configuration is in this answer, and nowhere else afterwards."""
    store = await find_own_store(call, code)
    await require_touchpoint(call, body.touchpoint)
    till = await make_till(
        call.db,
        store,
        name=body.name,
        touchpoint=body.touchpoint,
        locale=body.locale,
        now=call.now(),
        random=call.runtime.random,
    )
    return _configured(call.runtime, till)


@get("/tills", "list_tills", "List tills", scope="manage", errors=(404,))
async def list_all(call: Call, query: TillQuery) -> TillList:
    """A page of tills, by number; without their secrets."""
    store = None if query.store is None else (await find_own_store(call, query.store)).code
    found = await list_tills(
        call.db,
        call.workspace_id,
        store=store,
        after=query.after,
        limit=query.limit,
    )
    return TillList(tills=[till_item(till) for till in found])


@get("/tills/{number:str}", "get_till", "Read a till", scope="manage", errors=(404,))
async def read(call: Call, number: str) -> TillItem:
    """One till, without its secrets."""
    till = await get_till(call.db, call.workspace_id, _number(number))
    if till is None:
        raise unknown_till(number)
    return till_item(till)


@patch(
    "/tills/{number:str}",
    "change_till",
    "Rename a till, or point it to another touchpoint",
    scope="manage",
    errors=(404,),
)
async def change(call: Call, number: str, body: TillChange) -> TillItem:
    """Receipts printed before lead to the new touchpoint too."""
    if body.touchpoint is not None:
        await require_touchpoint(call, body.touchpoint)

    def changed(till: Till) -> Till:
        return msgspec.structs.replace(
            till,
            name=body.name or till.name,
            touchpoint=body.touchpoint or till.touchpoint,
            locale=till.locale if body.locale is msgspec.UNSET else body.locale,
        )

    owner = (call.db, call.workspace_id)
    return till_item(await change_till(*owner, _number(number), changed))


@post(
    "/tills/{number:str}/rotate",
    "rotate_till_key",
    "Give a till its next key",
    scope="manage",
    errors=(404, 409),
    may_be_empty=True,
)
async def rotate(call: Call, number: str, body: RotateBody) -> TillItem:
    """The new configuration is in this answer, and nowhere else afterwards."""
    till = await rotate_key(
        call.db,
        call.workspace_id,
        _number(number),
        keep_old_until=body.keep_old_until and utc_milliseconds(body.keep_old_until),
        now=call.now(),
    )
    return _configured(call.runtime, till)


@post(
    "/tills/{number:str}/revoke",
    "revoke_till_key",
    "Refuse what a till's key signs",
    scope="manage",
    errors=(404,),
    may_be_empty=True,
)
async def revoke(call: Call, number: str, body: RevokeBody) -> TillItem:
    """Its receipts can still be answered, as unverified; the till's other keys go on."""
    till = await revoke_key(
        call.db,
        call.workspace_id,
        _number(number),
        key_number=body.key_number,
        now=call.now(),
    )
    return till_item(till)


@delete("/tills/{number:str}", "close_till", "Close a till for ever", scope="manage", errors=(404,))
async def close(call: Call, number: str) -> TillItem:
    """None of its keys is good any more, and no new one can be had."""
    now = call.now()

    def closed(till: Till) -> Till:
        return msgspec.structs.replace(till, closed_at=till.closed_at or now)

    owner = (call.db, call.workspace_id)
    return till_item(await change_till(*owner, _number(number), closed))


async def require_touchpoint(call: Call, key: str) -> None:
    """Raise InvalidInputError (`touchpoint_unknown`) unless the workspace has it."""
    if await get_touchpoint(call.db, call.workspace_id, key) is None:
        message = f"There is no touchpoint {key!r} here."
        raise InvalidInputError(message, (Problem("$.touchpoint", "touchpoint_unknown", message),))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 8 and int(text) <= MAX_TILL):
        raise unknown_till(repr(text))
    return int(text)


def _configured(runtime: Runtime, till: Till) -> TillItem:
    text = configuration_of(till, runtime.signing_keys, runtime.settings.of(HttpSettings).short_url)
    return msgspec.structs.replace(till_item(till), configuration=text)
