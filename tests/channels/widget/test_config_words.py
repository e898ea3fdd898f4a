"""The words of the config form: every phrase in every language, and none that is not said."""

from __future__ import annotations

import re

import pytest
from small_surveys import asked, survey_with
from source_files import ROOT

from harken_server.channels.page.face.surveys import PHRASES, phrases_config, survey_config
from harken_server.channels.page.words import PAGE_WORDS, Phrases
from harken_server.kernel.languages import LANGUAGES

REFUSALS = ("already_answered", "invalid_submission", "invitation_expired", "survey_closed")


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
