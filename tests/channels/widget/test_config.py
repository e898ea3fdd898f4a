"""The config form of each question type: the types of definition.ts, and nothing private."""

from __future__ import annotations

import re
from typing import Any

import pytest
from small_surveys import LAST, as_sent, asked, survey_with
from source_files import ROOT

from harken_server.channels.page.face.questions import (
    DATE_PATTERN,
    EMAIL_PATTERN,
    PHONE_PATTERN,
)
from harken_server.channels.page.face.surveys import survey_config
from harken_server.channels.page.words import PAGE_WORDS
from harken_server.kernel.formats import MAX_NUMBER
from harken_server.surveys.questions.types import Question

TYPES = (ROOT / "widget" / "src" / "definition.ts").read_text("utf-8")
CHOICES = [{"value": "one", "label": "One"}, {"value": "two", "label": "Two"}]
OPTIONS = [*CHOICES, {"value": "other", "label": "Else", "own": True}]
NONE = {"value": "none", "label": "None"}
EXPECTED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "nps": (
        {},
        {"options": [{"value": 0, "label": "0", "name": "Not at all likely"},
                     *({"value": point, "label": str(point)} for point in range(1, 10)),
                     {"value": 10, "label": "10", "name": "Extremely likely"}],
         "style": "scale number long", "ends": ["Not at all likely", "Extremely likely"]},
    ),
    "csat": (
        {"style": "smiley", "high_label": "Great"},
        {"options": [{"value": 1, "mark": "drawn", "name": "1 of 5, Very dissatisfied"},
                     *({"value": point, "mark": "drawn", "name": f"{point} of 5"}
                       for point in (2, 3, 4)),
                     {"value": 5, "mark": "drawn", "name": "5 of 5, Great"}],
         "style": "scale smiley", "ends": ["Very dissatisfied", "Great"]},
    ),
    "ces": (
        {"variant": "1"},
        {"options": [{"value": 1, "label": "1", "name": "Very low effort"},
                     *({"value": point, "label": str(point)} for point in (2, 3, 4)),
                     {"value": 5, "label": "5", "name": "Very high effort"}],
         "style": "scale number", "ends": ["Very low effort", "Very high effort"]},
    ),
    "rating": (
        {},
        {"options": [{"value": point, "mark": "drawn", "name": f"{point} of 5"}
                     for point in range(1, 6)],
         "style": "scale star"},
    ),
    "single_choice": ({"choices": CHOICES, "other": "Else"}, {"options": OPTIONS}),
    "multiple_choice": (
        {"choices": CHOICES, "other": "Else", "none": NONE, "max_choices": 2},
        {"options": [*OPTIONS, {**NONE, "alone": True}], "many": True, "most": 2,
         "notes": ["Choose up to 2"],
         "says": {"too_many_choices": "Please choose no more than 2."}},
    ),
    "matrix": ({"rows": CHOICES, "columns": CHOICES[:2]},
               {"rows": CHOICES, "options": CHOICES[:2]}),
    "ranking": (
        {"choices": CHOICES},
        {"options": CHOICES, "many": True, "least": 2,
         "notes": ["Put these in order, the best first"],
         "says": {"incomplete": "Please fill all 2 places."}},
    ),
    "short_text": (
        {},
        {"field": {"type": "text"}, "max_chars": 200,
         "says": {"too_long": "Please use no more than 200 characters."}},
    ),
    "long_text": (
        {"placeholder": "Here"},
        {"field": {"rows": 4}, "placeholder": "Here", "max_chars": 2000,
         "notes": ["Up to 2000 characters"],
         "says": {"too_long": "Please use no more than 2000 characters."}},
    ),
    "number": (
        {"min": 0, "unit": "kg", "is_whole": True},
        {"field": {"type": "text", "inputMode": "numeric"}, "unit": "kg", "is_whole": True,
         "min": 0, "max": MAX_NUMBER,
         "says": {"wrong_type": "Please enter a whole number. Without signs between thousands, for "
                  "example 1234.",
                  "not_whole": "Please enter a whole number.",
                  "too_low": "Please enter 0 or more.",
                  "too_high": "Please enter 9,007,199,254,740,991 or less."}},
    ),
    "date": (
        {"earliest": "2026-01-01"},
        {"field": {"type": "date", "min": "2026-01-01", "max": ""}, "pattern": DATE_PATTERN,
         "min": "2026-01-01",
         "says": {"invalid": "Please enter a date.",
                  "too_low": "Please enter 2026-01-01 or a later date."}},
    ),
    "email": (
        {},
        {"field": {"type": "email", "autocomplete": "email"}, "pattern": EMAIL_PATTERN,
         "notes": ["For example name@example.com"],
         "says": {"invalid": "Please enter an e-mail address such as name@example.com."}},
    ),
    "phone": (
        {},
        {"field": {"type": "tel", "autocomplete": "tel"}, "pattern": PHONE_PATTERN,
         "notes": ["With the country code, for example +47 22 12 34 56"],
         "says": {"invalid": "Please enter a phone number with its country code, "
                             "such as +47 22 12 34 56."}},
    ),
    "consent": ({"label": "I agree"}, {"options": [{"value": True, "label": "I agree"}],
                                       "many": True}),
    "statement": ({}, {}),
}  # fmt: skip


def fields_of_type(name: str) -> set[str]:
    interface = re.search(rf"export interface {name} \{{(.+?)\n\}}", TYPES, re.DOTALL)
    assert interface
    return set(re.findall(r"^  (\w+)\??:", interface[1], re.MULTILINE))


def test_every_question_type_is_expected_here():
    assert {kind.__struct_config__.tag for kind in Question.__args__} == set(EXPECTED)


@pytest.mark.parametrize("kind", EXPECTED)
def test_each_type_gives_its_own_fields_and_no_more(kind: str):
    given, expected = EXPECTED[kind]
    survey = survey_with(asked(kind, **given), LAST)

    question = as_sent(survey_config(survey, 1, "en")["questions"][0])

    drawn = [option for option in question.get("options", []) if "mark" in option]
    assert all(re.fullmatch(r"[\w. -]+", option["mark"]) for option in drawn)
    for option in drawn:
        option["mark"] = "drawn"
    word = {} if kind == "statement" else {"mark": "optional"}
    assert question == {"type": kind, "key": "asked", "text": "Asked?", **word, **expected}


@pytest.mark.parametrize("kind", EXPECTED)
def test_every_field_is_one_of_the_types_that_the_widget_is_compiled_against(kind: str):
    given, _ = EXPECTED[kind]
    survey = survey_with(asked(kind, help="Help", **given), LAST)

    question = survey_config(survey, 1, "en")["questions"][0]

    assert set(question) <= fields_of_type("Question")
    for option in question.get("options", []):
        assert set(option) <= fields_of_type("Option")


def test_a_question_says_whether_it_must_be_answered_and_how_after_its_own_help():
    survey = survey_with(asked("email", required=True, help="We write once."), locale="de")
    phrases = PAGE_WORDS.of("de")

    question = survey_config(survey, 1, "de")["questions"][0]

    assert (question["mark"], question["required"]) == (phrases.required, True)
    assert question["notes"] == ["We write once.", phrases.email_hint]


def test_thumbs_are_drawn_and_named_and_need_no_words_below():
    survey = survey_with(asked("rating", style="thumbs", low=0, high=1))

    question = survey_config(survey, 1, "en")["questions"][0]

    down, up = question["options"]
    assert (down["label"], up["label"]) == ("Not good", "Good")
    assert down["mark"] != up["mark"]
    assert not {"name", "ends"} & {*down, *up, *question}
    assert question["style"] == "scale thumbs"
