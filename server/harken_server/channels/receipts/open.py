"""Receipts on their way in: what a scanned token or a typed number stands for, and how far it is
believed.

Whoever holds a receipt may answer. What proves a purchase is counted; anything else is kept apart
as `unverified`, with a flag that says why. Nothing is stored before an answer is sent.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias
from uuid import UUID

import msgspec

from harken_server.channels.page.destination import Destination
from harken_server.channels.receipts.rules.places import (
    PlaceCode,
    Store,
    Till,
    display_store_code,
    parse_place_code,
    parse_receipt_number,
)
from harken_server.channels.receipts.rules.tokens import (
    ReceiptToken,
    doubt_of,
    is_genuine,
    parse_receipt,
    response_id,
    store_secret,
    till_key,
)
from harken_server.channels.receipts.store.places import (
    find_place_code,
    find_store,
    find_till,
    first_till,
)
from harken_server.http.runtime import Runtime
from harken_server.invitations import codes
from harken_server.invitations.invitation import Invitation
from harken_server.invitations.store import get_invitation, keep_invitation
from harken_server.kernel.errors import NotFoundError
from harken_server.kernel.ids import keyed_id
from harken_server.responses.asked import Collection, collection_of
from harken_server.responses.sittings import Origin
from harken_server.responses.small_groups import day_of
from harken_server.surveys.catalog import LoadedSurvey
from harken_server.surveys.published import Touchpoint
from harken_server.surveys.store.touchpoints import get_touchpoint

MAX_COUNTED_STORES = 10_000


class ForgedCounts:
    """How many receipts that were not genuine each store has seen since the start."""

    def __init__(self) -> None:
        self._counts: OrderedDict[str, int] = OrderedDict()

    def add(self, store: str) -> int:
        """Count one more; gives how many there are."""
        self._counts[store] = self._counts.pop(store, 0) + 1
        if len(self._counts) > MAX_COUNTED_STORES:
            self._counts.popitem(last=False)
        return self._counts[store]


CHANNEL = "receipt"
Context: TypeAlias = dict[str, str | int | float | bool | None]

log = logging.getLogger("harken.receipts")


class ReceiptLookup(msgspec.Struct, frozen=True):
    """What looking at receipts needs."""

    room: Collection
    signing_keys: Sequence[bytes]
    random: Callable[[int], bytes]
    forged: ForgedCounts


def receipt_lookup_of(runtime: Runtime) -> ReceiptLookup:
    """What looking at receipts needs of the process."""
    forged = runtime.of(ForgedCounts)
    return ReceiptLookup(collection_of(runtime), runtime.signing_keys, runtime.random, forged)


class _Slip(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt as read: for which touchpoint, and under which id it can be answered once."""

    workspace_id: UUID
    touchpoint: str
    ids: tuple[UUID, ...]
    """Where it may have been answered; the first one is for a new answer."""
    context: Context
    locale: str | None = None
    flag: str | None = None
    place: str


async def open_printed(lookup: ReceiptLookup, text: str, number: str | None) -> Destination:
    """What is behind `/r/…`: a signed token, or a place code with or without a receipt number.

    Raises NotFoundError (`receipt_malformed`, `receipt_unknown`, `survey_unknown`).
    """
    token = parse_receipt(text)
    if token is not None:
        return await _open_slip(lookup, await _slip_of_token(lookup, token))
    code = parse_place_code(text)
    if code is None:
        raise NotFoundError("This is not a code from a receipt.", code="receipt_malformed")
    place = await find_place_code(lookup.room.db, code)
    if place is None or place.retired_at is not None:
        raise _unknown()
    return await _open_place(lookup, place, number)


async def open_typed(
    lookup: ReceiptLookup, store_code: str, number: str, date: str | None
) -> Destination:
    """What a typed store code and receipt number stand for.

    Both are canonical (`channels.receipts.rules.places`).

    Raises NotFoundError (`receipt_unknown`, `survey_unknown`).
    """
    store = await find_store(lookup.room.db, store_code)
    till = store and await first_till(lookup.room.db, store.workspace_id, store.id)
    if store is None or till is None:
        raise _unknown()
    context = _context_of(store, None, number) | ({"date": date} if date else {})
    slip = _Slip(
        workspace_id=till.workspace_id,
        touchpoint=till.touchpoint,
        ids=_ids_of_number(lookup, till.workspace_id, f"store:{store.id}", number),
        context=context,
        flag="receipt_typed",
        place=f"store:{store.id}",
    )
    return await _open_slip(lookup, slip)


async def _slip_of_token(lookup: ReceiptLookup, token: ReceiptToken) -> _Slip:
    till = await find_till(lookup.room.db, token.till)
    if till is None:
        raise _unknown()
    touchpoint = await _touchpoint(lookup, till.workspace_id, till.touchpoint)
    now = lookup.room.clock()
    keys = [_key_of(till, each, token.key_number) for each in lookup.signing_keys]
    true_key = next((key for key in keys if is_genuine(key, token)), None)
    flag = doubt_of(
        token,
        is_signed=true_key is not None,
        is_revoked=till.is_revoked(token.key_number, now),
        now=now,
        ttl_days=touchpoint.link_ttl_days,
    )
    if flag is not None:
        _note_doubt(lookup, till, flag)
    chosen = keys if true_key is None else [true_key]
    return _Slip(
        workspace_id=till.workspace_id,
        touchpoint=till.touchpoint,
        ids=tuple(response_id(key, token, is_true=true_key is not None) for key in chosen),
        context=_context_of(till.store, till.name, token.name),
        locale=till.locale,
        flag=flag,
        place=f"till:{till.id}",
    )


async def _open_place(lookup: ReceiptLookup, place: PlaceCode, number: str | None) -> Destination:
    where = f"code:{place.code}"
    if place.store is not None:
        where = f"store:{place.store.id}"
    if place.till_id is not None:
        where = f"till:{place.till_id}"
    read = number and parse_receipt_number(number)
    context = _context_of(place.store, place.till, read or None)
    if read:
        slip = _Slip(
            workspace_id=place.workspace_id,
            touchpoint=place.touchpoint,
            ids=_ids_of_number(lookup, place.workspace_id, where, read),
            context=context,
            flag="receipt_unsigned",
            place=where,
        )
        return await _open_slip(lookup, slip)
    return Destination(
        loaded=await _survey_at(lookup, place.workspace_id, place.touchpoint),
        origin=Origin(
            channel=CHANNEL,
            touchpoint=place.touchpoint,
            context=context,
            proof="" if number else "place",
        ),
        standing="unverified" if number else "counted",
        flags=("receipt_unsigned",) if number else (),
        place=f"code:{place.code}",
    )


def _ids_of_number(
    lookup: ReceiptLookup, workspace_id: UUID, place: str, number: str
) -> tuple[UUID, ...]:
    subject = f"{workspace_id}\n{place}\n{number}".encode()
    return tuple(keyed_id(key, b"harken receipt number\n", subject) for key in lookup.signing_keys)


async def _open_slip(lookup: ReceiptLookup, slip: _Slip) -> Destination:
    kept, keep = None, None
    for each in slip.ids:
        kept = kept or await get_invitation(lookup.room.db, slip.workspace_id, each)
    if kept is None:
        loaded = await _survey_at(lookup, slip.workspace_id, slip.touchpoint)
        kept = _new_invitation(lookup, slip, loaded)
        keep = partial(keep_invitation, lookup.room.db, kept, lookup.random)
    else:
        loaded = await lookup.room.catalog.by_id(slip.workspace_id, kept.survey_id)
    return Destination(
        loaded=loaded,
        invitation=kept,
        standing="counted" if slip.flag is None else "unverified",
        flags=() if slip.flag is None else (slip.flag,),
        place=slip.place,
        keep=keep,
    )


def _new_invitation(lookup: ReceiptLookup, slip: _Slip, loaded: LoadedSurvey) -> Invitation:
    now = lookup.room.clock()
    return Invitation(
        id=slip.ids[0],
        workspace_id=slip.workspace_id,
        survey_id=loaded.record.id,
        code=codes.keyed_code(lookup.signing_keys[0], slip.ids[0]),
        touchpoint=slip.touchpoint,
        channel=CHANNEL,
        created_at=day_of(now) if loaded.survey.anonymous else now,
        locale=slip.locale,
        context=slip.context,
    )


async def _survey_at(lookup: ReceiptLookup, workspace_id: UUID, key: str) -> LoadedSurvey:
    touchpoint = await _touchpoint(lookup, workspace_id, key)
    if touchpoint.survey is None:
        raise NotFoundError(f"Touchpoint {key} asks no survey.", code="survey_unknown")
    workspace = await lookup.room.catalog.workspaces.get(workspace_id)
    return await lookup.room.catalog.find(touchpoint.survey, workspace)


async def _touchpoint(lookup: ReceiptLookup, workspace_id: UUID, key: str) -> Touchpoint:
    found = await get_touchpoint(lookup.room.db, workspace_id, key)
    return found or Touchpoint(key=key, survey=None)


def _key_of(till: Till, signing_key: bytes, key_number: int) -> bytes:
    store = till.store
    secret = store_secret(signing_key, till.workspace_id, store.id, store.generation)
    return till_key(secret, till.number, key_number)


def _context_of(store: Store | None, till: str | None, receipt: str | None) -> Context:
    said = {
        "store": store and store.name,
        "store_code": store and display_store_code(store.code),
        "till": till,
        "receipt": receipt,
    }
    return {name: value for name, value in said.items() if value}


def _note_doubt(lookup: ReceiptLookup, till: Till, flag: str) -> None:
    details: dict[str, object] = {"code": flag, "store": till.store.code, "till": till.number}
    if flag == "receipt_forged":
        details["forged_here"] = lookup.forged.add(till.store.code)
    log.info("a receipt does not prove a purchase", extra=details)


def _unknown() -> NotFoundError:
    return NotFoundError("There is no such receipt.", code="receipt_unknown")
