"""Truth of a condition, given the answers and the context of one response."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias, assert_never, cast

from harken_server.kernel.formats import is_blank
from harken_server.surveys.questions import conditions as c
from harken_server.surveys.questions.conditions import folded
from harken_server.surveys.questions.types import OTHER

Values: TypeAlias = Mapping[str, Any]
"""Answers by question key in their wire form, or context values by name."""


def evaluate(condition: c.Condition, answers: Values, context: Values) -> bool:
    """Whether the condition holds. Never raises, whatever the answers hold.

    A missing operand (no answer, or a blank one) makes every comparison false, `not_equals`
    included. Comparison is strict about types: `true` is not 1, and "3" is not 3.
    """
    match condition:
        case c.All():
            return all(evaluate(part, answers, context) for part in condition.of)
        case c.AnyOf():
            return any(evaluate(part, answers, context) for part in condition.of)
        case c.Not():
            return not evaluate(condition.of, answers, context)
        case _:
            given = _operand(condition, answers, context)
            return given is not None and _compare(condition, given)


def comparisons(condition: c.Condition) -> Iterator[c.Comparison]:
    """Every comparison in the tree, from left to right."""
    match condition:
        case c.All() | c.AnyOf():
            for part in condition.of:
                yield from comparisons(part)
        case c.Not():
            yield from comparisons(condition.of)
        case _:
            yield condition


def answer_keys(condition: c.Condition | None) -> frozenset[str]:
    """Keys of the questions whose answers the condition looks at."""
    if condition is None:
        return frozenset()
    return frozenset(part.answer for part in comparisons(condition) if part.answer is not None)


def _operand(condition: c.Comparison, answers: Values, context: Values) -> Any:
    """The value looked at, with `{"other": …}` read as `"other"`; None when it is missing."""
    if condition.context is not None:
        value = context.get(condition.context)
    else:
        value = answers.get(condition.answer) if condition.answer is not None else None
        if condition.row is not None:
            value = cast("Values", value).get(condition.row) if isinstance(value, dict) else None
    if is_blank(value):
        return None
    if isinstance(value, list):
        return [_chosen(item) for item in cast("list[Any]", value)]
    return _chosen(value)


def _chosen(item: Any) -> Any:
    return OTHER if isinstance(item, dict) and OTHER in item else cast("Any", item)


def _compare(condition: c.Comparison, given: Any) -> bool:
    match condition:
        case c.Answered():
            return True
        case c.Equals():
            return _is_same(given, condition.value)
        case c.NotEquals():
            return not _is_same(given, condition.value)
        case c.OneOf():
            return any(_is_same(given, value) for value in condition.values)
        case c.AtLeast():
            return _is_number(given) and given >= condition.value
        case c.AtMost():
            return _is_number(given) and given <= condition.value
        case c.Includes():
            return isinstance(given, list) and condition.value in given
        case _:
            assert_never(condition)


def _is_same(given: Any, value: Any) -> bool:
    if isinstance(given, list):
        items = cast("list[Any]", given)
        return len(items) == 1 and not isinstance(items[0], list) and _is_same(items[0], value)
    if isinstance(given, bool) or isinstance(value, bool):
        return given is value
    if isinstance(given, str) and isinstance(value, str):
        return given == value or folded(given) == folded(value)
    return given == value


def _is_number(given: Any) -> bool:
    return isinstance(given, (int, float)) and not isinstance(given, bool)
