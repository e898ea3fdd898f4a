"""Conditions as the widget evaluates them: `Condition` in widget/src/types.ts."""

from __future__ import annotations

from typing import Any, TypeAlias, assert_never

from harken_server.surveys.questions import conditions as c

Json: TypeAlias = dict[str, Any]


def condition_config(condition: c.Condition) -> Json:
    """The tree with one form for all comparisons: an operand, and what it must be.

    `is`: one of these; `isnt`: given, and not this; `min`, `max`: a number within; `has`: a list
    with this in it. None of them: given at all.
    """
    match condition:
        case c.All():
            return {"all": [condition_config(part) for part in condition.of]}
        case c.AnyOf():
            return {"any": [condition_config(part) for part in condition.of]}
        case c.Not():
            return {"not": condition_config(condition.of)}
        case _:
            names = ("answer", "row", "context")
            operand = {name: getattr(condition, name) for name in names}
            given = {name: value for name, value in operand.items() if value is not None}
            return {**given, **_demand(condition)}


def _demand(condition: c.Comparison) -> Json:
    match condition:
        case c.Equals():
            return {"is": [condition.value]}
        case c.OneOf():
            return {"is": list(condition.values)}
        case c.NotEquals():
            return {"isnt": condition.value}
        case c.AtLeast():
            return {"min": condition.value}
        case c.AtMost():
            return {"max": condition.value}
        case c.Includes():
            return {"has": condition.value}
        case c.Answered():
            return {}
        case _:
            assert_never(condition)
