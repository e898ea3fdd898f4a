"""Signed return addresses: a bounce finds its delivery, and nobody can forge one.

The part before the `@` is `b+` and lower-case base32 of the delivery's id (16 bytes) and a MAC of
10 bytes: 44 characters, of the 64 that RFC 5321 (4.5.3.1.1) allows. Mail servers may change its
case, so it must not matter. It does not expire: some bounces come late, and all are harmless.
"""

from __future__ import annotations

import hmac
from base64 import b32decode, b32encode
from binascii import Error as Base32Error
from collections.abc import Sequence
from uuid import UUID

PREFIX = "b+"

_MAC_BYTES = 10
_ID_BYTES = 16
_LABEL = b"harken return address 1"


def make_return_address(keys: Sequence[bytes], delivery_id: UUID, domain: str) -> str:
    """Give the envelope sender of one delivery, signed with the first key."""
    raw = delivery_id.bytes + _mac(keys[0], delivery_id)
    return f"{PREFIX}{b32encode(raw).rstrip(b'=').decode().lower()}@{domain}"


def read_return_address(keys: Sequence[bytes], address: str) -> UUID | None:
    """The delivery that an address names; None for one that is not ours. Any text may be passed."""
    local = address.strip().strip("<>").partition("@")[0].lower()
    if not local.startswith(PREFIX) or not local.isascii():
        return None
    text = local.removeprefix(PREFIX).upper()
    try:
        raw = b32decode(text + "=" * (-len(text) % 8))
    except (Base32Error, ValueError):
        return None
    if len(raw) != _ID_BYTES + _MAC_BYTES:
        return None
    delivery_id = UUID(bytes=raw[:_ID_BYTES])
    is_ours = any(hmac.compare_digest(_mac(key, delivery_id), raw[_ID_BYTES:]) for key in keys)
    return delivery_id if is_ours else None


def _mac(key: bytes, delivery_id: UUID) -> bytes:
    derived = hmac.digest(key, _LABEL, "sha256")
    return hmac.digest(derived, delivery_id.bytes, "sha256")[:_MAC_BYTES]
