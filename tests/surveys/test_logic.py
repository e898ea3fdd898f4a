"""The way through a survey follows its conditions and jumps, forward only."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from harken_server.surveys.logic.evaluation import evaluate
from harken_server.surveys.logic.paging import walk
from harken_server.surveys.questions.conditions import Condition
from harken_server.surveys.survey import Survey


def condition(tree: dict[str, Any]) -> Condition:
    return msgspec.convert(tree, Condition)


def survey(*questions: dict[str, Any], endings: list[dict[str, Any]] | None = None) -> Survey:
    return msgspec.convert(
        {
            "key": "s",
            "title": "S",
            "questions": [{"type": "nps", "text": "?", **question} for question in questions],
            "endings": endings or [],
        },
        Survey,
    )


@pytest.mark.parametrize(
    ("tree", "answers", "expected"),
    [
        ({"op": "equals", "answer": "a", "value": 9}, {"a": 9}, True),
        ({"op": "equals", "answer": "a", "value": 9}, {"a": 9.0}, True),
        ({"op": "equals", "answer": "a", "value": 9}, {"a": "9"}, False),
        ({"op": "equals", "answer": "a", "value": 1}, {"a": True}, False),
        ({"op": "equals", "answer": "a", "value": True}, {"a": True}, True),
        ({"op": "equals", "answer": "a", "value": "x"}, {"a": ["x"]}, True),
        ({"op": "equals", "answer": "a", "value": "x"}, {"a": ["x", "y"]}, False),
        ({"op": "equals", "answer": "a", "value": "other"}, {"a": {"other": "z"}}, True),
        ({"op": "not_equals", "answer": "a", "value": "x"}, {"a": "y"}, True),
        ({"op": "not_equals", "answer": "a", "value": "x"}, {}, False),
        ({"op": "at_least", "answer": "a", "value": 7}, {"a": 7}, True),
        ({"op": "at_least", "answer": "a", "value": 7}, {"a": "7"}, False),
        ({"op": "at_least", "answer": "a", "value": 0}, {"a": True}, False),
        ({"op": "at_most", "answer": "a", "value": 6}, {"a": 7}, False),
        ({"op": "at_most", "answer": "a", "value": 6}, {}, False),
        ({"op": "one_of", "answer": "a", "values": ["x", 3]}, {"a": 3}, True),
        ({"op": "includes", "answer": "a", "value": "x"}, {"a": ["y", "x"]}, True),
        ({"op": "includes", "answer": "a", "value": "other"}, {"a": [{"other": "z"}]}, True),
        ({"op": "includes", "answer": "a", "value": "x"}, {"a": "x"}, False),
        ({"op": "answered", "answer": "a"}, {"a": 0}, True),
        ({"op": "answered", "answer": "a"}, {"a": False}, True),
        ({"op": "answered", "answer": "a"}, {"a": " "}, False),
        ({"op": "answered", "answer": "a"}, {"a": []}, False),
        ({"op": "answered", "answer": "a"}, {"a": None}, False),
        (
            {"op": "equals", "answer": "a", "row": "food", "value": "good"},
            {"a": {"food": "good"}},
            True,
        ),
        ({"op": "equals", "answer": "a", "row": "food", "value": "good"}, {"a": "good"}, False),
        ({"op": "not", "of": {"op": "answered", "answer": "a"}}, {}, True),
    ],
)
def test_a_condition_means_what_it_says(
    tree: dict[str, Any], answers: dict[str, Any], expected: bool
) -> None:
    assert evaluate(condition(tree), answers, {}) is expected


def test_a_condition_can_look_at_the_context() -> None:
    tree = {"op": "at_least", "context": "visits", "value": 3}
    assert evaluate(condition(tree), {}, {"visits": 3})
    assert not evaluate(condition(tree), {"visits": 9}, {})


@pytest.mark.parametrize("typed", [
    "New York", "new york", " New  York ", "NEW YORK\n", "New\u00a0York", "\uff2eew York",
])  # fmt: skip
def test_a_text_is_compared_as_people_type_it_on_a_phone(typed: str) -> None:
    same = {"op": "equals", "answer": "a", "value": "New York"}
    among = {"op": "one_of", "answer": "a", "values": ["Oslo", "new york"]}
    other = {"op": "not_equals", "answer": "a", "value": "NEW YORK"}

    assert [evaluate(condition(tree), {"a": typed}, {}) for tree in (same, among, other)] == [
        True, True, False,
    ]  # fmt: skip
    assert not evaluate(condition(same), {"a": "Newyork"}, {})


def test_letters_with_marks_are_the_same_in_either_form_of_unicode() -> None:
    tree = condition({"op": "equals", "answer": "a", "value": "Caf\u00e9"})

    assert evaluate(tree, {"a": "cafe\u0301"}, {})
    assert not evaluate(tree, {"a": "cafe"}, {})


def test_all_and_any_join_conditions() -> None:
    low = {"op": "at_least", "answer": "a", "value": 7}
    high = {"op": "at_most", "answer": "a", "value": 8}
    assert evaluate(condition({"op": "all", "of": [low, high]}), {"a": 8}, {})
    assert not evaluate(condition({"op": "all", "of": [low, high]}), {"a": 9}, {})
    assert evaluate(condition({"op": "any", "of": [low, high]}), {"a": 9}, {})


@pytest.mark.parametrize("value", [object(), [[]], {"x": {}}, [{"other": []}], 10**4000])
def test_a_condition_never_raises_on_odd_answers(value: Any) -> None:
    for op in ("equals", "not_equals", "at_least", "at_most"):
        evaluate(condition({"op": op, "answer": "a", "value": 1}), {"a": value}, {})


def test_a_hidden_answer_counts_as_not_given() -> None:
    made = survey(
        {"key": "a"},
        {"key": "b", "show_if": {"op": "at_most", "answer": "a", "value": 6}},
        {"key": "c", "show_if": {"op": "answered", "answer": "b"}},
    )
    assert walk(made, {"a": 9, "b": 3, "c": 3}, {}).visible == ("a",)
    assert walk(made, {"a": 2, "b": 3}, {}).visible == ("a", "b", "c")


def test_the_first_jump_that_holds_is_taken() -> None:
    made = survey(
        {
            "key": "a",
            "jumps": [
                {"to": "d", "when": {"op": "at_most", "answer": "a", "value": 3}},
                {"to": "c", "when": {"op": "at_most", "answer": "a", "value": 6}},
            ],
        },
        {"key": "b"},
        {"key": "c"},
        {"key": "d"},
    )
    assert walk(made, {"a": 2}, {}).visible == ("a", "d")
    assert walk(made, {"a": 5}, {}).visible == ("a", "c", "d")
    assert walk(made, {"a": 9}, {}).visible == ("a", "b", "c", "d")
    assert walk(made, {}, {}).visible == ("a", "b", "c", "d")


def test_jumps_of_a_hidden_question_are_not_taken() -> None:
    made = survey(
        {"key": "a"},
        {
            "key": "b",
            "show_if": {"op": "answered", "answer": "a"},
            "jumps": [{"to": "end"}],
        },
        {"key": "c"},
    )
    assert walk(made, {}, {}).visible == ("a", "c")
    assert walk(made, {"a": 1}, {}).visible == ("a", "b")


def test_a_backward_jump_cannot_trap_a_respondent() -> None:
    made = survey({"key": "a"}, {"key": "b", "jumps": [{"to": "a"}]}, {"key": "c"})
    assert walk(made, {}, {}).visible == ("a", "b", "c")


ENDINGS: list[dict[str, Any]] = [
    {"key": "sad", "title": "Sorry", "show_if": {"op": "at_most", "answer": "a", "value": 6}},
    {"key": "glad", "title": "Thanks"},
    {"key": "short", "title": "Bye"},
]


@pytest.mark.parametrize(("rating", "expected"), [(3, "sad"), (9, "glad")])
def test_the_first_ending_that_fits_is_shown(rating: int, expected: str) -> None:
    ending = walk(survey({"key": "a"}, endings=ENDINGS), {"a": rating}, {}).ending
    assert ending is not None
    assert ending.key == expected


def test_a_jump_can_name_its_ending() -> None:
    made = survey({"key": "a", "jumps": [{"to": "end:short"}]}, {"key": "b"}, endings=ENDINGS)
    reached = walk(made, {"a": 3}, {})
    assert reached.visible == ("a",)
    assert reached.ending is not None
    assert reached.ending.key == "short"


def test_a_survey_without_endings_ends_all_the_same() -> None:
    assert walk(survey({"key": "a"}), {}, {}).ending is None
