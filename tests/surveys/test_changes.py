"""Differences between versions are named, and weighed by what they do to the answers."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from harken_server.surveys.survey import Survey
from harken_server.surveys.version_changes import check_key_types, compare_surveys

CHOICES = [{"value": "price", "label": "Price"}, {"value": "speed", "label": "Speed"}]
BASE: list[dict[str, Any]] = [
    {"type": "nps", "key": "recommend", "text": "How likely?", "required": True},
    {"type": "multiple_choice", "key": "reasons", "text": "What?", "choices": CHOICES},
    {"type": "long_text", "key": "why", "text": "Why?", "max_chars": 500},
    {"type": "rating", "key": "stars", "text": "Stars?"},
    {"type": "matrix", "key": "parts", "text": "?", "rows": CHOICES, "columns": CHOICES},
]


def survey(questions: list[dict[str, Any]] | None = None, **fields: Any) -> Survey:
    tree = {"key": "s", "title": "S", "questions": BASE if questions is None else questions}
    return msgspec.convert({**tree, **fields}, Survey)


def altered(place: int, **fields: Any) -> Survey:
    questions = [dict(question) for question in BASE]
    questions[place].update(fields)
    return survey(questions)


def lines(new: Survey, old: Survey | None = None) -> list[tuple[str, str]]:
    return [(line.kind, line.path) for line in compare_surveys(old or survey(), new).changes]


def test_nothing_changed_is_no_change() -> None:
    assert compare_surveys(survey(), survey()) == ("none", ())


@pytest.mark.parametrize(
    ("new", "path"),
    [
        (altered(0, text="How likely are you?"), "recommend.text"),
        (altered(0, low_label="Never"), "recommend.low_label"),
        (altered(3, style="number"), "stars.style"),
        (altered(1, choices=[CHOICES[1], CHOICES[0]]), "reasons.choices"),
        (
            altered(1, choices=[{"value": "price", "label": "Cost"}, CHOICES[1]]),
            "reasons.choices.price",
        ),
    ],
)
def test_words_and_looks_are_cosmetic(new: Survey, path: str) -> None:
    assert lines(new) == [("cosmetic", f"$.questions.{path}")]


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"title": "T"}, "$.title"),
        ({"presentation": {"theme": {"accent": "#000000"}}}, "$.presentation"),
        ({"touchpoints": ["order.delivered"]}, "$.touchpoints"),
    ],
)
def test_headings_are_cosmetic(fields: dict[str, Any], path: str) -> None:
    assert lines(survey(**fields)) == [("cosmetic", path)]


@pytest.mark.parametrize(
    ("new", "path"),
    [
        (survey([*BASE, {"type": "nps", "key": "again", "text": "?"}]), "$.questions.again"),
        (survey(endings=[{"key": "bye", "title": "Bye"}]), "$.endings.bye"),
        (survey(locales=["de"]), "$.locales.de"),
        (survey(context={"store": ""}), "$.context.store"),
        (survey(list(reversed(BASE))), "$.questions"),
        (altered(0, required=False), "$.questions.recommend.required"),
        (
            altered(1, choices=[*CHOICES, {"value": "taste", "label": "Taste"}]),
            "$.questions.reasons.choices.taste",
        ),
        (altered(1, other="Other"), "$.questions.reasons.other"),
        (altered(2, max_chars=900), "$.questions.why.max_chars"),
        (
            altered(4, rows=[*CHOICES, {"value": "taste", "label": "T"}]),
            "$.questions.parts.rows.taste",
        ),
    ],
)
def test_more_to_answer_is_additive(new: Survey, path: str) -> None:
    assert lines(new) == [("additive", path)]


@pytest.mark.parametrize(
    ("new", "path"),
    [
        (survey(BASE[:4]), "$.questions.parts"),
        (
            survey([*BASE, {"type": "nps", "key": "x", "text": "?", "required": True}]),
            "$.questions.x",
        ),
        (altered(3, high=7), "$.questions.stars.high"),
        (altered(2, required=True), "$.questions.why.required"),
        (altered(2, max_chars=100), "$.questions.why.max_chars"),
        (altered(1, max_choices=1), "$.questions.reasons.max_choices"),
        (
            altered(1, choices=[CHOICES[0], {"value": "taste", "label": "T"}]),
            "$.questions.reasons.choices.speed",
        ),
        (altered(2, show_if={"op": "answered", "answer": "recommend"}), "$.questions.why.show_if"),
        (altered(0, jumps=[{"to": "end"}]), "$.questions.recommend.jumps"),
        (
            survey([{**BASE[0], "type": "rating", "high": 10}, *BASE[1:]]),
            "$.questions.recommend.type",
        ),
    ],
)
def test_what_answers_cannot_survive_is_breaking(new: Survey, path: str) -> None:
    assert ("breaking", path) in lines(new)
    assert compare_surveys(survey(), new).kind == "breaking"


def test_another_order_is_a_change_too() -> None:
    places = {"touchpoints": ["a", "b"], "locales": ["de", "fr"]}
    turned = {field: list(reversed(entries)) for field, entries in places.items()}
    assert lines(survey(**turned), survey(**places)) == [
        ("cosmetic", "$.touchpoints"),
        ("cosmetic", "$.locales"),
    ]


def test_a_new_row_of_a_required_matrix_is_breaking() -> None:
    old = altered(4, required=True)
    new = altered(4, required=True, rows=[*CHOICES, {"value": "taste", "label": "T"}])
    assert lines(new, old) == [("breaking", "$.questions.parts.rows.taste")]


def test_the_weightiest_change_gives_its_name() -> None:
    new = survey([{**BASE[0], "text": "Hm?"}, *BASE[1:], {"type": "nps", "key": "x", "text": "?"}])
    change = compare_surveys(survey(), new)
    assert change.kind == "additive"
    assert len(change.changes) == 2


def test_messages_name_the_thing() -> None:
    (line,) = compare_surveys(survey(), altered(2, max_chars=100)).changes
    assert line.message == "`max_chars` of why is narrower: 500 becomes 100."


def test_a_key_never_changes_its_type() -> None:
    new = survey([{"type": "csat", "key": "recommend", "text": "?"}])
    (problem,) = check_key_types([survey()], new)
    assert (problem.path, problem.code) == ("$.questions[0].type", "key_changed_type")


def test_a_key_that_was_removed_does_not_come_back_as_another_type() -> None:
    versions = [survey(), survey(BASE[:2])]
    new = survey([*BASE[:2], {"type": "short_text", "key": "why", "text": "?"}])
    assert [p.code for p in check_key_types(versions, new)] == ["key_changed_type"]


def test_a_rated_key_keeps_its_scale() -> None:
    (problem,) = check_key_types([survey()], altered(3, high=10))
    assert (problem.path, problem.code, problem.limit) == (
        "$.questions[3].high",
        "key_changed_scale",
        5,
    )


def test_the_same_keys_with_other_words_are_fine() -> None:
    assert check_key_types([survey()], altered(0, text="Other words?")) == []
