"""Rules over traits and context: what they take in, and that absence satisfies none but one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.surveys.asking import Quota, Rule
from harken_server.surveys.segments import (
    describe_rule,
    first_broken,
    named_only,
    quotas_of,
    rule_holds,
)


@pytest.mark.parametrize(
    ("op", "value", "given_value", "holds"),
    [
        ("equals", "pro", "pro", True),
        ("equals", "pro", "Pro", False),
        ("equals", 1, 1.0, True),
        ("equals", 1, True, False),
        ("equals", True, 1, False),
        ("equals", False, False, True),
        ("not_equals", "pro", "free", True),
        ("not_equals", "pro", "pro", False),
        ("at_least", 10, 10, True),
        ("at_least", 10, 9.99, False),
        ("at_least", 10, "11", False),
        ("at_least", 0, True, False),
        ("at_most", 10, 10, True),
        ("at_most", 10, 10.01, False),
        ("contains", "ber", "cucumber", True),
        ("contains", "ber", "Berlin", False),
        ("contains", "1", 11, False),
        ("one_of", ("pro", 2), 2.0, True),
        ("one_of", ("pro", 2), "free", False),
        ("exists", None, "", True),
        ("exists", True, 0, True),
        ("exists", False, 0, False),
    ],
)
def test_a_rule_compares_like_with_like(op: Any, value: Any, given_value: Any, holds: bool) -> None:
    for of in ("trait", "context"):
        rule = Rule(of=of, name="x", op=op, value=value)
        traits, context = ({"x": given_value}, {}) if of == "trait" else ({}, {"x": given_value})
        assert rule_holds(rule, traits, context) is holds
        assert not rule_holds(rule, context, traits) or (op, value) == ("exists", False)


@given(
    st.sampled_from(
        ["equals", "not_equals", "at_least", "at_most", "contains", "one_of", "exists"]
    ),
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.tuples(st.integers()),
    st.sampled_from([{}, {"x": None}]),
)
def test_absence_satisfies_exists_false_alone(op: Any, value: Any, traits: dict[str, None]) -> None:
    rule = Rule(name="x", op=op, value=value)

    assert rule_holds(rule, traits, {}) is (op == "exists" and value is False)


def test_the_first_rule_that_is_broken_is_given() -> None:
    rules = [Rule(name="a", value=1), Rule(name="b", value=2), Rule(name="c", value=3)]

    assert first_broken(rules, {"a": 1, "b": 0, "c": 0}, {}) is rules[1]
    assert first_broken(rules, {"a": 1, "b": 2, "c": 3}, {}) is None
    assert first_broken((), {}, {}) is None


def test_somebody_belongs_to_each_quota_whose_rules_all_hold() -> None:
    quotas = (
        Quota(name="berlin", limit=1, where=(Rule(name="city", value="Berlin"),)),
        Quota(name="all", limit=1),
        Quota(name="oslo", limit=1, where=(Rule(name="city", value="Oslo"),)),
    )

    assert quotas_of(quotas, {"city": "Berlin"}, {}) == ("berlin", "all")


def test_only_what_rules_look_at_is_kept() -> None:
    rules = [Rule(name="plan", value=1), Rule(of="context", name="store", value=1)]
    both = {"plan": "pro", "store": "x", "born": "1970-01-01"}

    assert named_only(rules, both, both) == ({"plan": "pro"}, {"store": "x"})


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Rule(name="plan", value="pro"), 'trait plan is "pro"'),
        (Rule(of="context", name="n", op="at_most", value=3), "context n is at most 3"),
        (Rule(name="plan", op="exists"), "trait plan is given"),
        (Rule(name="plan", op="exists", value=False), "trait plan is not given"),
        (Rule(name="x", op="one_of", value=(True, 2)), "trait x is one of true, 2"),
        (Rule(name="x", op="contains", value="y" * 99), 'trait x contains "' + "y" * 58 + "…"),
    ],
)
def test_rules_are_told_in_words(rule: Rule, words: str) -> None:
    assert describe_rule(rule) == words
