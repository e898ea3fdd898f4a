"""The config form of a whole survey: logic, targeting, look, and the document around it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from small_surveys import LAST, as_sent, asked, survey_with
from source_files import ROOT

from harken_server.channels.page.face.surveys import survey_config
from harken_server.channels.widget.configs import Shown, config_document
from harken_server.surveys.definition import decode_survey

TEMPLATES = sorted((ROOT / "survey_templates").glob("*.survey.yaml"))


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
    )

    assert set(document) == {"code", "surveys", "phrases", "locale"}
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
