"""`$filter`: comparisons of a column with a literal, joined by and, or, not and parentheses.

Functions, arithmetic, `in` and `has` are good OData that is not offered: they are told apart from
what is no OData at all (URL conventions 4.0, section 5.1.1).
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from harken_server.odata.rules.model import Edm
from harken_server.odata.rules.refusals import QueryError
from harken_server.odata.rules.values import Value, read_literal

MAX_CHARS = 4_000
MAX_DEPTH = 20
"""Parentheses and negations within one another."""
MAX_COMPARISONS = 200
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<mark>[(),])|(?P<word>[^\s()',]+)|(?P<odd>\S))"
)
_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "gt": operator.gt, "ge": operator.ge, "lt": operator.lt, "le": operator.le,
}  # fmt: skip
COMPARISONS = ("eq", "ne", *_ORDERS)
_FURTHER = frozenset({"in", "has", "add", "sub", "mul", "div", "divby", "mod"})
_CLOSED = ("", "")


class Comparison(NamedTuple):
    """A column beside a value."""

    name: str
    operator: str
    value: Value

    def holds(self, row: Mapping[str, Value]) -> bool:
        """Nothing equals only nothing, and is neither less nor more than anything."""
        cell = row.get(self.name)
        match self.operator:
            case "eq":
                return cell == self.value
            case "ne":
                return cell != self.value
            case _:
                if cell is None or self.value is None:
                    return False
                return _ORDERS[self.operator](cell, self.value)


class Negation(NamedTuple):
    """What must not hold."""

    of: Condition

    def holds(self, row: Mapping[str, Value]) -> bool:
        """Whether it does not."""
        return not self.of.holds(row)


class Every(NamedTuple):
    """All of them."""

    of: tuple[Condition, ...]

    def holds(self, row: Mapping[str, Value]) -> bool:
        """Whether all hold."""
        return all(each.holds(row) for each in self.of)


class Some(NamedTuple):
    """At least one of them."""

    of: tuple[Condition, ...]

    def holds(self, row: Mapping[str, Value]) -> bool:
        """Whether one holds."""
        return any(each.holds(row) for each in self.of)


Condition: TypeAlias = Comparison | Negation | Every | Some


def conjuncts_of(condition: Condition | None) -> tuple[Condition, ...]:
    """What must all hold; nothing for no condition."""
    if condition is None:
        return ()
    if not isinstance(condition, Every):
        return (condition,)
    return tuple(each for one in condition.of for each in conjuncts_of(one))


def parse_filter(text: str, types: Mapping[str, Edm]) -> Condition:
    """The condition over columns of these types. Raises QueryError."""
    if len(text) > MAX_CHARS:
        raise QueryError(f"$filter has {len(text)} characters; {MAX_CHARS} are the most.")
    reading = _Reading(list(_tokens(text)), types)
    condition = reading.any_of(0)
    if reading.next() != _CLOSED:
        raise QueryError(f"$filter is not understood at {reading.next()[1]!r}.")
    return condition


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """Kinds and texts."""
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or ""
        if kind == "odd":
            raise QueryError(f"$filter is not understood at {found[kind]!r}.")
        yield kind, found[kind]


class _Reading:
    """Tokens, and how far they are read."""

    def __init__(self, tokens: list[tuple[str, str]], types: Mapping[str, Edm]) -> None:
        self._tokens = tokens
        self._types = types
        self._at = 0
        self._comparisons = 0

    def next(self) -> tuple[str, str]:
        """The token to read; `_CLOSED` at the end."""
        return self._tokens[self._at] if self._at < len(self._tokens) else _CLOSED

    def any_of(self, depth: int) -> Condition:
        """`… or …`, which binds least."""
        parts = [self._all_of(depth)]
        while self._took("word", "or"):
            parts.append(self._all_of(depth))
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def _all_of(self, depth: int) -> Condition:
        parts = [self._one(depth)]
        while self._took("word", "and"):
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def _one(self, depth: int) -> Condition:
        if depth > MAX_DEPTH:
            raise QueryError(f"$filter is nested more than {MAX_DEPTH} deep.")
        if self._took("word", "not"):
            return Negation(self._one(depth + 1))
        if self._took("mark", "("):
            inner = self.any_of(depth + 1)
            if not self._took("mark", ")"):
                raise QueryError("$filter lacks a closing parenthesis.")
            return inner
        return self._comparison()

    def _comparison(self) -> Comparison:
        self._comparisons += 1
        if self._comparisons > MAX_COMPARISONS:
            raise QueryError(f"$filter has more than {MAX_COMPARISONS} comparisons.")
        name = self._word("a column")
        if self.next() == ("mark", "("):
            raise QueryError(
                f"The function {name} is not offered in $filter; columns are compared by "
                f"{', '.join(COMPARISONS)}.",
                is_unsupported=True,
            )
        if name not in self._types:
            raise QueryError(f"There is no column {name[:64]!r} in this table.")
        compared = self._word("a comparison")
        if compared in _FURTHER:
            raise QueryError(
                f"{compared} is not offered in $filter; columns are compared by "
                f"{', '.join(COMPARISONS)}.",
                is_unsupported=True,
            )
        if compared not in COMPARISONS:
            raise QueryError(f"{compared[:64]!r} is no comparison.")
        kind, literal = self.next()
        if kind not in {"word", "text"}:
            raise QueryError(f"$filter lacks a value after {name} {compared}.")
        if literal in self._types:
            raise QueryError(
                f"$filter compares {name} with the column {literal}; only values are offered.",
                is_unsupported=True,
            )
        self._at += 1
        return Comparison(name, compared, read_literal(literal, self._types[name], name))

    def _word(self, wanted: str) -> str:
        kind, text = self.next()
        if kind != "word":
            raise QueryError(f"$filter lacks {wanted} at {text[:64] or 'its end'}.")
        self._at += 1
        return text

    def _took(self, *token: str) -> bool:
        if self.next() != token:
            return False
        self._at += 1
        return True
