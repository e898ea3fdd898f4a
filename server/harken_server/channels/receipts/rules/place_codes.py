"""Short codes on paper: a store's, which is typed with a receipt number, and a place's, in a QR.

A place code is 8 characters of chance and a check character, for a sign that anybody may scan; a
store code is 4 and a check character. Alphabet, reading and check are those of `invitations.codes`.
"""

from __future__ import annotations

from harken_server.invitations.codes import ALPHABET, SEPARATORS, check_character, parse_code

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
