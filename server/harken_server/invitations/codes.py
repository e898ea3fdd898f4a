"""Short codes that a person can read out and type, and the links that carry them.

A code is 12 characters of chance and a check character. Crockford's base 32 leaves out I, L, O and
U. Upper case keeps a link inside the QR alphanumeric set. The check character follows ISO 7064
hybrid system MOD 33,32, which finds every single wrong character; Crockford's own check symbols lie
partly outside the alphanumeric set. Links start from the addresses in the settings, never from what
a request claims its host to be.
"""

from __future__ import annotations

import hmac
import re
from urllib.parse import urlsplit
from uuid import UUID

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 13
RANDOM_BYTES = 8
"""Random bytes that one code takes; 60 of the 64 bits are used."""

_OF_COMING = b"harken code of an invitation\n"
_DATA_LENGTH = CODE_LENGTH - 1
_BITS = 5 * _DATA_LENGTH
_MODULUS = len(ALPHABET)
_MAX_TYPED_LENGTH = 64
SEPARATORS = " \t\r\n\u00a0\u202f-_.\u2010\u2011\u2012\u2013\u2014\u2212"
"""Do not matter between the characters of a typed code."""
_READ_AS = str.maketrans(
    {letter: letter.upper() for letter in ALPHABET.lower()}
    | {"o": "0", "O": "0", "i": "1", "I": "1", "l": "1", "L": "1"}
    | dict.fromkeys(SEPARATORS)
)
_QR_ALPHANUMERIC_PATH = re.compile(r"[0-9A-Z $%*+./:-]*\Z")
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}


def make_code(random: bytes) -> str:
    """Make a code from 8 fresh random bytes; ValueError for another length.

    >>> make_code(bytes(8))
    '0000000000004'
    """
    if len(random) != RANDOM_BYTES:
        raise ValueError(f"a code takes exactly {RANDOM_BYTES} random bytes, not {len(random)}")
    number = int.from_bytes(random, "big") >> (8 * RANDOM_BYTES - _BITS)
    shifts = range(_BITS - 5, -1, -5)
    data = "".join(ALPHABET[number >> shift & 31] for shift in shifts)
    return data + check_character(data)


def keyed_code(key: bytes, invitation_id: UUID) -> str:
    """The code of an invitation that is made for whoever comes: one for all who come at once.

    Nobody without the key can tell it, though the id may be known.
    """
    return make_code(hmac.digest(key, _OF_COMING + invitation_id.bytes, "sha256")[:RANDOM_BYTES])


def code_subject(text: str) -> str:
    """A code as it is counted, however it was typed."""
    return text[:_MAX_TYPED_LENGTH].translate(_READ_AS)


def parse_code(text: str, length: int = CODE_LENGTH) -> str | None:
    """Read a typed code into its canonical form; None when it cannot be a code of this length.

    Case, spaces, hyphens and dots do not matter; O is read as 0, I and L as 1.

    >>> parse_code("oooo-oooo-oooo-4")
    '0000000000004'
    """
    if len(text) > _MAX_TYPED_LENGTH:
        return None
    code = text.translate(_READ_AS)
    if len(code) != length or any(letter not in _VALUES for letter in code):
        return None
    return code if check_character(code[:-1]) == code[-1] else None


def check_character(data: str) -> str:
    """Compute the check character of canonical characters: ISO/IEC 7064:2003, MOD 33,32."""
    product = _MODULUS
    for letter in data:
        total = (product + _VALUES[letter]) % _MODULUS or _MODULUS
        product = total * 2 % (_MODULUS + 1)
    return ALPHABET[(1 - product) % _MODULUS]


def invitation_url(short_url: str, code: str) -> str:
    """Give the link of an invitation as people read it.

    >>> invitation_url("https://fb.acme.com", "ABCDEFGHJKMNP")
    'https://fb.acme.com/i/ABCDEFGHJKMNP'
    """
    return f"{short_url.rstrip('/')}/i/{code}"


def receipt_url(short_url: str, code: str) -> str:
    """Give the link of a receipt's token or of a place code, by the same rule.

    >>> receipt_url("https://fb.acme.com/", "ABCDEFGHJ")
    'https://fb.acme.com/r/ABCDEFGHJ'
    """
    return f"{short_url.rstrip('/')}/r/{code}"


def invitation_qr_text(short_url: str, code: str) -> str:
    """Give what the QR of an invitation holds: the link in capitals behind its scheme.

    Host and code are the same link in capitals, which take the alphanumeric mode, and some scanners
    do not open `HTTPS://`. A base path with small letters may care about case, and stays.

    >>> invitation_qr_text("https://fb.acme.com", "ABCDEFGHJKMNP")
    'https://FB.ACME.COM/I/ABCDEFGHJKMNP'
    >>> invitation_qr_text("https://acme.com/feedback", "ABCDEFGHJKMNP")
    'https://acme.com/feedback/i/ABCDEFGHJKMNP'
    """
    scheme, sign, rest = f"{printed_base(short_url, 'I')}{code}".partition("://")
    return f"{scheme.lower()}{sign}{rest}"


def printed_base(short_url: str, letter: str) -> str:
    """Give what stands before a code in a printed link."""
    base = short_url.rstrip("/")
    if base.isascii() and _QR_ALPHANUMERIC_PATH.match(urlsplit(base).path):
        return f"{base.upper()}/{letter.upper()}/"
    return f"{base}/{letter.lower()}/"


def invitation_qr_url(public_url: str, code: str, extension: str) -> str:
    """Give the address of an invitation's QR image; `extension` is "svg" or "png"."""
    return f"{public_url.rstrip('/')}/i/{code}/qr.{extension}"
