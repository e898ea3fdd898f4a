"""The catalogue of templates: each is found by every way, and begins with a sound draft."""

from __future__ import annotations

import pytest

from harken_server.surveys.console.beginning import text_with
from harken_server.surveys.drafting import judge_text
from harken_server.surveys.gallery import (
    ANY,
    CHANNELS,
    INDUSTRIES,
    ROLES,
    STAGES,
    TEMPLATES,
    WAYS,
    find_templates,
    read_fits,
    read_gallery,
    seconds_to_answer,
)

NAMES = sorted(file.name.partition(".")[0] for file in TEMPLATES.glob("*.survey.yaml"))


def test_every_template_is_in_the_table_beside_them_and_nothing_else() -> None:
    assert sorted(read_fits()) == NAMES
    assert list(read_gallery()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_template_says_for_whom_it_is_in_words_that_the_gallery_has(name: str) -> None:
    fits = read_gallery()[name].fits

    assert fits.roles
    assert set(fits.roles) <= set(ROLES)
    assert fits.industries
    assert set(fits.industries) <= {*INDUSTRIES, ANY}
    assert fits.stage in STAGES
    assert fits.channels
    assert set(fits.channels) <= set(CHANNELS)


@pytest.mark.parametrize(
    ("way", "word"), [(way, word) for way, (_, words) in WAYS.items() for word in words]
)
def test_every_word_of_every_list_finds_a_template(way: str, word: str) -> None:
    assert find_templates({way: word})


@pytest.mark.parametrize("name", NAMES)
def test_a_template_is_begun_under_another_title_and_key(name: str) -> None:
    template = read_gallery()[name]

    judged = judge_text(text_with(template, "Ours: really?", "ours"), "yaml", "ours")

    assert judged.problems == ()
    assert judged.survey is not None
    assert judged.survey.title == "Ours: really?"
    assert judged.survey.questions == template.survey.questions


def test_templates_are_searched_by_words_in_any_order() -> None:
    assert [each.name for each in find_templates({}, "QR receipt")] == ["restaurant_receipt"]
    assert find_templates({"role": "people"}, "receipt") == []


def test_a_longer_survey_takes_longer() -> None:
    seconds = {name: seconds_to_answer(read_gallery()[name].survey) for name in NAMES}

    assert seconds["page_vote"] < seconds["csat"] < seconds["sus"]
    assert min(seconds.values()) >= 3
    assert max(seconds.values()) < 240
