"""Text cells that a spreadsheet program must not take for anything but texts."""

from __future__ import annotations

import re
import unicodedata

FORMULA_STARTS = (
    "=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\ufe66",
    "\ufe62", "\ufe63", "\ufe6b", "\u207c", "\u207a", "\u207b", "\u208c", "\u208a", "\u208b",
    "\ufb29",
)  # fmt: skip
"""The first four, then what begins a cell of its own, then other shapes of the first four: full
width, small, raised, lowered, and the plus of Hebrew."""
BEFORE_FORMULA = (
    " '\"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\x0e\x0f\x1b\x1c\x1d\x1e\x1f\x7f\x85\xa0\xad"
    "\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b\u180c\u180d\u180e\u2000\u2001\u2002\u2003\u2004"
    "\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202b\u202c"
    "\u202d\u202e\u202f\u205f\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\u3000\u3164\ufe0e"
    "\ufe0f\ufeff\uffa0"
)
"""Characters that a spreadsheet may drop, or nobody sees, before a formula: blanks, quotes,
controls, and what has no width."""
MAX_VALUE_CHARS = 40
"""No program reads a longer text as a number, a day or a time."""


def guard_formula(text: str) -> str:
    """The text, with an apostrophe before it when a program would read it as a formula.

    >>> guard_formula("=1+1"), guard_formula("1+1")
    ("'=1+1", '1+1')
    """
    if text[:1].isascii() and text[:1].isalnum():  # most texts
        return text
    return f"'{text}" if text.lstrip(BEFORE_FORMULA).startswith(FORMULA_STARTS) else text


def guard_text(text: str) -> str:
    """The text, with an apostrophe before it when a program would make something else of it.

    That is a formula, and besides a number, a day, a time or a truth, which would lose zeros and
    signs. Whole numbers and days that every program reads as they were written stay as they are.

    >>> guard_text("=1+1"), guard_text("007"), guard_text("10/10"), guard_text("3 May")
    ("'=1+1", "'007", "'10/10", "'3 May")
    >>> guard_text("42"), guard_text("5 stars"), guard_text("May")
    ('42', '5 stars', 'May')
    """
    return f"'{text}" if _is_value(text.strip(BEFORE_FORMULA)) else guard_formula(text)


_PLAIN = re.compile(r"0|[1-9][0-9]{0,10}|[0-9]{4}-[0-9]{2}-[0-9]{2}")
"""From 12 digits on Excel shows an exponent, and beyond 15 it changes digits. A day written like
this is the same day for every program in every language."""
_WORDS = re.compile(r"[^\W\d_]+")
_TRUTHS = frozenset({"true", "false"})
_SMALL_WORDS = frozenset({"a", "am", "d", "de", "e", "h", "m", "p", "pm", "t", "z"})
_MONTHS = (
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    "mär", "mai", "maj", "mei", "mrt", "okt", "dez", "des", "fév", "fev", "avr", "jui", "aoû",
    "déc", "ene", "abr", "ago", "dic", "gen", "mag", "giu", "lug", "set", "ott", "out",
    "sty", "lut", "kwi", "cze", "lip", "sie", "wrz", "paź", "lis", "gru",
)  # fmt: skip
"""How the names of months begin in the languages that Harken speaks in Latin letters."""


def _is_value(text: str) -> bool:
    if len(text) > MAX_VALUE_CHARS:
        return False
    folded = text.casefold()
    if not any(letter.isdecimal() for letter in text):
        return folded in _TRUTHS
    if _PLAIN.fullmatch(text):
        return False
    words = _WORDS.findall(folded)
    if not all(word in _SMALL_WORDS or word.startswith(_MONTHS) for word in words):
        return False
    kinds = {unicodedata.category(letter) for letter in text}
    return "So" not in kinds and "Sk" not in kinds
