"""Make signed receipt tokens at the till, offline: nothing but Python's own library is used.

The till's configuration is given once by the server; after that a receipt needs no network.

>>> till = Till.from_text(
...     "hkr1.17.0.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8.HTTPS://FB.ACME.COM"
... )
>>> till.mint(sequence=1734, at=datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)).url
'HTTPS://FB.ACME.COM/R/20000489AF8001P67ZCW9V7S04'
"""

from __future__ import annotations

import hmac
import re
from base64 import b32encode, urlsafe_b64decode
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from urllib.parse import urlsplit

__all__ = ["Receipt", "Till", "mint"]

MAX_TILL = MAX_SEQUENCE = (1 << 24) - 1
MAX_KEY_NUMBER = 15
KEY_BYTES = 32

_EPOCH = datetime(2025, 1, 1, tzinfo=timezone.utc)
_MINUTE = timedelta(minutes=1)
_MAX_MINUTE = (1 << 24) - 1
_LABEL = b"harken receipt 1\n"
_MAC_BYTES = {1: 6, 2: 9}
_TO_CROCKFORD = bytes.maketrans(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"
)
_QR_ALPHANUMERIC_PATH = re.compile(r"[0-9A-Z $%*+./:-]*\Z")
_PREFIX = "hkr1"


@dataclass(frozen=True)
class Receipt:
    """One receipt's token, and the link to print as a QR."""

    token: str
    """26 characters, or 31 of a strong one; all in the alphanumeric set of QR."""
    url: str
    """In capitals wherever that may be, so that the QR stays small."""
    till: int
    sequence: int
    printed_at: datetime
    """The minute that the token says, in UTC."""


@dataclass(frozen=True)
class Till:
    """What one till signs with. Keep its text as secret as a password: it makes true receipts."""

    number: int
    key_number: int
    key: bytes = field(repr=False)
    url: str
    """The server's short address, without `/R/`."""

    @classmethod
    def from_text(cls, text: str) -> Till:
        """Read the configuration that the server gave. ValueError says what is wrong with it."""
        parts = text.strip().split(".", 4)
        if len(parts) != 5 or parts[0] != _PREFIX:
            raise ValueError(f"a till's configuration looks like {_PREFIX}.17.0.KEY.URL")
        _, number, key_number, key, url = parts
        if not (_is_number(number) and _is_number(key_number)):
            raise ValueError("the till's number and its key's number must be digits")
        _check_range("till", int(number), MAX_TILL)
        _check_range("key_number", int(key_number), MAX_KEY_NUMBER)
        if not re.fullmatch(r"[A-Za-z0-9_-]{43}", key):
            raise ValueError("the key must be 43 characters of base64url, which are 32 bytes")
        if not re.match(r"https?://[^/\s]", url, re.IGNORECASE):
            raise ValueError("the till's address must begin with https:// or http://")
        return cls(int(number), int(key_number), urlsafe_b64decode(key + "="), url.rstrip("/"))

    def mint(self, sequence: int, at: datetime, *, strong: bool = False) -> Receipt:
        """Make the token of one receipt, without any network.

        `sequence` is the till's running number, 0 to 16,777,215: a receipt of the same minute must
        have another. `at` is when it is printed, aware, 2025 to 2056, and the minute counts.
        `strong` takes a signature of 72 bits instead of 48, 5 characters longer.
        Raises ValueError for anything else.
        """
        token = mint(
            self.key,
            till=self.number,
            key_number=self.key_number,
            sequence=sequence,
            at=at,
            strong=strong,
        )
        printed_at = _EPOCH + (at - _EPOCH) // _MINUTE * _MINUTE
        return Receipt(token, f"{_base(self.url)}{token}", self.number, sequence, printed_at)


def mint(
    key: bytes,
    *,
    till: int,
    key_number: int,
    sequence: int,
    at: datetime,
    strong: bool = False,
) -> str:
    """Make a token: the bare function, for those who keep the parts of a configuration themselves.

    Raises ValueError, which names the parameter and its range.
    """
    if len(key) != KEY_BYTES:
        raise ValueError(f"key must have {KEY_BYTES} bytes, not {len(key)}")
    if at.tzinfo is None:
        raise ValueError("at must be aware: give it a time zone, such as UTC")
    minute = (at - _EPOCH) // _MINUTE
    if not 0 <= minute <= _MAX_MINUTE:
        last = (_EPOCH + _MAX_MINUTE * _MINUTE).date()
        raise ValueError(f"at must lie in 2025-01-01 to {last} in UTC, not {at}")
    _check_range("till", till, MAX_TILL)
    _check_range("key_number", key_number, MAX_KEY_NUMBER)
    _check_range("sequence", sequence, MAX_SEQUENCE)
    version = 2 if strong else 1
    number = (version << 4 | key_number) << 72 | till << 48 | minute << 24 | sequence
    header = number.to_bytes(10, "big")
    mac = hmac.digest(key, _LABEL + header, "sha256")[: _MAC_BYTES[version]]
    return b32encode(header + mac).rstrip(b"=").translate(_TO_CROCKFORD).decode()


def _check_range(name: str, value: int, most: int) -> None:
    if not 0 <= value <= most:
        raise ValueError(f"{name} must be 0 to {most}, not {value}")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 8


@lru_cache(maxsize=64)
def _base(url: str) -> str:
    """What stands before the token: capitals, unless the address has a path with small letters."""
    if url.isascii() and _QR_ALPHANUMERIC_PATH.match(urlsplit(url).path):
        return f"{url.upper()}/R/"
    return f"{url}/r/"
