"""Choices, matrices and rankings are checked strictly, and become a row each."""

from __future__ import annotations

from typing import Any

import pytest
from checked_answers import CHOICES, MULTIPLE, checked, codes

from harken_server.surveys.answers.typed_rows import AnswerRow
from harken_server.surveys.answers.validation import Checked

SINGLE = {"type": "single_choice", "key": "why", "choices": CHOICES}
MATRIX = {
    "type": "matrix",
    "key": "parts",
    "rows": [{"value": "food", "label": "F"}, {"value": "staff", "label": "S"}],
    "columns": [{"value": "good", "label": "G"}, {"value": "poor", "label": "P"}],
}
RANKING = {"type": "ranking", "key": "order", "choices": CHOICES}


@pytest.mark.parametrize("value", ["price", "speed"])
def test_a_single_choice_is_stored_by_its_value(value: str) -> None:
    assert checked([SINGLE], {"why": value}).rows == [AnswerRow("why", choice=value)]


@pytest.mark.parametrize("value", ["PRICE", "other", " price", {"other": "x"}])
def test_a_single_choice_that_is_not_offered_is_refused(value: Any) -> None:
    assert codes(checked([SINGLE], {"why": value})) == [("$.answers.why", "unknown_choice")]


def test_other_carries_a_text_of_its_own() -> None:
    offering = {**SINGLE, "other": "Other"}
    rows = checked([offering], {"why": {"other": "the music"}}).rows
    assert rows == [AnswerRow("why", choice="other", text="the music")]
    assert checked([offering], {"why": {"other": ""}}).rows == [AnswerRow("why", choice="other")]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"other": 5}, "wrong_type"),
        ({"other": "x", "more": 1}, "wrong_type"),
        ({}, "wrong_type"),
        ({"other": "x" * 501}, "too_long"),
        ({"other": "\x00"}, "invalid_text"),
        (["other"], "wrong_type"),
    ],
)
def test_a_malformed_other_is_refused(value: Any, code: str) -> None:
    result = checked([{**SINGLE, "other": "Other"}], {"why": value})
    assert [problem.code for problem in result.problems] == [code]


def test_a_multiple_choice_becomes_one_row_a_choice() -> None:
    question = {**MULTIPLE, "other": "Other"}
    rows = checked([question], {"why": ["speed", {"other": "music"}]}).rows
    assert rows == [
        AnswerRow("why", "speed", choice="speed"),
        AnswerRow("why", "other", choice="other", text="music"),
    ]


@pytest.mark.parametrize(
    ("extra", "value", "code"),
    [
        ({}, ["price", "price"], "repeated_choice"),
        ({"max_choices": 1}, ["price", "speed"], "too_many_choices"),
        ({"min_choices": 2}, ["price"], "too_few_choices"),
        ({"none": {"value": "nothing", "label": "-"}}, ["nothing", "price"], "exclusive_choice"),
        ({"other": "O"}, [{"other": "a"}, {"other": "b"}], "repeated_choice"),
        ({}, "price", "wrong_type"),
        ({}, [["price"]], "wrong_type"),
        ({}, [None], "wrong_type"),
        ({}, ["price"] * 5000, "too_many_choices"),
    ],
)
def test_a_multiple_choice_keeps_its_rules(extra: dict[str, Any], value: Any, code: str) -> None:
    result = checked([{**MULTIPLE, **extra}], {"why": value})
    assert {problem.code for problem in result.problems} == {code}


def test_the_exclusive_choice_alone_needs_no_company() -> None:
    question = {**MULTIPLE, "min_choices": 2, "none": {"value": "nothing", "label": "-"}}
    assert checked([question], {"why": ["nothing"]}).problems == ()


def test_an_optional_multiple_choice_may_stay_empty_whatever_its_least() -> None:
    assert checked([{**MULTIPLE, "min_choices": 2}], {"why": []}) == Checked((), [], ())


def test_a_partial_response_may_hold_half_an_answer() -> None:
    questions = [
        {**MULTIPLE, "min_choices": 2},
        {**MATRIX, "required": True},
        RANKING,
        {"type": "consent", "key": "ok", "label": "I agree", "required": True},
    ]
    answers = {"why": ["price"], "parts": {"food": "good"}, "order": ["taste"], "ok": False}
    assert checked(questions, answers, is_complete=False).problems == ()
    assert codes(checked(questions, answers)) == [
        ("$.answers.why", "too_few_choices"),
        ("$.answers.parts.staff", "incomplete"),
        ("$.answers.order", "incomplete"),
        ("$.answers.ok", "consent_required"),
    ]


def test_what_a_complete_response_lacks_does_not_keep_it_from_being_saved_in_part() -> None:
    questions = [{**MULTIPLE, "min_choices": 2}, {**MATRIX, "required": True}]
    answers = {"why": ["price"], "parts": {"food": "good"}}

    whole = checked(questions, answers)

    assert len(whole.problems) == 2
    assert whole.as_partial() == checked(questions, answers, is_complete=False)


def test_a_wrong_answer_is_not_saved_in_part_either() -> None:
    result = checked([MULTIPLE, {**MATRIX, "required": True}], {"why": "price"})

    assert result.as_partial().problems
    assert result.as_partial().rows == []


def test_a_matrix_becomes_one_row_a_row() -> None:
    rows = checked([MATRIX], {"parts": {"food": "good", "staff": "poor"}}).rows
    assert rows == [
        AnswerRow("parts", "food", choice="good"),
        AnswerRow("parts", "staff", choice="poor"),
    ]


def test_an_optional_matrix_may_be_answered_in_part() -> None:
    assert checked([MATRIX], {"parts": {"food": "good"}}).problems == ()


def test_unknown_rows_and_columns_of_a_matrix_are_refused() -> None:
    result = checked([MATRIX], {"parts": {"food": "superb", "music": "good", "staff": 3}})
    assert codes(result) == [
        ("$.answers.parts.food", "unknown_choice"),
        ("$.answers.parts.music", "unknown_row"),
        ("$.answers.parts.staff", "wrong_type"),
    ]


def test_a_ranking_keeps_the_place_of_each_choice() -> None:
    rows = checked([RANKING], {"order": ["taste", "price", "speed"]}).rows
    assert [(row.part, row.rating) for row in rows] == [("taste", 1), ("price", 2), ("speed", 3)]


def test_a_ranking_with_a_limit_may_be_partial() -> None:
    question = {**RANKING, "max_ranked": 2}
    assert checked([question], {"order": ["taste"]}).problems == ()
    result = checked([question], {"order": ["taste", "price", "speed"]})
    assert codes(result) == [("$.answers.order", "too_many_choices")]
