"""Whether traits and context satisfy the rules of a segment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias, assert_never

import msgspec

from harken_server.surveys.asking import Quota, Rule

Value: TypeAlias = str | int | float | bool | None
Known: TypeAlias = Mapping[str, Value]
"""Values by name; None is as good as absent."""

_WORDS = {
    "equals": "is",
    "not_equals": "is not",
    "at_least": "is at least",
    "at_most": "is at most",
    "contains": "contains",
    "one_of": "is one of",
}


def rule_holds(rule: Rule, traits: Known, context: Known) -> bool:
    """Whether one rule is satisfied; a missing value satisfies `exists: false` alone."""
    given = (traits if rule.of == "trait" else context).get(rule.name)
    if rule.op == "exists":
        return (given is not None) is (rule.value is not False)
    return given is not None and _compares(rule, given)


def first_broken(rules: Iterable[Rule], traits: Known, context: Known) -> Rule | None:
    """The first rule that is not satisfied; None when all are."""
    return next((rule for rule in rules if not rule_holds(rule, traits, context)), None)


def quotas_of(quotas: Iterable[Quota], traits: Known, context: Known) -> tuple[str, ...]:
    """Names of the quotas that somebody belongs to, in their order."""
    return tuple(
        quota.name for quota in quotas if first_broken(quota.where, traits, context) is None
    )


def named_only(
    rules: Iterable[Rule], traits: Known, context: Known
) -> tuple[dict[str, Value], dict[str, Value]]:
    """The traits and the context entries that rules look at, and no others."""
    looked_at = {(rule.of, rule.name) for rule in rules}
    return (
        {name: value for name, value in traits.items() if ("trait", name) in looked_at},
        {name: value for name, value in context.items() if ("context", name) in looked_at},
    )


def describe_rule(rule: Rule) -> str:
    """Say what a rule asks for.

    >>> describe_rule(Rule(name="plan", op="one_of", value=("pro", "team")))
    'trait plan is one of "pro", "team"'
    """
    name = f"{rule.of} {rule.name}"
    if rule.op == "exists":
        return f"{name} is {'not given' if rule.value is False else 'given'}"
    values = rule.value if isinstance(rule.value, tuple) else (rule.value,)
    return f"{name} {_WORDS[rule.op]} {', '.join(map(spell, values))}"


def spell(value: object) -> str:
    """A value as JSON writes it, cut to 60 characters."""
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= 60 else text[:59] + "…"


def _compares(rule: Rule, given: str | float | bool) -> bool:
    wanted = rule.value
    match rule.op:
        case "equals":
            return _same(given, wanted)
        case "not_equals":
            return not _same(given, wanted)
        case "one_of":
            return isinstance(wanted, tuple) and any(_same(given, one) for one in wanted)
        case "contains":
            return isinstance(given, str) and isinstance(wanted, str) and wanted in given
        case "at_least" | "at_most":
            one, other = _number(given), _number(wanted)
            if one is None or other is None:
                return False
            return one >= other if rule.op == "at_least" else one <= other
        case "exists":
            return True
        case _:
            assert_never(rule.op)


def _same(given: object, wanted: object) -> bool:
    """Equal and alike: 1 is 1.0, but neither is true."""
    return isinstance(given, bool) is isinstance(wanted, bool) and given == wanted


def _number(value: object) -> float | None:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
