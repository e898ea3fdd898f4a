"""What no count tells, on home and in the list of results: usability scales, and texts alone."""

from __future__ import annotations

from typing import Any

import pytest
from api_client import Api
from home_steps import shown
from signed_in import sign_in

from harken_server.insights.store import people_sql
from harken_server.responses.response import CountFilter
from harken_server.surveys.store.surveys import get_survey

TEXTS: dict[str, Any] = {
    "key": "texts",
    "title": "Tell us",
    "questions": [{"type": "long_text", "key": "why", "text": "Why?"}],
}
STATEMENTS = [f"statement_{number}" for number in range(1, 11)]
USABILITY: dict[str, Any] = {
    "key": "usability",
    "title": "Our app",
    "instrument": "sus",
    "questions": [{"type": "rating", "key": key, "text": key} for key in STATEMENTS],
}


@pytest.fixture
async def texts(api: Api) -> Api:
    """A survey of texts alone, answered four times."""
    await api.push(TEXTS)
    for days, said in ((0, "Long ago"), (85, "Before"), (7, "Cold coffee"), (0, "Warm welcome")):
        api.clock.move(days=days, minutes=1)
        assert (await api.submit({"why": said}, survey="texts")).status_code == 201
    return api


async def test_a_survey_of_texts_alone_tells_how_many_answered_and_what_was_written_last(
    texts: Api,
) -> None:
    text = shown((await (await sign_in(texts)).get()).text)

    assert "Answers 3 Warm welcome 2 this week · 1 the week before" in text


async def test_who_may_not_read_answers_is_told_how_many_there_are(texts: Api) -> None:
    visitor = await sign_in(texts, "viewer")
    text = shown((await visitor.get()).text)

    assert "Answers 3 2 this week · 1 the week before" in text
    assert "Tell us — — 3 — — today" in shown((await visitor.get("/results")).text)


async def test_a_survey_of_texts_alone_that_nobody_answered_leads_to_sharing_it(api: Api) -> None:
    await api.push(TEXTS)

    visitor = await sign_in(api)

    assert "No answer yet: share it" in shown((await visitor.get()).text)
    assert "Tell us — — 0 —" in shown((await visitor.get("/results")).text)


async def test_more_answers_than_are_looked_into_are_said_to_be_more(texts: Api) -> None:
    record = await get_survey(texts.runtime.db, texts.runtime.home, "texts")
    assert record is not None
    place = (texts.runtime.db, texts.runtime.home, record.id, CountFilter())

    assert await people_sql.has_more(*place[:3], most=3)
    assert not await people_sql.has_more(*place[:3], most=4)
    assert await people_sql.count_days(*place, most=3) is None
    days = await people_sql.count_days(*place, most=4)

    assert days is not None
    assert sorted(days.values()) == [1, 1, 2]


@pytest.mark.parametrize("path", ["", "/results"])
async def test_a_usability_scale_tells_its_score_with_its_interval(api: Api, path: str) -> None:
    await api.push(USABILITY)
    for rating in (3, 4, 5):
        answers = {key: rating if place % 2 else 2 for place, key in enumerate(STATEMENTS, 1)}
        assert (await api.submit(answers, survey="usability")).status_code == 201
    score = await api.score("usability")
    number, interval = f"{score['score']:.1f}", f"{score['low']:.1f} to {score['high']:.1f}"

    text = shown((await (await sign_in(api)).get(path)).text)

    assert f"{number} {interval}" in text
    assert "3 answers" in text or f"{interval} 3 " in text
