"""Several responses of one person: all, the latest alone, or intervals that know of it."""

from __future__ import annotations

from random import Random
from typing import Any
from uuid import uuid4

import pytest
from api_client import Api
from segment_steps import ask, exported, keep, open_survey

from harken_server.insights.rules.clusters import People, clustered_score, design_effect
from harken_server.insights.rules.metrics import score_question
from harken_server.insights.rules.scores import scored_questions
from harken_server.surveys.conditions import Condition
from harken_server.surveys.questions.types import Nps

QUESTION = scored_questions([Nps(key="recommend", text="?")])[0]


async def answer(api: Api, rating: int, respondent: str | None, **fields: Any) -> None:
    api.clock.move(hours=1)
    sent = await api.submit(
        {"recommend": rating}, survey="visit", respondent=respondent,
        context={"shop": "Oslo"}, **fields,
    )  # fmt: skip
    assert sent.is_success, sent.text


async def test_the_latest_of_each_person_is_what_the_export_lists(live: Api) -> None:
    await open_survey(live)
    for rating, who in ((2, "kim"), (3, None), (9, "kim"), (4, None), (10, "lee")):
        await answer(live, rating, who)
    await answer(live, 1, "lee", touchpoint="store.exit")

    found = await ask(live, repeated="latest")

    listed = await exported(live, repeated="latest")
    ratings = sorted(item["answers"]["recommend"] for item in listed)
    assert ratings == [1, 3, 4, 9]
    assert found["scores"][0]["n"] == 4
    assert found["filter"]["repeated"] == "latest"
    assert (await ask(live))["scores"][0]["n"] == 6
    # Within the filter: version 1 and all days, but not where lee answered last.
    await keep(live, "elsewhere", [Condition(of="touchpoint", op="exists", value=False)])
    narrower = await exported(live, repeated="latest", segment="elsewhere")
    assert sorted(item["answers"]["recommend"] for item in narrower) == [3, 4, 9, 10]


async def test_a_claimed_name_leaves_out_no_proved_answer(live: Api) -> None:
    await open_survey(live)
    await answer(live, 9, "kim")
    live.clock.move(hours=1)
    headers = {"authorization": f"Bearer {await live.key('public')}"}
    body = {"survey": "visit", "id": str(uuid4()), "answers": {"recommend": 0}}
    sent = await live.http.post(
        "/v1/public/responses", json={**body, "respondent": "kim"}, headers=headers
    )
    assert sent.is_success, sent.text

    listed = await exported(live, repeated="latest")

    assert sorted(item["answers"]["recommend"] for item in listed) == [0, 9]


async def test_a_survey_of_a_programme_has_the_latest_unless_all_are_asked_for(live: Api) -> None:
    await open_survey(live)
    programme = {
        "survey": "visit", "touchpoint": "relation", "every": "month", "channel": "api",
        "starts_on": "2026-11-01", "timezone": "UTC",
    }  # fmt: skip
    put = await live.http.put("/v1/programmes/monthly", json=programme)
    assert put.status_code == 200, put.text
    for rating in (2, 9):
        await answer(live, rating, "kim")

    usual, every = await ask(live), await ask(live, repeated="all")

    assert (usual["scores"][0]["n"], usual["filter"]["repeated"]) == (1, "latest")
    assert (every["scores"][0]["n"], every["filter"]["repeated"]) == (2, "all")
    assert len(await exported(live)) == 1
    link = (await live.http.post("/v1/surveys/visit/results-link")).json()["url"]
    page = await live.http.get(link)
    assert "the latest of each person" in page.text
    address, _, token = link.partition("?")
    file = await live.http.get(f"{address}/scores.csv?{token}")
    cells = file.text.splitlines()[1].split(",")
    assert (cells[0], cells[2], cells[5]) == ("recommend", "100", "1"), file.text
    trend = await live.http.get("/v1/surveys/visit/trends")
    assert sum(point["n"] for point in trend.json()["trends"][0]["points"]) == 2


async def test_intervals_widen_where_people_repeat_themselves(live: Api) -> None:
    await open_survey(live)
    for rating, who in ((10, "kim"), (2, "lee"), (9, "ola"), (0, "sam")):
        for _ in range(4):
            await answer(live, rating, who)

    plain, aware = await ask(live), await ask(live, repeated="clustered")

    one, other = plain["scores"][0], aware["scores"][0]
    assert (one["n"], one["score"]) == (other["n"], other["score"]) == (16, 0.0)
    assert other["method"] == "clustered"
    assert other["high"] - other["low"] > 1.7 * (one["high"] - one["low"])
    assert "Korn" in aware["interval_formulas"]["clustered"]["source"]
    refused = await live.http.get(
        "/v1/surveys/visit/scores", params={"repeated": "clustered", "by": "channel"}
    )
    assert refused.json()["code"] == "bad_parameter"


def draw_people(random: Random, persons: int) -> People:
    """Each answers 1 to 5 times, and nearly always as before."""
    people: dict[tuple[tuple[int, int], ...], int] = {}
    for _ in range(persons):
        usual = draw_rating(random)
        own: dict[int, int] = {}
        for _ in range(random.randint(1, 5)):
            rating = usual if random.random() < 0.8 else draw_rating(random)
            own[rating] = own.get(rating, 0) + 1
        pairs = tuple(sorted(own.items()))
        people[pairs] = people.get(pairs, 0) + 1
    return people


def draw_rating(random: Random) -> int:
    return random.choices((10, 8, 3), weights=(5, 3, 2))[0]


def test_such_an_interval_holds_the_truth_as_often_as_it_says() -> None:
    random, rounds, truth = Random(7), 400, 30.0
    for persons in (8, 30):
        held = plain = 0
        for _ in range(rounds):
            people = draw_people(random, persons)
            counts: dict[int, int] = {}
            for pairs, times in people.items():
                for rating, n in pairs:
                    counts[rating] = counts.get(rating, 0) + times * n
            usual = score_question(QUESTION, counts)
            aware = clustered_score(QUESTION, usual, people)
            held += (aware.low or 0) <= truth <= (aware.high or 0)
            plain += (usual.low or 0) <= truth <= (usual.high or 0)
        assert 0.92 <= held / rounds <= 0.995, (persons, held / rounds)
        assert plain / rounds < 0.91  # what the usual interval is worth here


@pytest.mark.parametrize("times", [1, 3])
def test_single_answers_are_worth_what_they_are(times: int) -> None:
    people = {((10, times),): 40, ((2, times),): 40}

    effect = design_effect(people, float)

    assert effect == pytest.approx(times, rel=0.03)
