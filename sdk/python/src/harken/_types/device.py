"""Kiosks as the API shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """A kiosk, and what it last said of itself."""

    id: str
    name: str
    touchpoint: str
    """Its responses are filed under it."""
    survey: str | None
    """None lets the touchpoint say which survey is asked."""
    settings: dict[str, Any]
    """What differs from the defaults."""
    state: str
    """`waiting` for its code, `expired` before that was typed, `registered` or `revoked`."""
    created_at: datetime
    pairing_expires_at: datetime | None = None
    registered_at: datetime | None = None
    last_seen_at: datetime | None = None
    revoked_at: datetime | None = None
    report: dict[str, Any] | None = None
    """`waiting`, `dead` and `discarded` answers on the device, and `clock_offset_s`."""


class NewDevice(Device, frozen=True, kw_only=True):
    """A kiosk that waits for its code to be typed."""

    pairing_code: str
    """Eight digits; works within an hour, and is not shown again."""
    kiosk_url: str
    """The page to open on the tablet."""
