"""Where receipts come from: stores, their tills, and the short codes on paper.

A place code is 8 characters of chance and a check character, for a sign that anybody may scan; a
store code is 4 and a check character, to be typed with a receipt number. Alphabet, reading and
check are those of `invitations.codes`.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from harken_server.invitations.codes import ALPHABET, SEPARATORS, check_character, parse_code


class Store(msgspec.Struct, kw_only=True, frozen=True):
    """A shop, under the code that its receipts print."""

    id: UUID
    workspace_id: UUID
    code: str
    """Canonical (`channels.receipts.rules.places`), without its hyphen."""
    name: str
    details: dict[str, str] = {}
    generation: int = 0
    """Of the store's secret."""
    created_at: datetime


class TillRow(msgspec.Struct, kw_only=True, frozen=True):
    """What a till has of its own, beside its store."""

    id: UUID
    workspace_id: UUID
    store_id: UUID
    number: int
    """0 to 16,777,215, in no other workspace either: it stands in every token."""
    touchpoint: str
    """The key of the touchpoint that its receipts stand for."""
    name: str
    locale: str | None = None
    key_number: int = 0
    """The key that its present configuration holds."""
    revoked_keys: dict[int, datetime] = {}
    """From when on receipts signed with a key no longer count as true."""
    closed_at: datetime | None = None
    created_at: datetime


class Till(TillRow, kw_only=True, frozen=True):
    """What prints receipts, with a key of its own."""

    store: Store

    def is_revoked(self, key_number: int, now: datetime) -> bool:
        """Whether receipts signed with this key are refused as true now.

        The server's time counts, not the receipt's: who took a key can print any time.
        """
        if key_number > self.key_number or self.closed_at is not None:
            return True
        revoked_at = self.revoked_keys.get(key_number)
        return revoked_at is not None and revoked_at <= now


class PlaceRow(msgspec.Struct, kw_only=True, frozen=True):
    """What a place code has of its own, beside its store and till."""

    code: str
    """Canonical (`channels.receipts.rules.places`), without hyphens."""
    workspace_id: UUID
    touchpoint: str
    store_id: UUID | None = None
    till_id: UUID | None = None
    label: str = ""
    created_at: datetime
    retired_at: datetime | None = None


class PlaceCode(PlaceRow, kw_only=True, frozen=True):
    """A printed code that stands for a touchpoint, whichever that is now."""

    store: Store | None = None
    till: str | None = None
    """The till's name."""


PLACE_CODE_LENGTH = 9
STORE_CODE_LENGTH = 5
RANDOM_BYTES = 5
"""Random bytes that one code takes; a store's code uses 20 of the 40 bits."""
MAX_RECEIPT_NUMBER_CHARS = 32

_NUMBER_SEPARATORS = str.maketrans(dict.fromkeys(SEPARATORS + "#/"))


def make_place_code(random: bytes) -> str:
    """Make a place code from 5 fresh random bytes; ValueError for another length."""
    return _make(random, PLACE_CODE_LENGTH)


def make_store_code(random: bytes) -> str:
    """Make a store code from 5 fresh random bytes; ValueError for another length."""
    return _make(random, STORE_CODE_LENGTH)


def parse_place_code(text: str) -> str | None:
    """Read a place code into its canonical form; None when it cannot be one."""
    return parse_code(text, PLACE_CODE_LENGTH)


def parse_store_code(text: str) -> str | None:
    """Read a typed store code into its canonical form; None when it cannot be one.

    >>> parse_store_code("oooo-g"), parse_store_code("OOOO-5")
    ('0000G', None)
    """
    return parse_code(text, STORE_CODE_LENGTH)


def display_store_code(code: str) -> str:
    """A canonical store code as it is printed.

    >>> display_store_code("K7Q22")
    'K7Q2-2'
    """
    return f"{code[:4]}-{code[4:]}"


def display_place_code(code: str) -> str:
    """A canonical place code as it is printed.

    >>> display_place_code("ABCDEFGHJ")
    'ABCD-EFGH-J'
    """
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


def parse_receipt_number(text: str) -> str | None:
    """Read the number on a receipt: letters and digits; None when there are none, or over 32.

    Case, spaces, hyphens, `#` and `/` do not matter, so that one receipt has one number.

    >>> parse_receipt_number(" #a-001 734 "), parse_receipt_number("-")
    ('A001734', None)
    """
    if len(text) > 2 * MAX_RECEIPT_NUMBER_CHARS:
        return None
    number = text.translate(_NUMBER_SEPARATORS).upper()
    is_good = number.isascii() and number.isalnum() and len(number) <= MAX_RECEIPT_NUMBER_CHARS
    return number if is_good else None


def _make(random: bytes, length: int) -> str:
    if len(random) != RANDOM_BYTES:
        raise ValueError(f"a code takes exactly {RANDOM_BYTES} random bytes, not {len(random)}")
    number = int.from_bytes(random, "big")
    data = "".join(ALPHABET[number >> 5 * place & 31] for place in range(length - 1))
    return data + check_character(data)
