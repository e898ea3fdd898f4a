"""What a definition may take in memory, told from its text before or while it is parsed.

Parsers make 200 bytes of a tiny map and 700 of a TOML table's name, so that a small file could fill
any memory. What a definition needs is estimated (CPython 3.11, 64 bits), and must keep within a
multiple of its size that only files of next to nothing but brackets pass.
"""

from __future__ import annotations

import re

FREE_BYTES = 32 * 1024
"""That every definition may take, however small it is."""
BYTES_PER_BYTE = 12
"""A survey of the shortest possible questions, without a blank, needs less."""
MAX_TOML_NAMES = 300
"""Parts of different table names and dotted keys; `tomllib` keeps some 700 bytes of each."""
MAX_TOML_WORD = 400
"""Characters of a number or day in TOML."""
MAX_TOML_DEPTH = 32
"""Parts of one name, and brackets inside one another."""
MAX_JSON_DEPTH = 500
"""Deeper nothing is parsed; within, what is too deep is told with its path."""

MAP, LIST, TEXT, WORD, KEY, NEW_KEY = 130, 72, 70, 36, 20, 210

_JSON_TOKENS = re.compile(r'"[^"]*"?([ \t\r\n]*:)?|[\[\]{}]|[^\s"\[\]{},:]+')
_TOML_TOKENS = re.compile(
    r"#[^\n]*|(\"\"\"|''')|\"[^\"\n]*\"?|'[^'\n]*'?|[\[\]{}=,.\n]|[^\[\]{}=,.#\"'\s]+"
)
_QUOTES = frozenset("\"'")


class TreeError(Exception):
    """The text is well-formed and yet no tree that a definition may be; `code` names the rule."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Allowance:
    """What a definition of so many characters may still take."""

    def __init__(self, chars: int) -> None:
        self._left = FREE_BYTES + BYTES_PER_BYTE * chars
        self._keys: dict[str, str] = {}

    def spend(self, estimate: int) -> None:
        """Raise TreeError (`too_dense`) when it takes more than its text allows."""
        self._left -= estimate
        if self._left < 0:
            raise TreeError(
                "too_dense",
                "The definition has too many tiny or empty lists, maps and values for its size: "
                f"what it says may take {BYTES_PER_BYTE} times its length in memory.",
            )

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
                allowance.spend(TEXT)
            case "{" | "[" as bracket:
                allowance.spend(MAP if bracket == "{" else LIST)
                depth = deeper(depth, MAX_JSON_DEPTH)
            case "}" | "]":
                depth -= 1
            case _:
                allowance.spend(WORD)


def deeper(depth: int, most: int) -> int:
    """One more level of lists and maps; raises TreeError for more than there may be."""
    if depth >= most:
        raise TreeError("too_deep", f"Lists and maps may be nested {most} deep at most.")
    return depth + 1


def weigh_toml(text: str) -> None:
    """Raise TreeError when TOML would take more memory or time than its size allows.

    `tomllib` takes memory that grows with the square of a dotted key, and its pattern for numbers
    130 bytes a digit.
    """
    _TomlScan(text).run()


class _TomlScan:
    """One pass over the tokens of a TOML file, strings and comments aside."""

    def __init__(self, text: str) -> None:
        self._text = text.replace("\\\\", "__").replace('\\"', "__")
        self._allowance = Allowance(len(text))
        self._names: set[str] = set()
        self._parts = 0
        """Of all different names together."""
        self._depth = 0
        self._begins_line = True
        self._is_header = False
        self._table = ""
        self._name: list[str] = []
        """Parts of the name, or the value, that is being read."""
        self._is_dotted = False

    def run(self) -> None:
        """Read all of it."""
        at = 0
        while (found := _TOML_TOKENS.search(self._text, at)) is not None:
            at = found.end()
            if found[1]:
                at = self._after_lines(found[1], at)
                self._word('""')
            elif found[0][0] != "#":
                self._take(found[0])

    def _after_lines(self, quotes: str, at: int) -> int:
        """Where a text of several lines ends; two quotes may stand before its end."""
        end = self._text.find(quotes, at)
        if end < 0:
            return len(self._text)
        end += len(quotes)
        while end < len(self._text) and self._text[end] == quotes[0]:
            end += 1
        return end

    def _take(self, said: str) -> None:
        match said:
            case "{" | "[":
                self._open(said)
            case "}" | "]" | "," | "\n":
                self._end_value(said)
            case "=":
                self._end_key()
            case ".":
                self._is_dotted = True
            case _:
                self._word(said)

    def _open(self, bracket: str) -> None:
        self._depth = deeper(self._depth, MAX_TOML_DEPTH)
        if self._begins_line:
            self._is_header, self._begins_line = True, False
        elif not self._is_header:
            self._allowance.spend(MAP if bracket == "{" else LIST)
        self._forget_name()

    def _end_value(self, by: str) -> None:
        if by in {"}", "]"}:
            self._depth = max(0, self._depth - 1)
        if self._name and self._is_header:
            self._table, self._is_header = ".".join(self._name), False
            self._allowance.spend(MAP)
            self._count(self._table, len(self._name))
        elif self._name:
            self._allowance.spend(TEXT if self._name[0][0] in _QUOTES else WORD)
        if by == "\n" and self._depth == 0:
            self._begins_line = True
        self._forget_name()

    def _end_key(self) -> None:
        if len(self._name) > 1:
            self._allowance.spend(MAP)
            self._count(f"{self._table}={'.'.join(self._name[:-1])}", len(self._name))
        if self._name:
            self._allowance.spend_key(self._name[-1])
        self._forget_name()

    def _word(self, said: str) -> None:
        """A part of a name, or a value."""
        self._begins_line = False
        if len(said) > MAX_TOML_WORD and said[0] not in _QUOTES:
            message = f"A number or a bare key may have {MAX_TOML_WORD} characters at most."
            raise TreeError("malformed_toml", message)
        if not self._is_dotted:
            self._name = []
        self._name.append(said)
        self._is_dotted = False
        if len(self._name) > MAX_TOML_DEPTH:
            message = f"A dotted key may have {MAX_TOML_DEPTH} parts at most."
            raise TreeError("too_deep", message)

    def _forget_name(self) -> None:
        self._name, self._is_dotted = [], False

    def _count(self, name: str, parts: int) -> None:
        if name in self._names:
            return
        self._names.add(name)
        self._parts += parts
        if self._parts > MAX_TOML_NAMES:
            raise TreeError(
                "too_many_names",
                f"All different table names and dotted keys of a TOML file together may have "
                f"{MAX_TOML_NAMES} parts at most.",
            )
