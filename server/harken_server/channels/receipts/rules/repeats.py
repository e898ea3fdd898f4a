"""Who answers too often at one place: devices known for a day, and by nothing but a keyed hash."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

REMEMBERED_FOR = timedelta(hours=24)
SAME_DEVICE = 3
"""So many responses of one device at one place within a day are looked at."""
VELOCITY_WINDOW = timedelta(minutes=5)
VELOCITY = 6
"""So many responses at one till within the window are looked at: a queue moves more slowly."""

MANY_RECEIPTS = "many_receipts"


class DeviceAnswer(msgspec.Struct, frozen=True):
    """A device answered at a place."""

    workspace_id: UUID
    place: str
    """`till:` or `store:` with an id, or `code:` with a place code."""
    device: str
    survey_id: UUID
    response_id: UUID
    seen_at: datetime


def device_keys(key: bytes, now: datetime, address: str, agent: str) -> tuple[str, str]:
    """What stands for a device today, and what stood for it yesterday (UTC).

    Nobody without the server's key can find the address in it, and no two days can be joined.
    """
    today, yesterday = (
        _device_key(key, now - timedelta(days=days), address, agent) for days in (0, 1)
    )
    return today, yesterday


def suspects(
    seen: Iterable[DeviceAnswer], devices: tuple[str, str], now: datetime
) -> dict[str, list[DeviceAnswer]]:
    """The answers that deserve a flag, by flag: `same_device`, `velocity` and `many_receipts`.

    The last is of one device that answers more receipts of one till than it prints meanwhile: that
    customers share a network and have the same telephone does not explain it.
    """
    fresh = [each for each in seen if now - REMEMBERED_FOR < each.seen_at]
    same = [each for each in fresh if each.device in devices]
    rapid = [
        each
        for each in fresh
        if now - VELOCITY_WINDOW < each.seen_at and not each.place.startswith("code:")
    ]
    found: dict[str, list[DeviceAnswer]] = {}
    if len(same) >= SAME_DEVICE:
        found["same_device"] = same
    if len(rapid) >= VELOCITY:
        found["velocity"] = rapid
    printed = [each for each in rapid if each in same and each.place.startswith("till:")]
    if len(printed) >= VELOCITY:
        found[MANY_RECEIPTS] = printed
    return found


def _device_key(key: bytes, day: datetime, address: str, agent: str) -> str:
    subject = f"harken device\n{day.date().isoformat()}\n{address}\n{agent}".encode()
    return hmac.digest(key, subject, "sha256")[:16].hex()
