"""Requests about stores, tills and place codes as `Call`s."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

import msgspec

from harken._calls.conversation import Call
from harken._calls.reading import read_as, read_nothing, segment
from harken._types.till import PlaceCode, RegisteredTill, Store

T = TypeVar("T")
JSON = ("Content-Type", "application/json")


class _Stores(msgspec.Struct, frozen=True):
    stores: tuple[Store, ...]


class _Tills(msgspec.Struct, frozen=True):
    tills: tuple[RegisteredTill, ...]


class _Places(msgspec.Struct, frozen=True):
    place_codes: tuple[PlaceCode, ...]


def create_store(name: str, details: dict[str, str]) -> Call[Store]:
    """POST /v1/stores; sent once, since each one makes a store."""
    return _send("POST", "/v1/stores", Store, name=name, details=details)


def list_stores(after: str, limit: int) -> Call[tuple[Store, ...]]:
    """GET /v1/stores: one page."""
    query = (("after", after), ("limit", str(limit)))
    read = read_as(_Stores)
    return Call(
        method="GET", path="/v1/stores", query=query, read=lambda reply: read(reply).stores,
        may_repeat=True,
    )  # fmt: skip


def create_till(store: str, name: str, touchpoint: str, locale: str | None) -> Call[RegisteredTill]:
    """POST /v1/stores/{code}/tills; sent once, since each one makes a till."""
    path = f"/v1/stores/{segment(store)}/tills"
    return _send("POST", path, RegisteredTill, name=name, touchpoint=touchpoint, locale=locale)


def list_tills(store: str | None, after: int, limit: int) -> Call[tuple[RegisteredTill, ...]]:
    """GET /v1/tills: one page."""
    query = (("after", str(after)), ("limit", str(limit)))
    read = read_as(_Tills)
    return Call(
        method="GET", path="/v1/tills", query=(*query, ("store", store)) if store else query,
        read=lambda reply: read(reply).tills, may_repeat=True,
    )  # fmt: skip


def change_till(number: int, name: str | None, touchpoint: str | None) -> Call[RegisteredTill]:
    """PATCH /v1/tills/{number}."""
    return _send(
        "PATCH", f"/v1/tills/{number}", RegisteredTill, True, name=name, touchpoint=touchpoint
    )


def rotate_till_key(number: int, keep_old_until: datetime | None) -> Call[RegisteredTill]:
    """POST /v1/tills/{number}/rotate; sent once, since each one makes a key."""
    return _send(
        "POST", f"/v1/tills/{number}/rotate", RegisteredTill, keep_old_until=keep_old_until
    )


def revoke_till_key(number: int, key_number: int | None) -> Call[RegisteredTill]:
    """POST /v1/tills/{number}/revoke. Repeated only when it names the key that it means."""
    path = f"/v1/tills/{number}/revoke"
    return _send("POST", path, RegisteredTill, key_number is not None, key_number=key_number)


def close_till(number: int) -> Call[RegisteredTill]:
    """DELETE /v1/tills/{number}."""
    path = f"/v1/tills/{number}"
    return Call(method="DELETE", path=path, read=read_as(RegisteredTill), may_repeat=True)


def create_place(
    touchpoint: str, label: str, store: str | None, till: int | None
) -> Call[PlaceCode]:
    """POST /v1/place-codes; sent once, since each one makes a code."""
    return _send(
        "POST", "/v1/place-codes", PlaceCode,
        touchpoint=touchpoint, label=label, store=store, till=till,
    )  # fmt: skip


def list_places(after: str, limit: int) -> Call[tuple[PlaceCode, ...]]:
    """GET /v1/place-codes: one page."""
    query = (("after", after), ("limit", str(limit)))
    read = read_as(_Places)
    return Call(
        method="GET", path="/v1/place-codes", query=query,
        read=lambda reply: read(reply).place_codes, may_repeat=True,
    )  # fmt: skip


def change_place(code: str, touchpoint: str | None, label: str | None) -> Call[PlaceCode]:
    """PATCH /v1/place-codes/{code}."""
    path = f"/v1/place-codes/{segment(code)}"
    return _send("PATCH", path, PlaceCode, True, touchpoint=touchpoint, label=label)


def retire_place(code: str) -> Call[None]:
    """DELETE /v1/place-codes/{code}."""
    path = f"/v1/place-codes/{segment(code)}"
    return Call(method="DELETE", path=path, read=read_nothing, may_repeat=True)


def _send(
    method: str, path: str, kind: type[T], may_repeat: bool = False, /, **fields: Any
) -> Call[T]:
    body = {name: value for name, value in fields.items() if value is not None}
    return Call(
        method=method,
        path=path,
        headers=(JSON,),
        body=msgspec.json.encode(body),
        read=read_as(kind),
        may_repeat=may_repeat,
    )
