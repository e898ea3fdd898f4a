"""Ids: time-ordered ones, from a time and random bytes that are passed in, and keyed ones.

A keyed one is the same again for the same subject.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeAlias
from uuid import UUID

Random: TypeAlias = Callable[[int], bytes]
"""Gives as many unpredictable bytes as asked for, such as `secrets.token_bytes`."""
NOBODYS = UUID(int=0)
"""Stands where there is something, and nobody shall tell what (RFC 9562: the nil id)."""
RANDOM_BYTES = 10
"""Random bytes that one id takes; 74 of the 80 bits are used."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_VERSION = 7 << 76
_VARIANT = 0b10 << 62


def uuid7(now: datetime, random: bytes) -> UUID:
    """Give the RFC 9562 section 5.7 id of a moment, so that ids sort by millisecond.

    `now` must be aware and lie in 1970 to 10889; `random` is exactly 10 fresh bytes. ValueError
    otherwise: a short or reused `random` would make ids that repeat.
    """
    if len(random) != RANDOM_BYTES:
        raise ValueError(f"an id takes exactly {RANDOM_BYTES} random bytes, not {len(random)}")
    if now.tzinfo is None:
        raise ValueError("the time of an id must be aware")
    milliseconds = (now - _EPOCH) // _MILLISECOND
    if not 0 <= milliseconds < 1 << 48:
        raise ValueError("the time of an id must not lie before 1970")
    chance = int.from_bytes(random, "big")
    high = (chance >> 62) & 0xFFF
    low = chance & ((1 << 62) - 1)
    return UUID(int=milliseconds << 80 | _VERSION | high << 64 | _VARIANT | low)


def time_of(id_: UUID) -> datetime | None:
    """The moment that an id of `uuid7` carries, to the millisecond; None for any other id."""
    return _EPOCH + (id_.int >> 80) * _MILLISECOND if id_.version == 7 else None


def keyed_id(key: bytes, label: bytes, subject: bytes) -> UUID:
    """An id that follows from a subject, for those who know the key alone (RFC 9562 version 8).

    Who can read the subject cannot foresee the id, and take it before it is used. `label` keeps the
    uses of one key apart.
    """
    number = int.from_bytes(hmac.digest(key, label + subject, "sha256")[:16], "big")
    number = number & ~(0xF << 76) | 8 << 76
    return UUID(int=number & ~(0b11 << 62) | _VARIANT)
