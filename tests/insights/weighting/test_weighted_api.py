"""Weighted numbers over the API: a planted bias is taken out, and the raw number stands beside."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from api_client import Api
from dimension_steps import declare

URL = "/v1/surveys/post_purchase/scores"
SHARES = {"Oslo": 80, "Bergen": 20}
MARGINS = "store:Oslo=0.8,Bergen=0.2"
TRUTH = 60.0
"""The NPS of 100 promoters in Oslo and 25 detractors in Bergen."""


async def ask_stores(live: Api) -> int:
    """Oslo asks one of four, Bergen everybody; all who are asked answer. How many that is."""
    for place, rate in (("order.delivered", 0.25), ("order.returned", 1.0)):
        body = {"survey": "post_purchase", "sample_rate": rate}
        reply = await live.http.put(f"/v1/touchpoints/{place}", json=body)
        assert reply.is_success, reply.text
    n = 0
    people = [("Oslo", "order.delivered", 9)] * 100 + [("Bergen", "order.returned", 3)] * 25
    for number, (store, place, rating) in enumerate(people):
        told = (await live.trigger(
            touchpoint=place, respondent=f"{store}-{number}", context={"store": store}
        )).json()  # fmt: skip
        if told["asked"]:
            code = told["invitation"]["code"]
            sent = await live.submit({"recommend": rating}, survey=None, token=code)
            assert sent.is_success, sent.text
            n += 1
    return n


async def ask(live: Api, path: str = URL, **query: str) -> dict[str, Any]:
    reply = await live.http.get(path, params=query)
    assert reply.status_code == 200, reply.text
    return reply.json()


async def test_stores_that_are_asked_less_count_for_more(live: Api) -> None:
    await declare(live, {"name": "store", "shares": SHARES})
    n = await ask_stores(live)
    await live.submit({"recommend": 0}, context={"store": "Bergen"})  # nobody asked them

    raw = (await ask(live))["scores"][0]
    asked = await ask(live, weight="asked")
    raked = await ask(live, weight="raked", margins=MARGINS)
    declared = await ask(live, weight="raked")

    assert raw["high"] < TRUTH
    for told, unknown in ((asked, 1), (raked, 0)):
        score, weighting = told["scores"][0], told["weighting"]
        assert score["low"] <= TRUTH <= score["high"]
        assert (score["n"], weighting["unknown"]) == (n + 1 - unknown, unknown)
        assert score["weighted"]["effective_n"] == pytest.approx(weighting["effective_n"])
        assert score["weighted"]["effective_n"] < score["n"]
        assert weighting["n"] == score["n"]
        assert weighting["design_effect"] == pytest.approx(
            score["n"] / score["weighted"]["effective_n"]
        )
        assert weighting["formula"]
        assert weighting["source"]
    assert raked["scores"][0]["score"] == pytest.approx(TRUTH)
    assert raked["scores"][0]["weighted"]["raw_score"] == raw["score"]
    assert raked["scores"][0]["counts"] == raw["counts"]
    assert [each["weighted"] for each in raked["weighting"]["margins"]] == pytest.approx([0.8, 0.2])
    assert declared["scores"] == raked["scores"]

    groups = await ask(live, weight="asked", by="store", compare="store:Bergen")
    assert {each["group"]: each["scores"][0]["score"] for each in groups["groups"]} == {
        "Oslo": 100.0, "Bergen": -100.0
    }  # fmt: skip
    rest = {each["group"]: each["beside_rest"][0]["by"] for each in groups["groups"]}
    assert rest == pytest.approx({"Oslo": 200, "Bergen": -200})
    assert groups["compared"]["scores"][0]["score"] == -100

    trends = await ask(live, "/v1/surveys/post_purchase/trends", weight="raked", period="day")
    (point,) = trends["trends"][0]["points"]
    assert (point["score"], point["n"]) == (pytest.approx(TRUTH), n + 1)
    assert point["effective_n"] == pytest.approx(raked["weighting"]["effective_n"])
    assert point["raw_score"] == raw["score"]

    for file in ("scores", "trends"):
        reply = await live.http.get(f"/v1/surveys/post_purchase/{file}.csv?weight=raked")
        (row,) = csv.DictReader(io.StringIO(reply.text))
        assert float(row["score"]) == pytest.approx(TRUTH)
        assert float(row["raw_score"]) == pytest.approx(raw["score"])
        assert float(row["effective_n"]) == pytest.approx(raked["weighting"]["effective_n"])

    board = await ask(live, "/v1/surveys/post_purchase/leaderboard", weight="asked", by="store")
    assert {each["group"] for each in (*board["ranked"], *board["not_enough"])} == {*SHARES}
    assert board["weighting"]["unknown"] == 1


async def test_the_state_of_a_target_goes_by_what_answers_are_worth(live: Api) -> None:
    await declare(live, {"name": "store"})
    for store, ratings in (("Oslo", [9] * 3), ("Bergen", [9] * 60)):
        for rating in ratings:
            await live.submit({"recommend": rating}, context={"store": store})
    target = {"question": "recommend", "value": 80, "direction": "at_least"}
    url = "/v1/surveys/post_purchase/targets"
    reply = await live.http.put(url, json={"targets": [target]})
    assert reply.is_success, reply.text

    raw = (await ask(live))["scores"][0]
    wanted = {"weight": "raked", "margins": "store:Oslo=1,Bergen=1", "trim": "99"}
    even = (await ask(live, **wanted))["scores"][0]

    assert (raw["score"], raw["target"]["state"]) == (100, "reached")
    assert (even["score"], even["target"]["state"]) == (100, "not_proven")
    assert even["weighted"]["effective_n"] < 12
    assert even["n"] == 63


@pytest.mark.parametrize(
    ("query", "code", "says"),
    [
        ({"weight": "asked"}, "cannot_weight", "of 3 responses all have no known probability"),
        ({"weight": "raked"}, "bad_parameter", "no dimension declares shares"),
        ({"weight": "raked", "margins": "plan:a=1,b=1"}, "bad_parameter", "'plan'; it must be one"),
        ({"weight": "raked", "margins": "store:Oslo=1,Rome=1"}, "cannot_weight", "store:Rome"),
        ({"weight": "raked", "margins": "store:Oslo=1,Bergen=1", "unknown": "refuse"},
         "cannot_weight", "1 of 3 responses have no declared member"),
        ({"weight": "raked", "margins": MARGINS, "trim": "1"}, "bad_parameter", "trim is 1"),
        ({"weight": "raked", "margins": MARGINS, "repeated": "clustered"}, "bad_parameter",
         "not with clustered"),
        ({"weight": "raked", "margins": MARGINS, "method": "bootstrap"}, "bad_parameter",
         "but bootstrap"),
        ({"weight": "asked", "margins": MARGINS}, "bad_parameter", "goes with weight=raked"),
        ({"margins": MARGINS}, "bad_parameter", "margins goes with weight"),
        ({"weight": "raked", "margins": MARGINS, "question": "reason", "choice": "price"},
         "bad_parameter", "weight is of rated questions"),
    ],
)  # fmt: skip
async def test_what_cannot_be_weighted_is_refused(
    live: Api, query: dict[str, str], code: str, says: str
) -> None:
    await declare(live, {"name": "store"})
    for context in ({"store": "Oslo"}, {"store": "Bergen"}, {}):
        await live.submit({"recommend": 9}, context=context)

    reply = await live.http.get(URL, params=query)

    assert (reply.status_code, reply.json()["code"]) == (400, code), reply.text
    assert says in reply.json()["detail"]


async def test_exports_and_comments_know_no_weight(live: Api) -> None:
    for path in ("/v1/surveys/post_purchase/export.csv", "/v1/surveys/post_purchase/comments"):
        reply = await live.http.get(path, params={"weight": "asked"})
        assert reply.status_code == 400, path
        assert "weight" in reply.text


async def test_a_survey_that_shows_nobody_alone_is_not_weighted(live: Api) -> None:
    survey = {
        "key": "team", "title": "Team", "anonymous": True, "touchpoints": [],
        "questions": [{"type": "nps", "key": "recommend", "text": "?"}],
    }  # fmt: skip
    assert (await live.push(survey)).is_success

    reply = await live.http.get("/v1/surveys/team/scores", params={"weight": "asked"})

    assert (reply.status_code, reply.json()["code"]) == (403, "small_groups")


@pytest.mark.parametrize(
    "shares", [{"Oslo": 1}, {"Oslo": 0, "Bergen": 1}, {"": 1, "Bergen": 1}], ids=str
)
async def test_shares_of_a_dimension_that_make_no_sense_are_refused(
    live: Api, shares: dict[str, float]
) -> None:
    body = {"dimensions": [{"name": "store", "shares": shares}]}

    reply = await live.http.put("/v1/dimensions", json=body)

    assert reply.status_code == 422
    assert reply.json()["problems"][0]["code"] == "bad_shares"


async def test_other_shares_need_no_filling(live: Api) -> None:
    await declare(live, {"name": "store"})
    await declare(live, {"name": "store", "shares": SHARES})

    (told,) = (await live.http.get("/v1/dimensions")).json()["dimensions"]

    assert told["shares"] == SHARES
