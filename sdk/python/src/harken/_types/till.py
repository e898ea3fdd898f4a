"""Stores, tills and place codes as the API shows them."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Store(msgspec.Struct, frozen=True, kw_only=True):
    """A shop, under the code that its receipts print."""

    code: str
    """Five characters, such as `K7Q2-2`: print it beside the receipt number."""
    name: str
    details: dict[str, str] = {}
    created_at: datetime


class RevokedKey(msgspec.Struct, frozen=True):
    """A key whose receipts are no longer true from a time on."""

    key_number: int
    revoked_at: datetime


class RegisteredTill(msgspec.Struct, frozen=True, kw_only=True):
    """A till as the server knows it."""

    number: int
    name: str
    store: str
    """Code of its store."""
    touchpoint: str
    locale: str | None = None
    key_number: int
    """Number of the key in use, from 0."""
    revoked_keys: tuple[RevokedKey, ...] = ()
    created_at: datetime
    closed_at: datetime | None = None
    configuration: str | None = None
    """What `harken.receipts.Till.from_text` takes; only there when its key was just made."""


class PlaceCode(msgspec.Struct, frozen=True, kw_only=True):
    """A code for a sign that anybody may scan, pointed to a touchpoint."""

    code: str
    """Nine characters, such as `ABCD-EFGH-J`."""
    url: str
    """For the QR; `?n=` and a receipt number may stand behind it."""
    touchpoint: str
    label: str = ""
    store: str | None = None
    till: str | None = None
    created_at: datetime
    retired_at: datetime | None = None
