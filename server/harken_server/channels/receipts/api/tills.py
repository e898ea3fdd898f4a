"""Tills: what signs receipts. A till's configuration is told once; its key can be revoked alone."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from harken_server.channels.receipts.api.stores import Title, find_own_store
from harken_server.channels.receipts.rules.places import Till, display_store_code
from harken_server.channels.receipts.rules.tokens import MAX_KEY_NUMBER, MAX_TILL
from harken_server.channels.receipts.store.places import get_till, list_tills
from harken_server.channels.receipts.tills import (
    change_till,
    configuration_of,
    make_till,
    revoke_key,
    rotate_key,
    unknown_till,
)
from harken_server.http.replies import item_of
from harken_server.http.runtime import Runtime
from harken_server.http.settings import HttpSettings
from harken_server.kernel.errors import InvalidInputError, Problem
from harken_server.kernel.shown_text import check_name
from harken_server.responses.submission import utc_milliseconds
from harken_server.surveys.store.touchpoints import get_touchpoint
from harken_server.surveys.survey import TouchpointKey
from harken_server.surveys.texts import Locale
from harken_server.workspaces.keyed import Call, delete, get, patch, post


class TillBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A new till."""

    name: Title
    touchpoint: TouchpointKey
    """The touchpoint that its receipts stand for: it names the survey."""
    locale: Locale | None = None
    """Of the survey's page; else the browser's."""

    def __post_init__(self) -> None:
        """What cannot be seen is no part of a name."""
        check_name("name", self.name)


class TillChange(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What is to be otherwise from now on; printed receipts follow."""

    name: Title | None = None
    touchpoint: TouchpointKey | None = None
    locale: Locale | msgspec.UnsetType | None = msgspec.UNSET

    def __post_init__(self) -> None:
        """What cannot be seen is no part of a name."""
        check_name("name", self.name)


class RotateBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What becomes of the key in use."""

    keep_old_until: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    """Until when receipts signed with it are still good; left out, it is refused at once."""

    def __post_init__(self) -> None:
        """Refuse a time that is out of the calendar in UTC."""
        if self.keep_old_until is not None:
            utc_milliseconds(self.keep_old_until)


class RevokeBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Which key is refused."""

    key_number: Annotated[int, msgspec.Meta(ge=0, le=MAX_KEY_NUMBER)] | None = None
    """The one in use, unless another is named."""


class RevokedKey(msgspec.Struct, frozen=True):
    """A key that is refused from a time on."""

    key_number: int
    revoked_at: datetime


class TillItem(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One till. `configuration` is only in the answer that made its key."""

    number: int
    name: str
    store: str
    touchpoint: str
    locale: str | None = None
    key_number: int = -1
    """Number of the key in use, from 0."""
    revoked_keys: tuple[RevokedKey, ...] = ()
    created_at: datetime
    closed_at: datetime | None = None
    configuration: str | None = None
    """What the till needs to sign receipts by itself. Keep it secret; it is not shown again."""


class TillQuery(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Where to go on, how many at once, and of which store."""

    store: Annotated[str, msgspec.Meta(max_length=40)] | None = None
    after: Annotated[int, msgspec.Meta(ge=0, le=MAX_TILL)] = 0
    """The number of the last till of the page before."""
    limit: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 200


class TillList(msgspec.Struct, kw_only=True):
    """A page of tills, by number."""

    tills: list[TillItem]


def till_item(till: Till) -> TillItem:
    """A till as the API shows it, without its secrets."""
    revoked = tuple(RevokedKey(*each) for each in sorted(till.revoked_keys.items()))
    store = display_store_code(till.store.code)
    return item_of(TillItem, till, store=store, revoked_keys=revoked, configuration=None)


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
        call.runtime, store, name=body.name, touchpoint=body.touchpoint, locale=body.locale
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
