"""The config form of a survey: the types of definition.ts, in one locale, nothing private."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from harken_server.channels.page.face.questions import (
    DATE_PATTERN,
    EMAIL_PATTERN,
    PHONE_PATTERN,
)
from harken_server.channels.page.face.surveys import PHRASES, phrases_config, survey_config
from harken_server.channels.page.words import PAGE_WORDS, Phrases
from harken_server.channels.widget.configs import Shown, config_document
from harken_server.kernel.formats import MAX_NUMBER
from harken_server.kernel.languages import LANGUAGES
from harken_server.surveys.definition import decode_survey
from harken_server.surveys.questions.types import Question
from harken_server.surveys.survey import Survey

REFUSALS = ("already_answered", "invalid_submission", "invitation_expired", "survey_closed")
ROOT = Path(__file__).parents[3]
TEMPLATES = sorted((ROOT / "survey_templates").glob("*.survey.yaml"))
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


LAST = {"type": "email", "key": "last", "text": "A survey must ask something"}


def survey_with(*questions: dict[str, Any], **parts: Any) -> Survey:
    definition = {"key": "test", "title": "Title", "questions": list(questions), **parts}
    return decode_survey(msgspec.json.encode(definition), "json")


def as_sent(config: dict[str, Any]) -> dict[str, Any]:
    return msgspec.json.decode(msgspec.json.encode(config))


def asked(kind: str = "nps", **parts: Any) -> dict[str, Any]:
    return {"type": kind, "key": "asked", "text": "Asked?", **parts}


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


def test_the_top_has_the_fields_of_the_type_and_keeps_defaults_out():
    survey = survey_with(asked(), description="private", touchpoints=["order.delivered"])

    config = survey_config(survey, 7, "en")

    assert set(config) == {
        "key", "version", "locale", "language", "title", "button", "progress", "questions",
        "look",
    }  # fmt: skip
    assert (config["version"], config["progress"]) == (7, True)


def test_logic_and_endings_are_given_in_the_form_that_the_widget_reads():
    condition = {"op": "all", "of": [
        {"op": "at_most", "answer": "asked", "value": 6},
        {"op": "not", "of": {"op": "equals", "context": "store", "value": "oslo"}},
    ]}  # fmt: skip
    other = {"op": "equals", "answer": "asked", "value": 9}
    sent = {
        "all": [
            {"answer": "asked", "max": 6},
            {"not": {"context": "store", "is": ["oslo"]}},
        ]
    }
    survey = survey_with(
        {**asked(), "jumps": [{"to": "end:low", "when": condition}, {"to": "last", "when": other}]},
        {**asked("long_text"), "key": "why", "show_if": condition},
        LAST,
        context={"store": "our shop"},
        endings=[
            {"key": "low", "title": "Sorry", "show_if": condition,
             "link": "https://help.example/path"},
            {"key": "rest", "title": "Thanks", "text": "Bye {{context.store}}"},
        ],
    )  # fmt: skip

    config = as_sent(survey_config(survey, 1, "en"))

    assert config["questions"][0]["jumps"] == [
        {"to": "end:low", "when": sent},
        {"to": "last", "when": {"answer": "asked", "is": [9]}},
    ]
    assert config["questions"][1]["show_if"] == sent
    assert config["endings"] == [
        {"key": "low", "title": "Sorry", "show_if": sent,
         "link": "https://help.example/path", "link_label": "help.example"},
        {"key": "rest", "title": "Thanks", "text": "Bye {{context.store|our shop}}"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("Hi {{context.name|you}}", "Hi {{context.name|you}}"),
        ("Hi {{ context.name }}", "Hi {{context.name|friend}}"),
        ("Hi {{context.name|}}", "Hi {{context.name|}}"),
        ("Hi {{context.store}}", "Hi {{context.store|}}"),
    ],
)
def test_placeholders_are_left_for_the_browser_each_with_its_fallback(written: str, sent: str):
    survey = survey_with(asked(text=written), context={"name": "friend", "store": ""})

    config = survey_config(survey, 1, "en")

    assert config["questions"][0]["text"] == sent
    assert "context" not in config


def shown(survey):
    """The survey as a page gets it, with its targeting."""
    return config_document([Shown(survey, 1)], locale="en", code="survey.js")["surveys"][0]


def test_targeting_leaves_its_defaults_out_and_may_be_all_defaults():
    nothing = survey_with(asked())
    defaults = survey_with(asked(), widget={})
    some = survey_with(
        asked(),
        widget={"mode": "tab", "position": "bottom_right", "button": {"en": "Tell us"},
                "opens": [{"on": "event", "name": "paid", "where": [
                    {"property": "amount", "op": "at_least", "value": 10}]}],
                "cooldown": {"answered_days": 1}},
    )  # fmt: skip

    assert "widget" not in shown(nothing)
    assert shown(defaults)["widget"] == {
        "opens": [],
        "cooldown": {"shown": 7, "dismissed": 30, "answered": 90},
    }
    config = as_sent(shown(some))
    assert config["button"] == "Tell us"
    assert config["widget"] == {
        "mode": "tab",
        "opens": [{"on": "event", "name": "paid", "when": {"all": [
            {"context": "amount", "min": 10}]}}],
        "cooldown": {"shown": 7, "dismissed": 30, "answered": 1.0},
    }  # fmt: skip


def test_a_button_that_is_not_named_is_named_in_the_language_of_the_survey():
    plain = survey_with(asked(), locale="fr", widget={"mode": "tab"})
    named = survey_with(asked(), locale="fr", widget={"mode": "tab", "button": "Dites-nous"})

    assert survey_config(plain, 1, "fr")["button"] == PAGE_WORDS.of("fr").feedback
    assert survey_config(named, 1, "fr")["button"] == "Dites-nous"


def test_a_survey_in_a_right_to_left_language_says_so():
    survey = survey_with(asked(), locale="ar")

    config = survey_config(survey, 1, "en")

    assert (config["locale"], config["rtl"], config["language"]) == ("ar", True, "ar")
    assert config["questions"][0]["ends"][0] == PAGE_WORDS.of("ar").nps_low


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_phrase_with_its_own_slots(language: str):
    words, english = phrases_config(language), phrases_config("en")

    assert set(words) == set(PHRASES)
    for name, text in words.items():
        assert text.strip()
        slots = sorted(re.findall(r"\{\w+\}", text))
        assert slots == sorted(re.findall(r"\{\w+\}", english[name])), name


def test_each_word_is_a_phrase_of_the_interface():
    assert set(PHRASES.values()) <= set(Phrases.__struct_fields__)
    assert phrases_config("de")["refused"] == PAGE_WORDS.of("de").closed_text
    assert phrases_config("de")["thanks_text"] == PAGE_WORDS.of("de").received_text


def test_every_word_that_the_widget_says_is_sent_to_it_and_no_other():
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "widget" / "src").rglob("*.ts"))
    named = re.findall(r"\b(?:_?words|phrases)\.(\w+)", sources)
    chosen = re.findall(r"\b_?words\[([^;,]+)\]", sources)
    said = {*named, *(name for choice in chosen for name in re.findall(r'"(\w+)"', choice))}
    refusals = {name for name in PHRASES if name in REFUSALS}

    assert {"send", "next", "waiting_text", "save_failed", "thanks_title", "refused"} <= said
    assert said | refusals == set(PHRASES)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name.partition(".")[0])
def test_every_template_has_a_config_in_every_locale_it_offers(path: Path):
    survey = decode_survey(path.read_bytes(), "yaml")
    for locale in {survey.locale, *survey.locales}:
        config = survey_config(survey, 1, locale)
        assert config["locale"] == locale
        assert len(config["questions"]) == len(survey.questions)


def test_the_document_has_the_phrases_of_its_surveys_once_each():
    german = survey_with(asked(), locale="de")
    english = survey_with(asked(), locale="en-GB")

    document = config_document(
        [Shown(german, 1), Shown(english, 2), Shown(english, 3)],
        locale="fr",
        code="survey-0123456789.js",
        origins=("https://shop.example",),
    )

    assert set(document) == {"code", "surveys", "phrases", "locale", "origins"}
    assert list(document["phrases"]) == ["de", "en"]
    assert document["locale"] == "fr"


def test_a_look_has_both_schemes_and_a_path_for_its_logo():
    picture = "iVBORw0KGgo="
    survey = survey_with(
        asked(),
        presentation={
            "theme": {
                "scheme": "dark",
                "radius": "none",
                "logo": f"data:image/png;base64,{picture}",
            }
        },
    )

    look = survey_config(survey, 1, "en")["look"]

    assert set(look) == {"shape", "light", "dark", "scheme", "logo"}
    assert look["scheme"] == "dark"
    assert look["shape"].startswith("--r:0;--R:0;")
    assert look["light"] != look["dark"]
    assert re.fullmatch(r"/widget/logo/[0-9a-f]{16}\.png", look["logo"])
    assert picture not in str(look)
