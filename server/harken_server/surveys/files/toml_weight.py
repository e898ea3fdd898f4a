"""What a TOML file would take in memory and time, told from its text before it is parsed.

`tomllib` makes 700 bytes of a table's name and 130 of a digit, and of a dotted key what grows with
the square of its parts.
"""

from __future__ import annotations

import re

from harken_server.kernel.documents.allowance import LIST, MAP, WORD, Allowance, TreeError, deeper

MAX_TOML_NAMES = 300
"""Parts of different table names and dotted keys."""
MAX_TOML_WORD = 400
"""Characters of a number or day in TOML."""
MAX_TOML_DEPTH = 32
"""Parts of one name, and brackets inside one another."""

_TOML_TOKENS = re.compile(
    r"#[^\n]*|(\"\"\"|''')|\"[^\"\n]*\"?|'[^'\n]*'?|[\[\]{}=,.\n]|[^\[\]{}=,.#\"'\s]+"
)
_QUOTES = frozenset("\"'")


def weigh_toml(text: str) -> None:
    """Raise TreeError when TOML would take more memory or time than its size allows."""
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
                self._word('"two"')
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
            self._spend_value(self._name[0])
        if by == "\n" and self._depth == 0:
            self._begins_line = True
        self._forget_name()

    def _spend_value(self, said: str) -> None:
        if said[0] in _QUOTES:
            self._allowance.spend_text(said[1:-1])
        else:
            self._allowance.spend(WORD)

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
