"""Ids made by the client, so that sending twice stores once."""

from __future__ import annotations

import os
import time
from uuid import UUID


def new_id() -> str:
    """A fresh UUIDv7 as text: unique, and sorting by the millisecond it was made."""
    return str(uuid7(time.time_ns() // 1_000_000, os.urandom(10)))


def uuid7(now_ms: int, random: bytes) -> UUID:
    """The UUIDv7 of this millisecond and these 10 random bytes (RFC 9562, section 5.7)."""
    high = int.from_bytes(random[:2], "big") & 0x0FFF
    low = int.from_bytes(random[2:10], "big") & 0x3FFF_FFFF_FFFF_FFFF
    return UUID(int=(now_ms & 0xFFFF_FFFF_FFFF) << 80 | 7 << 76 | high << 64 | 2 << 62 | low)
