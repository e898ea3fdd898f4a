"""Fixed formats and bounds: e-mail address, phone number, calendar day, storable text, number.

All checks run in time linear in the text; none uses a pattern that can backtrack.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any, cast

MAX_EMAIL_CHARS = 254
"""RFC 5321 section 4.5.3.1.3: a path of 256 octets, less its angle brackets."""
MAX_LOCAL_PART_CHARS = 64
"""RFC 5321 section 4.5.3.1.1."""
MAX_NUMBER = 2**53 - 1
"""Beyond it a double no longer holds every whole number (IEEE 754 binary64)."""
PHONE_DIGITS = (5, 15)
"""E.164 allows 15 digits at most; the shortest numbers that people can be rung at have 5."""

PHONE_FILLERS = (
    " \u00a0\u2007\u2009\u202f-\u2010\u2011\u2012\u2013\u2014\u2212.()/\u00b7"
    "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)
"""What people and keyboards put between digits: blanks, dashes, brackets; and the marks of
direction that a number copied out of a list of contacts brings along."""

SEVERAL_SIGNS = (
    "\xbc-\xbe\u013f\u0140\u037a\u2150-\u215f\u2189\u2474-\u249b\u3220-\u3229\ufc5b-\ufc63\ufcf2-\ufcf4"
    "\ufdfa\ufdfb\ufe70-\ufe7f\U0001f100-\U0001f10a"
)
"""Letters and digits that stand for several signs, some of them no letters: where a domain is sent
as it is looked up, U+2474 becomes (1). Between the brackets of a pattern."""
_SEVERAL = re.compile(f"[{SEVERAL_SIGNS}]")

MAX_PHONE_CHARS = 200
"""With all that may stand between the digits."""

_WITHOUT_FILLERS = str.maketrans(dict.fromkeys(PHONE_FILLERS))
_PLUS_SIGNS = ("+", "\uff0b")
_INNER_ZERO = "(0)"
_KINDS: dict[type[Any], str] = {
    bool: "true or false",
    int: "a number",
    float: "a number with decimals",
    str: "a text",
    list: "a list",
    dict: "a map",
}
_LOCAL_FORBIDDEN = frozenset('()<>[]:;,\\"@')


def is_blank(value: Any) -> bool:
    """Whether a wire value counts as not answered: null, blank text, empty list or map."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value or value.isspace()
    return isinstance(value, (list, dict)) and not value


def describe_kind(value: Any, nothing: str) -> str:
    """What kind of wire value this is, for somebody who was to give another; `nothing` is null."""
    return (
        nothing if value is None else _KINDS.get(cast("type[Any]", type(value)), "something else")
    )


def is_storable(text: str) -> bool:
    """Whether both databases and every export can keep the text: no NUL, no lone surrogate."""
    if "\x00" in text:
        return False
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_email(text: str) -> bool:
    """Whether the text can be an e-mail address: a shape check, not a promise that it exists.

    The one rule, for answers, people, senders and mail alike: a plain address of at least two
    domain labels (RFC 5321, RFC 6531), without name, quotes, comments, spaces or line breaks; nor
    an encoded word (RFC 2047 section 5), which some mail programs would read as other text.

    >>> is_email("ada@shop.example"), is_email("ada@shop.example\\nBcc: x@y.example")
    (True, False)
    """
    if len(text) > MAX_EMAIL_CHARS or not text.isprintable() or " " in text:
        return False
    local, at, domain = text.rpartition("@")
    if (
        not at
        or not 1 <= len(local) <= MAX_LOCAL_PART_CHARS
        or not _LOCAL_FORBIDDEN.isdisjoint(local)
        or "=?" in local
    ):
        return False
    if local.startswith(".") or local.endswith(".") or ".." in local:
        return False
    return is_domain(domain)


def is_domain(text: str) -> bool:
    """Whether the text can be a domain of at least two labels, in whatever script."""
    labels = text.split(".")
    return len(labels) >= 2 and all(_is_domain_label(label) for label in labels)


def normalise_phone(text: str) -> str | None:
    """The number as digits, with + when it was given; None when it cannot be a phone number.

    A zero in brackets after a country code is dialled inside the country only, and left out.

    >>> normalise_phone("(+47) 22 12-34 56"), normalise_phone("+49 (0) 221 123456")
    ('+4722123456', '+49221123456')
    """
    if len(text) > MAX_PHONE_CHARS:
        return None
    spelt = "".join(
        "0123456789"[unicodedata.decimal(c)] if c.isdecimal() else c for c in text.strip()
    )
    plain = spelt.translate(_WITHOUT_FILLERS)
    plus = "+" if plain.startswith(_PLUS_SIGNS) else ""
    digits = plain[len(plus) :]
    low, high = PHONE_DIGITS
    if not digits.isdecimal() or not low <= len(digits) <= high:
        return None
    if plus and _INNER_ZERO in spelt:
        digits = spelt.replace(_INNER_ZERO, "").translate(_WITHOUT_FILLERS)[1:]
    return plus + digits


def is_calendar_day(text: str) -> bool:
    """Whether the text is a real day written as YYYY-MM-DD."""
    if len(text) != 10 or text[4] != "-" or text[7] != "-" or not text.isascii():
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_domain_label(label: str) -> bool:
    if not 1 <= len(label) <= 63 or label.startswith("-") or label.endswith("-"):
        return False
    return all(char.isalnum() or char == "-" for char in label) and not _SEVERAL.search(label)
