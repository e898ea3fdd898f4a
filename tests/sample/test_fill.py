"""The demo's made-up customers."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from api_client import Api

from harken_server.responses.store.recount import recount
from harken_server.responses.submission import Submission
from harken_server.sample import answers as comments
from harken_server.sample.fill import (
    BRAND,
    SAMPLES,
    STORES,
    fill_workspace,
    is_bad_week,
    make_submissions,
    sample_survey,
)
from harken_server.surveys.answers.validation import check_answers, compile_survey
from harken_server.surveys.store.surveys import list_surveys

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
EACH_SURVEY = pytest.mark.parametrize("key", SAMPLES)


def made(key: str) -> list[tuple[datetime, Submission]]:
    return list(make_submissions(sample_survey(key), SAMPLES[key], NOW))


async def test_a_workspace_is_filled_once_and_its_counts_are_what_was_answered(api: Api) -> None:
    runtime = api.runtime

    first, again = await fill_workspace(runtime), await fill_workspace(runtime)

    assert first > 0
    assert again == 0
    surveys = await list_surveys(runtime.db, runtime.home)
    assert surveys
    for survey in surveys:
        assert await recount(runtime.db, runtime.home, survey.id) == []


async def test_answers_are_counted_by_the_stores_of_the_sample(api: Api) -> None:
    await fill_workspace(api.runtime)

    rows = await api.runtime.db.fetch(
        "SELECT DISTINCT member FROM answer_count WHERE dimension = 'store'"
    )

    assert {row[0] for row in rows} == {*STORES}


@EACH_SURVEY
def test_the_same_is_made_each_time(key: str) -> None:
    assert made(key) == made(key)


@EACH_SURVEY
def test_what_is_answered_was_asked(key: str) -> None:
    compiled = compile_survey(sample_survey(key))

    for _, one in made(key):
        checked = check_answers(compiled, one.answers, one.context, is_complete=one.complete)

        assert not checked.problems
        assert not any(row.is_hidden for row in checked.rows), one.answers


@EACH_SURVEY
def test_nobody_says_what_another_said_and_all_in_the_language_of_the_page(key: str) -> None:
    languages = {
        words.text: locale
        for said in (
            comments.ORDER,
            comments.MEAL,
            comments.WRONG_MEAL,
            comments.BETTER_HELP,
            comments.STILL_OPEN,
        )
        for locale, moods in said.items()
        for pool in moods.values()
        for words in pool
    }

    texts = [
        (value, one.locale)
        for _, one in made(key)
        for value in one.answers.values()
        if isinstance(value, str) and value in languages
    ]

    assert len(texts) > 10
    assert len({text for text, _ in texts}) == len(texts)
    assert all(languages[text] == locale for text, locale in texts)


def test_a_comment_fits_the_rating_and_is_about_one_of_the_reasons() -> None:
    commented = [one for _, one in made("post_purchase") if "why" in one.answers]

    assert commented
    for one in commented:
        mood = _mood(one.answers["recommend"])
        words = [
            words
            for kind, pool in comments.ORDER[one.locale or ""].items()
            if kind == mood or (kind == "bad_week" and mood != "happy")
            for words in pool
            if words.text == one.answers["why"]
        ]
        assert len(words) == 1, one.answers
        assert words[0].about in one.answers["reasons"]


def test_who_complains_of_a_meal_rates_what_it_is_about_low() -> None:
    for _, one in made("restaurant_receipt"):
        if "what_was_wrong" in one.answers:
            assert one.answers["overall"] <= 3
            assert one.answers["parts"]["food"] in {"poor", "fair"}


def test_who_was_not_helped_did_not_find_it_easy() -> None:
    for _, one in made("support_ticket"):
        if one.answers["resolved"] == "no" and "ease" in one.answers:
            assert one.answers["ease"] <= 6


def test_the_bad_week_is_bad_and_its_reason_can_be_found() -> None:
    weeks: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
    for at, one in made("post_purchase"):
        if one.complete:
            weeks[is_bad_week(at, NOW)].append(one.answers)

    bad, other = _nps(weeks[True]), _nps(weeks[False])

    assert len(weeks[True]) > 10
    assert bad < 0 < other
    reasons = Counter(reason for answers in weeks[True] for reason in answers.get("reasons", ()))
    assert reasons.most_common(1)[0][0] == "delivery"
    assert any("strike" in str(answers.get("why", "")).lower() for answers in weeks[True])


@EACH_SURVEY
def test_there_are_several_channels_languages_and_stores(key: str) -> None:
    submissions = [one for _, one in made(key)]

    assert len({one.channel for one in submissions}) > 1
    assert len({one.locale for one in submissions}) > 1
    stores = {one.context["store"] for one in submissions if "store" in one.context}
    assert stores in (set(), {*STORES})
    assert sample_survey(key).presentation.brand == BRAND


def test_customers_come_back() -> None:
    visits = Counter(one.respondent for _, one in made("post_purchase") if one.respondent)

    assert sum(count > 1 for count in visits.values()) > 20
    assert sum(count == 1 for count in visits.values()) > 20


def _mood(recommend: int) -> str:
    return "happy" if recommend >= 9 else "mixed" if recommend >= 7 else "unhappy"


def _nps(answers: list[dict[str, Any]]) -> float:
    ratings = [one["recommend"] for one in answers]
    return sum((rating >= 9) - (rating <= 6) for rating in ratings) / len(ratings)
