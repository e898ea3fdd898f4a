"""Unsound definitions are refused, each mistake at its place."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from checked_definitions import CHOICES, problems, survey

from harken_server.surveys.checks import check_survey


def test_a_plain_survey_is_sound() -> None:
    assert problems({}) == []


@pytest.mark.parametrize(
    ("question", "field", "code"),
    [
        ({"low": 1}, "low", "wrong_scale"),
        ({"high": 9}, "high", "wrong_scale"),
        ({"type": "csat", "high": 7}, "high", "wrong_scale"),
        ({"type": "csat", "low": 0}, "low", "wrong_scale"),
        ({"type": "ces", "high": 5}, "high", "wrong_scale"),
        ({"type": "ces", "variant": "1", "high": 7}, "high", "wrong_scale"),
        ({"type": "rating", "low": 1, "high": 1}, "high", "wrong_scale"),
        ({"type": "rating", "low": 0, "high": 11, "style": "number"}, "high", "wrong_scale"),
        ({"type": "rating", "style": "thumbs"}, "high", "wrong_scale"),
        ({"type": "rating", "style": "smiley", "high": 8}, "high", "wrong_scale"),
        ({"type": "rating", "style": "star", "low": 0}, "low", "wrong_scale"),
        ({"type": "number", "min": 5, "max": 1}, "min", "impossible_limit"),
        ({"type": "number", "min": 1.2, "max": 1.8, "is_whole": True}, "min", "impossible_limit"),
        ({"type": "date", "earliest": "2026-02-30"}, "earliest", "invalid_date"),
        (
            {"type": "date", "earliest": "2026-02-03", "latest": "2026-01-01"},
            "earliest",
            "impossible_limit",
        ),
        (
            {"type": "multiple_choice", "choices": CHOICES, "min_choices": 3},
            "min_choices",
            "impossible_limit",
        ),
        (
            {"type": "multiple_choice", "choices": CHOICES, "max_choices": 3},
            "max_choices",
            "impossible_limit",
        ),
        (
            {"type": "multiple_choice", "choices": CHOICES, "min_choices": 2, "max_choices": 1},
            "min_choices",
            "impossible_limit",
        ),
        (
            {"type": "ranking", "choices": CHOICES, "max_ranked": 3},
            "max_ranked",
            "impossible_limit",
        ),
        (
            {"type": "single_choice", "choices": [*CHOICES, CHOICES[0]]},
            "choices[2].value",
            "duplicate_value",
        ),
        (
            {"type": "single_choice", "choices": [*CHOICES, {"value": "other", "label": "O"}]},
            "choices[2].value",
            "reserved_value",
        ),
        (
            {"type": "multiple_choice", "choices": CHOICES, "none": CHOICES[0]},
            "none.value",
            "duplicate_value",
        ),
        (
            {"type": "matrix", "rows": [CHOICES[0], CHOICES[0]], "columns": CHOICES},
            "rows[1].value",
            "duplicate_value",
        ),
    ],
)
def test_a_question_that_contradicts_itself_is_refused(
    question: dict[str, Any], field: str, code: str
) -> None:
    assert problems(question) == [(f"$.questions[0].{field}", code)]


@pytest.mark.parametrize(
    "question",
    [
        {"type": "rating", "style": "thumbs", "low": 0, "high": 1},
        {"type": "rating", "style": "number", "low": 0, "high": 10},
        {"type": "rating", "style": "number", "low": 1, "high": 11},
        {"type": "rating", "style": "smiley", "high": 7},
        {"type": "ces", "variant": "1"},
        {"type": "ces", "high": 7},
        {"type": "csat", "style": "smiley"},
    ],
)
def test_standard_scales_are_accepted(question: dict[str, Any]) -> None:
    assert problems(question) == []


def test_question_keys_are_unique() -> None:
    assert problems({"key": "a"}, {"key": "a"}) == [("$.questions[1].key", "duplicate_key")]


def test_a_key_must_not_look_like_a_column_of_another_question() -> None:
    wide = {"key": "why", "type": "multiple_choice", "choices": CHOICES}
    assert problems(wide, {"key": "why__price"}) == [("$.questions[1].key", "column_clash")]


def test_the_word_for_the_ending_is_no_question_key() -> None:
    assert problems({"key": "end"}) == [("$.questions[0].key", "reserved_key")]


def test_a_survey_of_statements_asks_nothing() -> None:
    assert problems({"type": "statement"}) == [("$.questions", "nothing_to_answer")]


def test_a_statement_cannot_be_required() -> None:
    found = problems({"type": "statement", "required": True}, {})
    assert found == [("$.questions[0].required", "statement_required")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{{answer.ghost}}", "unknown_question"),
        ("{{answer.q1}}", "later_question"),
        ("{{answer.q2}}", "later_question"),
        ("{{context.plan}}", "unknown_context"),
        ("{{name}}", "bad_placeholder"),
        ("{{context.}}", "bad_placeholder"),
        (" \n ", "blank_text"),
    ],
)
def test_a_text_holds_only_placeholders_that_stand_for_something(text: str, code: str) -> None:
    assert problems({}, {"text": text}, {}) == [("$.questions[1].text", code)]


def test_placeholders_are_checked_in_labels_and_endings_too() -> None:
    choice = {
        "type": "single_choice",
        "choices": [{"value": "a", "label": "{{context.x}}"}, CHOICES[0]],
    }
    ending = {"key": "e", "title": "ok", "text": "{{answer.ghost}}"}
    assert problems(choice, endings=[ending]) == [
        ("$.questions[0].choices[0].label", "unknown_context"),
        ("$.endings[0].text", "unknown_question"),
    ]


def test_nothing_is_answered_yet_in_the_title() -> None:
    assert problems({}, title="{{answer.q0}}") == [("$.title", "later_question")]


def test_every_map_has_a_string_for_every_locale() -> None:
    found = problems({"text": {"en": "?"}}, locales=["de", "fr"])
    assert found == [
        ("$.questions[0].text.de", "missing_string"),
        ("$.questions[0].text.fr", "missing_string"),
    ]
    assert problems({"text": {"de": "?"}}) == [("$.questions[0].text.en", "missing_string")]


def test_a_wider_locale_covers_a_narrower_one() -> None:
    assert problems({"text": {"en": "?", "de": "?"}}, locales=["de-AT"]) == []


def test_a_plain_string_serves_every_locale() -> None:
    assert problems({"text": "?"}, locales=["de", "fr"]) == []


def test_too_many_questions_are_refused() -> None:
    question = survey({}).questions[0]
    many = tuple(msgspec.structs.replace(question, key=f"k{at}") for at in range(201))
    found = check_survey(msgspec.structs.replace(survey({}), questions=many))
    assert [(p.path, p.code, p.limit) for p in found] == [("$.questions", "too_many", 200)]


def test_a_definition_that_grows_too_large_is_refused() -> None:
    question = survey({}).questions[0]
    many = tuple(
        msgspec.structs.replace(question, key=f"k{at}", text="x" * 2000) for at in range(200)
    )
    found = check_survey(msgspec.structs.replace(survey({}), questions=many))
    assert [(p.path, p.code) for p in found] == [("$", "definition_too_large")]
