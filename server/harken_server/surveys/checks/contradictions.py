"""Conditions that can never hold, as far as that is plain to see from the condition alone."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import NamedTuple, TypeAlias

from harken_server.surveys.questions import conditions as c
from harken_server.surveys.questions.conditions import folded

_Operand: TypeAlias = tuple[str | None, str | None, str | None]
_Exact: TypeAlias = tuple[bool, c.Scalar]
"""A value and whether it is a truth value, because `True == 1`."""


class _Room(NamedTuple):
    """What an operand may still be once some comparisons hold."""

    low: float = -inf
    high: float = inf
    allowed: frozenset[_Exact] | None = None
    refused: frozenset[_Exact] = frozenset()

    def is_empty(self) -> bool:
        if self.low > self.high:
            return True
        if self.allowed is None:
            return False
        return not any(self._fits(exact) for exact in self.allowed - self.refused)

    def _fits(self, exact: _Exact) -> bool:
        is_truth, value = exact
        if self.low == -inf and self.high == inf:
            return True
        return not is_truth and not isinstance(value, str) and self.low <= value <= self.high


def never_holds(condition: c.Condition) -> bool:
    """Whether no answers and no context can make it true.

    Found are bounds and values that exclude each other among conditions that must hold together.
    False means only that no contradiction was seen.
    """
    if isinstance(condition, c.AnyOf):
        return all(never_holds(part) for part in condition.of)
    if not isinstance(condition, c.All):
        return False
    rooms: dict[_Operand, _Room] = {}
    for part in _joined(condition):
        operand = (part.answer, part.row, part.context)
        rooms[operand] = _narrow(rooms.get(operand, _Room()), part)
    if any(room.is_empty() for room in rooms.values()):
        return True
    return any(never_holds(part) for part in condition.of)


def _joined(condition: c.All) -> Iterator[c.Comparison]:
    """Comparisons that must all hold, those of nested `all` included."""
    for part in condition.of:
        if isinstance(part, c.All):
            yield from _joined(part)
        elif isinstance(part, c.Comparison):
            yield part


def _narrow(room: _Room, part: c.Comparison) -> _Room:
    match part:
        case c.AtLeast():
            return room._replace(low=max(room.low, part.value))
        case c.AtMost():
            return room._replace(high=min(room.high, part.value))
        case c.Equals():
            return _keep(room, frozenset({_exact(part.value)}))
        case c.OneOf():
            return _keep(room, frozenset(_exact(value) for value in part.values))
        case c.NotEquals():
            return room._replace(refused=room.refused | {_exact(part.value)})
        case _:
            return room


def _keep(room: _Room, values: frozenset[_Exact]) -> _Room:
    return room._replace(allowed=values if room.allowed is None else room.allowed & values)


def _exact(value: c.Scalar) -> _Exact:
    return isinstance(value, bool), folded(value) if isinstance(value, str) else value
