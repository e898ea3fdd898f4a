"""Signed receipt tokens: what a till prints without asking the server, and how to tell a true one.

Bytes, big-endian, before Crockford's base 32 (padded with zero bits at the end)::

    version 4 bits | key number 4 bits | till 3 | minute 3 | sequence 3 | MAC 6 or 9

Version 1 has 16 bytes (26 characters), version 2 the longer MAC: 19 bytes (31 characters). The
MAC is HMAC-SHA256 over a label and the first 10 bytes, cut. 48 bits take 890,000 years of ten
guesses a second, and guesses can only be tried on the server. Each till signs with keys of its
own, derived from the server's by HKDF (RFC 5869), so that one stolen till is revoked alone.
"""

from __future__ import annotations

import hmac
from base64 import b32decode, b32encode
from binascii import Error as Base32Error
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from harken_server.kernel.ids import keyed_id

EPOCH = datetime(2025, 1, 1, tzinfo=UTC)
"""Minute 0. Three bytes of minutes last until 2056."""
MAX_TILL = MAX_MINUTE = MAX_SEQUENCE = (1 << 24) - 1
MAX_KEY_NUMBER = 15
KEY_BYTES = 32
HEADER_BYTES = 10
CLOCK_SKEW = timedelta(minutes=15)
"""How far a till's clock may be ahead."""
TOKEN_LENGTHS = (26, 31)
"""Characters of a standard and of a strong token."""

_MAC_BYTES = {1: 6, 2: 9}
_MINUTE = timedelta(minutes=1)
LAST_DAY = (EPOCH + MAX_MINUTE * _MINUTE).date()
_LABEL = b"harken receipt 1\n"
_RFC4648 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_CROCKFORD = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TO_CROCKFORD = bytes.maketrans(_RFC4648, _CROCKFORD)
_FROM_CROCKFORD = bytes.maketrans(_CROCKFORD, _RFC4648)
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


class ReceiptToken(msgspec.Struct, frozen=True):
    """What a well-formed token says; whether it is true is for `is_genuine` to tell."""

    version: int
    """1 standard, 2 strong."""
    key_number: int
    """0 to 15: which of the till's keys signed it."""
    till: int
    """The till's number, 0 to 16,777,215."""
    minute: int
    """Minutes since 2025-01-01T00:00Z, by the till's clock."""
    sequence: int
    """The till's running number of the receipt."""
    header: bytes
    """The 10 bytes that are signed."""
    mac: bytes

    @property
    def printed_at(self) -> datetime:
        """The beginning of its minute."""
        return EPOCH + self.minute * _MINUTE

    @property
    def name(self) -> str:
        """Till, minute and sequence, as stored with the response."""
        return f"{self.till}-{self.minute}-{self.sequence}"


def mint_receipt(
    key: bytes,
    *,
    till: int,
    key_number: int,
    sequence: int,
    at: datetime,
    is_strong: bool = False,
) -> str:
    """Make the token of one receipt. ValueError names what is out of its range."""
    if len(key) != KEY_BYTES:
        raise ValueError(f"key must have {KEY_BYTES} bytes, not {len(key)}")
    if at.tzinfo is None:
        raise ValueError("at must be aware: give it a time zone, such as UTC")
    minute = (at - EPOCH) // _MINUTE
    if not 0 <= minute <= MAX_MINUTE:
        raise ValueError(f"at must lie in 2025-01-01 to {LAST_DAY} in UTC, not {at}")
    ranges = (
        ("till", till, MAX_TILL),
        ("key_number", key_number, MAX_KEY_NUMBER),
        ("sequence", sequence, MAX_SEQUENCE),
    )
    for name, value, most in ranges:
        if not 0 <= value <= most:
            raise ValueError(f"{name} must be 0 to {most}, not {value}")
    version = 2 if is_strong else 1
    number = (version << 4 | key_number) << 72 | till << 48 | minute << 24 | sequence
    header = number.to_bytes(HEADER_BYTES, "big")
    return _to_text(header + _mac(key, header)[: _MAC_BYTES[version]])


def parse_receipt(text: str) -> ReceiptToken | None:
    """Read a token as scanned or typed; None when it cannot be one.

    Case does not matter, O is read as 0, I and L as 1. What is left must be the one canonical
    spelling: the bits behind the last byte are zero.
    """
    folded = text.upper().translate(_READ_AS) if text.isascii() else ""
    if len(folded) not in TOKEN_LENGTHS:
        return None
    raw = _from_text(folded)
    if raw is None:
        return None
    version = raw[0] >> 4
    if len(raw) - HEADER_BYTES != _MAC_BYTES.get(version):
        return None
    return ReceiptToken(
        version=version,
        key_number=raw[0] & 15,
        till=int.from_bytes(raw[1:4], "big"),
        minute=int.from_bytes(raw[4:7], "big"),
        sequence=int.from_bytes(raw[7:10], "big"),
        header=raw[:HEADER_BYTES],
        mac=raw[HEADER_BYTES:],
    )


def is_genuine(key: bytes, token: ReceiptToken) -> bool:
    """Whether this key signed the token; takes the same time wherever the MACs differ."""
    return hmac.compare_digest(_mac(key, token.header)[: len(token.mac)], token.mac)


def doubt_of(
    token: ReceiptToken, *, is_signed: bool, is_revoked: bool, now: datetime, ttl_days: int
) -> str | None:
    """Why a receipt does not prove a purchase, as a flag of its response; None when it does."""
    if not is_signed:
        return "receipt_forged"
    if is_revoked:
        return "receipt_revoked"
    if token.printed_at > now + CLOCK_SKEW:
        return "receipt_future"
    return "receipt_old" if token.printed_at + timedelta(days=ttl_days) < now else None


def store_secret(signing_key: bytes, workspace_id: UUID, store_id: UUID, generation: int) -> bytes:
    """The 32 bytes from which the keys of a store's tills are derived; never leaves the server."""
    info = workspace_id.bytes + store_id.bytes + generation.to_bytes(4, "big")
    return _hkdf(signing_key, b"harken store secret 1", info)


def till_key(secret: bytes, till: int, key_number: int) -> bytes:
    """The 32 bytes with which a till signs; `secret` is its store's."""
    info = till.to_bytes(3, "big") + bytes((key_number,))
    return _hkdf(secret, b"harken receipt key 1", info)


def response_id(key: bytes, token: ReceiptToken, *, is_true: bool) -> UUID:
    """The id of the one response to a receipt; who does not know the till's key cannot foresee it.

    A false token gets one that hangs on its MAC, so that it cannot take the true one's place.
    """
    if is_true:
        return keyed_id(key, b"harken receipt response\n", token.header)
    return keyed_id(key, b"harken receipt unverified\n", token.header + token.mac)


def _mac(key: bytes, header: bytes) -> bytes:
    return hmac.digest(key, _LABEL + header, "sha256")


def _hkdf(secret: bytes, salt: bytes, info: bytes) -> bytes:
    """HKDF-SHA256 (RFC 5869) of one block, which is 32 bytes."""
    pseudorandom = hmac.digest(salt, secret, "sha256")
    return hmac.digest(pseudorandom, info + b"\x01", "sha256")


def _to_text(raw: bytes) -> str:
    return b32encode(raw).rstrip(b"=").translate(_TO_CROCKFORD).decode()


def _from_text(text: str) -> bytes | None:
    if any(letter not in _CROCKFORD for letter in text.encode()):
        return None
    padded = text.encode().translate(_FROM_CROCKFORD) + b"=" * (-len(text) % 8)
    try:
        raw = b32decode(padded)
    except Base32Error:
        return None
    return raw if _to_text(raw) == text else None
