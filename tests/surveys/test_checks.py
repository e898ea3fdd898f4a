"""Unsound definitions are refused, each mistake at its place."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from harken_server.surveys.checks import check_survey
from harken_server.surveys.survey import Survey

CHOICES = [{"value": "price", "label": "P"}, {"value": "speed", "label": "S"}]


def survey(*questions: dict[str, Any], **fields: Any) -> Survey:
    made = [{"type": "nps", "text": "?", "key": f"q{at}", **q} for at, q in enumerate(questions)]
    return msgspec.convert({"key": "s", "title": "S", "questions": made, **fields}, Survey)


def problems(*questions: dict[str, Any], **fields: Any) -> list[tuple[str, str]]:
    return [(p.path, p.code) for p in check_survey(survey(*questions, **fields))]


def show_if(op: str, answer: str = "q0", **fields: Any) -> dict[str, Any]:
    return {"show_if": {"op": op, "answer": answer, **fields}}


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
