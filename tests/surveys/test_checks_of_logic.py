"""Conditions and jumps that cannot be are refused, each at its place."""

from __future__ import annotations

from typing import Any

import pytest
from checked_definitions import CHOICES, problems


def show_if(op: str, answer: str = "q0", **fields: Any) -> dict[str, Any]:
    return {"show_if": {"op": op, "answer": answer, **fields}}


@pytest.mark.parametrize(
    ("first", "condition", "place", "code"),
    [
        ({}, show_if("answered", "ghost"), "answer", "unknown_question"),
        ({}, show_if("answered", "q1"), "answer", "later_question"),
        ({}, show_if("answered", "q2"), "answer", "later_question"),
        ({}, show_if("at_least", value=11), "value", "impossible_value"),
        ({}, show_if("equals", value="9"), "value", "wrong_type"),
        ({}, show_if("equals", value=True), "value", "wrong_type"),
        ({}, show_if("one_of", values=[1, 12]), "values[1]", "impossible_value"),
        ({}, show_if("includes", value="price"), "op", "unsuitable_op"),
        ({}, show_if("answered", row="food"), "row", "bad_operand"),
        ({"type": "long_text"}, show_if("at_most", value=3), "op", "unsuitable_op"),
        ({"type": "consent", "label": "x"}, show_if("equals", value=1), "value", "wrong_type"),
        ({"type": "date"}, show_if("equals", value="soon"), "value", "wrong_type"),
        (
            {"type": "single_choice", "choices": CHOICES},
            show_if("equals", value="music"),
            "value",
            "unknown_choice",
        ),
        (
            {"type": "single_choice", "choices": CHOICES},
            show_if("equals", value="other"),
            "value",
            "unknown_choice",
        ),
        (
            {"type": "multiple_choice", "choices": CHOICES},
            show_if("includes", value="music"),
            "value",
            "unknown_choice",
        ),
        (
            {"type": "multiple_choice", "choices": CHOICES},
            show_if("one_of", values=["price"]),
            "op",
            "unsuitable_op",
        ),
        (
            {"type": "matrix", "rows": CHOICES, "columns": CHOICES},
            show_if("equals", row="ghost", value="price"),
            "row",
            "unknown_row",
        ),
    ],
)
def test_a_condition_must_fit_what_it_looks_at(
    first: dict[str, Any], condition: dict[str, Any], place: str, code: str
) -> None:
    assert problems(first, condition, {}) == [(f"$.questions[1].show_if.{place}", code)]


def test_a_matrix_is_compared_row_by_row() -> None:
    matrix = {"type": "matrix", "rows": CHOICES, "columns": CHOICES}
    assert problems(matrix, show_if("equals", value="price")) == [
        ("$.questions[1].show_if", "bad_operand")
    ]
    assert problems(matrix, show_if("equals", row="speed", value="price")) == []
    assert problems(matrix, show_if("answered")) == []


@pytest.mark.parametrize("operand", [{}, {"answer": "q0", "context": "plan"}])
def test_a_condition_looks_at_exactly_one_thing(operand: dict[str, Any]) -> None:
    condition = {"show_if": {"op": "answered", **operand}}
    found = problems({}, condition, context={"plan": ""})
    assert found == [("$.questions[1].show_if", "bad_operand")]


def test_context_names_must_be_declared() -> None:
    condition = {"show_if": {"op": "equals", "context": "plan", "value": "pro"}}
    assert problems({}, condition) == [("$.questions[1].show_if.context", "unknown_context")]
    assert problems({}, condition, context={"plan": ""}) == []


def test_conditions_are_found_however_deep() -> None:
    tree = {"op": "not", "of": {"op": "any", "of": [{"op": "answered", "answer": "ghost"}]}}
    assert problems({}, {"show_if": tree}) == [
        ("$.questions[1].show_if.of.of[0].answer", "unknown_question")
    ]


def test_conditions_are_not_nested_too_deep() -> None:
    tree: dict[str, Any] = {"op": "answered", "answer": "q0"}
    for _ in range(8):
        tree = {"op": "not", "of": tree}
    assert problems({}, {"show_if": tree}) == []
    found = problems({}, {"show_if": {"op": "not", "of": tree}})
    assert [code for _, code in found] == ["condition_too_deep"]


@pytest.mark.parametrize(
    ("parts", "is_refused"),
    [
        ([("at_least", 8), ("at_most", 7)], True),
        ([("at_least", 7), ("at_most", 8)], False),
        ([("equals", 3), ("equals", 4)], True),
        ([("equals", 3), ("not_equals", 3)], True),
        ([("equals", 3), ("at_least", 5)], True),
        ([("equals", 5), ("at_least", 5)], False),
    ],
)
def test_a_condition_that_never_holds_is_refused(
    parts: list[tuple[str, int]], is_refused: bool
) -> None:
    of = [{"op": op, "answer": "q0", "value": value} for op, value in parts]
    expected = [("$.questions[1].show_if", "never_true")] if is_refused else []
    assert problems({}, {"show_if": {"op": "all", "of": of}}) == expected


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("q1", "backward_jump"),
        ("q0", "backward_jump"),
        ("ghost", "unknown_target"),
        ("end:ghost", "unknown_target"),
    ],
)
def test_a_jump_leads_to_something_later(target: str, code: str) -> None:
    jump = {"to": target, "when": {"op": "answered", "answer": "q0"}}
    assert problems({}, {"jumps": [jump]}, {}) == [("$.questions[1].jumps[0].to", code)]


def test_what_every_way_passes_by_is_unreachable() -> None:
    assert problems({"jumps": [{"to": "q2"}]}, {}, {}) == [("$.questions[1]", "unreachable")]
    assert problems({"jumps": [{"to": "end"}]}, {}) == [("$.questions[1]", "unreachable")]


def test_a_question_reached_by_one_way_is_reachable() -> None:
    jump = {"to": "q2", "when": {"op": "at_most", "answer": "q0", "value": 3}}
    assert problems({"jumps": [jump, {"to": "q3"}]}, {}, {}, {}) == [
        ("$.questions[1]", "unreachable")
    ]
    hidden_at_times = {"show_if": jump["when"], "jumps": [{"to": "end"}]}
    assert problems({}, hidden_at_times, {}) == []


def test_a_jump_after_a_certain_one_is_unreachable() -> None:
    jumps = [{"to": "q1"}, {"to": "end"}]
    assert problems({"jumps": jumps}, {}) == [("$.questions[0].jumps[1]", "unreachable")]


def test_an_ending_behind_a_certain_one_is_unreachable_unless_named() -> None:
    endings = [{"key": "first", "title": "1"}, {"key": "second", "title": "2"}]
    assert problems({}, endings=endings) == [("$.endings[1]", "unreachable")]
    assert problems({"jumps": [{"to": "end:second"}]}, endings=endings) == []


def test_endings_may_look_at_every_answer() -> None:
    ending = {
        "key": "sad",
        "title": "{{answer.q0}}?",
        "show_if": {"op": "answered", "answer": "q1"},
    }
    assert problems({}, {}, endings=[ending]) == []
