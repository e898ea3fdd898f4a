"""What JSON, and what makes a tree alike, takes in memory: told from its text, before it is parsed.

Parsers make 200 bytes of a tiny map, so that a small text could fill any memory. What one needs is
estimated (CPython 3.11, 64 bits), and must keep within a multiple of its size that only texts of
next to nothing but brackets pass.
"""

from __future__ import annotations

import re

FREE_BYTES = 32 * 1024
"""That every text may take, however small it is."""
BYTES_PER_BYTE = 12
"""A survey of the shortest possible questions, without a blank, needs less."""
MAX_JSON_DEPTH = 500
"""Deeper nothing is parsed; the parsers themselves give up at about a thousand."""

MAP, LIST, WORD, KEY, NEW_KEY = 184, 88, 36, 20, 210
_LETTER, _TEXT, _WIDE_TEXT = 16, 60, 90
_PRECHECKED = ((b"{", MAP), (b"[", LIST), (b":", 100), (b",", 30))
_JSON_TOKENS = re.compile(r'"[^"]*"?([ \t\r\n]*:)?|[\[\]{}]|[^\s"\[\]{},:]+')


class TreeError(Exception):
    """The text is well-formed and yet no tree that may be; `code` names the rule."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Allowance:
    """What a text of so many characters may still take."""

    def __init__(self, chars: int) -> None:
        self._left = FREE_BYTES + BYTES_PER_BYTE * chars
        self._keys: dict[str, str] = {}

    def spend(self, estimate: int) -> None:
        """Raise TreeError (`too_dense`) when it takes more than its text allows."""
        self._left -= estimate
        if self._left < 0:
            raise TreeError(
                "too_dense",
                "There are too many tiny or empty lists, maps and values for the size: what is "
                f"sent may take {BYTES_PER_BYTE} times its length in memory.",
            )

    def spend_text(self, text: str) -> None:
        """A text; letters of ASCII alone are there already."""
        if not text.isascii():
            self.spend(_WIDE_TEXT)
        else:
            self.spend(_TEXT if len(text) > 1 else _LETTER)

    def spend_key(self, key: str) -> str:
        """A map's key, as it stands elsewhere already where it does: it is to be kept once."""
        known = self._keys.setdefault(key, key)
        self.spend(NEW_KEY if known is key else KEY)
        return known


def weigh_json(text: str) -> None:
    """Raise TreeError when JSON would take more memory than its size allows."""
    allowance, depth = Allowance(len(text)), 0
    plain = text.replace("\\\\", "__").replace('\\"', "__")
    for found in _JSON_TOKENS.finditer(plain):
        match found[0][0]:
            case '"' if found[1]:
                allowance.spend_key(found[0])
            case '"':
                allowance.spend_text(found[0][1:-1])
            case "{" | "[" as bracket:
                allowance.spend(MAP if bracket == "{" else LIST)
                depth = deeper(depth, MAX_JSON_DEPTH)
            case "}" | "]":
                depth -= 1
            case _:
                allowance.spend(WORD)


def may_weigh(raw: bytes) -> bool:
    """Whether JSON could be too dense: told at once, and only by what is worth weighing."""
    most = FREE_BYTES + BYTES_PER_BYTE * len(raw)
    return 8 * len(raw) > FREE_BYTES and (
        sum(raw.count(sign) * estimate for sign, estimate in _PRECHECKED) > most
    )


def deeper(depth: int, most: int) -> int:
    """One more level of lists and maps; raises TreeError for more than there may be."""
    if depth >= most:
        raise TreeError("too_deep", f"Lists and maps may be nested {most} deep at most.")
    return depth + 1
