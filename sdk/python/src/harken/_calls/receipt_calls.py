"""Requests about stores, tills and place codes as `Call`s."""

from __future__ import annotations

from datetime import datetime

from harken._calls.conversation import Call
from harken._calls.reading import read_as, read_list
from harken._calls.request import bare, delete, get, segment, send, without_none
from harken._types.till import PlaceCode, RegisteredTill, Store

_read_till = read_as(RegisteredTill)
_read_place = read_as(PlaceCode)


def create_store(name: str, details: dict[str, str]) -> Call[Store]:
    """POST /v1/stores; sent once, since each one makes a store."""
    body = {"name": name, "details": details}
    return send("POST", "/v1/stores", read_as(Store), body, may_repeat=False)


def list_stores(after: str, limit: int) -> Call[tuple[Store, ...]]:
    """GET /v1/stores: one page."""
    return get("/v1/stores", read_list("stores", Store), after=after, limit=limit)


def create_till(store: str, name: str, touchpoint: str, locale: str | None) -> Call[RegisteredTill]:
    """POST /v1/stores/{code}/tills; sent once, since each one makes a till."""
    path = f"/v1/stores/{segment(store)}/tills"
    body = without_none({"name": name, "touchpoint": touchpoint, "locale": locale})
    return send("POST", path, _read_till, body, may_repeat=False)


def list_tills(store: str | None, after: int, limit: int) -> Call[tuple[RegisteredTill, ...]]:
    """GET /v1/tills: one page."""
    read = read_list("tills", RegisteredTill)
    return get("/v1/tills", read, after=after, limit=limit, store=store or None)


def change_till(number: int, name: str | None, touchpoint: str | None) -> Call[RegisteredTill]:
    """PATCH /v1/tills/{number}."""
    body = without_none({"name": name, "touchpoint": touchpoint})
    return send("PATCH", f"/v1/tills/{number}", _read_till, body)


def rotate_till_key(number: int, keep_old_until: datetime | None) -> Call[RegisteredTill]:
    """POST /v1/tills/{number}/rotate; sent once, since each one makes a key."""
    body = without_none({"keep_old_until": keep_old_until})
    return send("POST", f"/v1/tills/{number}/rotate", _read_till, body, may_repeat=False)


def revoke_till_key(number: int, key_number: int | None) -> Call[RegisteredTill]:
    """POST /v1/tills/{number}/revoke. Repeated only when it names the key that it means."""
    path = f"/v1/tills/{number}/revoke"
    body = without_none({"key_number": key_number})
    return send("POST", path, _read_till, body, may_repeat=key_number is not None)


def close_till(number: int) -> Call[RegisteredTill]:
    """DELETE /v1/tills/{number}."""
    return bare("DELETE", f"/v1/tills/{number}", _read_till)


def create_place(
    touchpoint: str, label: str, store: str | None, till: int | None
) -> Call[PlaceCode]:
    """POST /v1/place-codes; sent once, since each one makes a code."""
    body = without_none({"touchpoint": touchpoint, "label": label, "store": store, "till": till})
    return send("POST", "/v1/place-codes", _read_place, body, may_repeat=False)


def list_places(after: str, limit: int) -> Call[tuple[PlaceCode, ...]]:
    """GET /v1/place-codes: one page."""
    read = read_list("place_codes", PlaceCode)
    return get("/v1/place-codes", read, after=after, limit=limit)


def change_place(code: str, touchpoint: str | None, label: str | None) -> Call[PlaceCode]:
    """PATCH /v1/place-codes/{code}."""
    body = without_none({"touchpoint": touchpoint, "label": label})
    return send("PATCH", f"/v1/place-codes/{segment(code)}", _read_place, body)


def retire_place(code: str) -> Call[None]:
    """DELETE /v1/place-codes/{code}."""
    return delete(f"/v1/place-codes/{segment(code)}")
