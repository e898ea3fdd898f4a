"""Scores by group and beside something else, by the API, on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from api_client import Api, problem_codes
from dimension_steps import declare

URL = "/v1/surveys/visit/scores"
SURVEY: dict[str, Any] = {
    "key": "visit",
    "title": "Your visit",
    "touchpoints": ["store.exit", "app.end"],
    "questions": [
        {"type": "nps", "key": "recommend", "text": "Would you recommend us?"},
        {
            "type": "multiple_choice", "key": "why", "text": "Why?",
            "choices": [{"value": each, "label": each} for each in ("price", "staff", "speed")],
        },
    ],
}  # fmt: skip
BERLIN = [10] * 20 + [8] * 10 + [2] * 5
OSLO = [10] * 6 + [8] * 10 + [2] * 19


async def open_stores(api: Api) -> None:
    await declare(api, {"name": "store"})
    await api.push(SURVEY)


async def answer(api: Api, ratings: list[int], store: str, **fields: Any) -> None:
    for rating in ratings:
        sent = await api.submit(
            {"recommend": rating, "why": ["price"] if rating < 7 else ["staff", "speed"]},
            survey="visit", context={"store": store}, **{"touchpoint": "store.exit", **fields},
        )  # fmt: skip
        assert sent.is_success, sent.text


async def scores(api: Api, **query: Any) -> dict[str, Any]:
    reply = await api.http.get(URL, params=query)
    assert reply.status_code == 200, reply.text
    return reply.json()


async def refusal(api: Api, **query: Any) -> str:
    reply = await api.http.get(URL, params=query)
    assert reply.status_code == 400, reply.text
    assert problem_codes(reply) == ["bad_parameter"] or reply.json()["code"] == "bad_parameter"
    return reply.json()["detail"]


async def test_two_stores_stand_side_by_side_and_add_up(live: Api) -> None:
    await open_stores(live)
    await answer(live, BERLIN, "Berlin")
    await answer(live, OSLO, "Oslo", touchpoint="app.end")

    found = await scores(live, by="store")

    groups = {each["group"]: each for each in found["groups"]}
    assert groups.keys() == {"Berlin", "Oslo"}
    berlin, oslo = groups["Berlin"], groups["Oslo"]
    assert berlin["scores"][0]["score"] == pytest.approx(100 * 15 / 35)
    assert oslo["scores"][0]["score"] == pytest.approx(-100 * 13 / 35)
    assert berlin["scores"][0]["n"] + oslo["scores"][0]["n"] == found["scores"][0]["n"]
    beside = oslo["beside_rest"][0]
    assert beside["by"] == pytest.approx(-80)
    assert beside["low"] < -80 < beside["high"] < 0
    assert not beside["could_be_chance"]
    assert beside["says"].startswith("Down 80 points (")
    by_touchpoint = await scores(live, by="touchpoint")
    assert {each["group"] for each in by_touchpoint["groups"]} == {"store.exit", "app.end"}
    for where, group in (("store:Oslo", oslo), ("store:Berlin", berlin)):
        assert (await scores(live, where=where))["scores"][0]["n"] == group["scores"][0]["n"]


@pytest.mark.parametrize("by", ["store", "touchpoint", "channel", "version", "wave", "stage"])
async def test_each_group_counts_what_its_filter_counts(live: Api, by: str) -> None:
    await open_stores(live)
    await answer(live, [10, 2, 8], "Berlin", channel="web")
    await answer(live, [9, 9], "Oslo", channel="phone", touchpoint="app.end")
    journey = {
        "key": "shop", "title": "Shop",
        "stages": [{"key": "buy", "title": "Buy", "touchpoints": [{"key": "store.exit"}]}],
    }  # fmt: skip
    assert (await live.http.post("/v1/journeys", json=journey)).is_success

    groups = (await scores(live, by=by))["groups"]

    assert bool(groups) == (by != "wave")
    for each in groups:
        query = {
            "store": {"where": f"store:{each['group']}"}, "stage": {"touchpoint": "store.exit"},
        }.get(by, {by: each["group"]})  # fmt: skip
        alone = (await scores(live, **query))["scores"][0]
        assert {**each["scores"][0], "proved": 0} == {**alone, "proved": 0}
        export = await live.http.get("/v1/surveys/visit/export.jsonl", params=query)
        assert len(export.text.splitlines()) == alone["n"]


async def test_a_fall_since_the_period_before_is_told_from_chance(live: Api) -> None:
    await open_stores(live)
    today = live.clock().date()
    await answer(live, BERLIN, "Berlin")
    live.clock.move(days=7)
    await answer(live, OSLO, "Berlin")
    now = {"from": today + timedelta(days=1), "to": today + timedelta(days=7)}

    found = await scores(live, compare="previous", by="store", **now)

    (change,) = found["compared"]["differences"]
    assert found["compared"]["with"] == f"{today - timedelta(days=6)}..{today}"
    assert change["by"] == pytest.approx(-80)
    assert not change["could_be_chance"]
    assert found["groups"][0]["change"][0]["by"] == pytest.approx(-80)
    same = await scores(live, compare=f"{date.min}..{today}", to=today)
    assert same["compared"]["differences"][0]["could_be_chance"]
    assert same["compared"]["differences"][0]["says"] == "No difference."


async def test_a_mix_that_changed_is_not_taken_for_a_rise(live: Api) -> None:
    await open_stores(live)
    good, poor = [10] * 8 + [2] * 2, [10] * 2 + [2] * 8
    await answer(live, good, "Oslo")
    await answer(live, poor * 5, "Berlin")
    live.clock.move(days=7)
    await answer(live, [*good, 2] * 5, "Oslo")
    await answer(live, [*poor, 2], "Berlin")
    today = live.clock().date()
    now = {"from": today - timedelta(days=6), "to": today}

    found = await scores(live, compare="previous", by="store", **now)

    overall = found["compared"]["differences"][0]
    inner = [each["change"][0]["by"] for each in found["groups"]]
    assert overall["by"] > 0
    assert all(by < 0 for by in inner)
    assert [each["question"] for each in found["compared"]["reversed"]] == ["recommend"]


async def test_levels_and_methods_are_chosen_and_said(live: Api) -> None:
    await open_stores(live)
    await answer(live, BERLIN, "Berlin")

    usual = (await scores(live))["scores"][0]
    sure = await scores(live, level="0.99", method="wald")

    assert (usual["level"], usual["method"]) == (0.95, "adjusted_wald")
    wide = sure["scores"][0]
    assert (wide["level"], wide["method"]) == (0.99, "wald")
    assert wide["high"] - wide["low"] > usual["high"] - usual["low"]
    assert wide["margin"] == pytest.approx((wide["high"] - wide["low"]) / 2)
    assert "Reichheld" in sure["formulas"]["nps"]["source"]
    assert sure["interval_formulas"].keys() == {"wald"}


async def test_a_share_of_a_choice_is_a_score(live: Api) -> None:
    await open_stores(live)
    await answer(live, [10] * 6 + [2] * 2, "Berlin")

    found = (await scores(live, question="why", choice="price", method="exact"))["scores"]

    assert [(each["metric"], each["score"], each["n"]) for each in found] == [("share", 25, 8)]
    assert found[0]["method"] == "exact"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"by": "colour"}, "touchpoint, channel, version, stage, locale, wave, store"),
        ({"by": "store", "where": "store:Oslo"}, "one at a time"),
        ({"by": "store", "standing": "excluded"}, "counted responses only"),
        ({"where": "Oslo"}, "store:Oslo"),
        ({"where": "colour:red"}, "wave, store"),
        ({"compare": "previous"}, "from and to"),
        ({"compare": "yesterday"}, "previous"),
        ({"compare": "2026-02-30..2026-03-01"}, "a day that is none"),
        ({"compare": "2026-03-02..2026-03-01"}, "before it begins"),
        ({"choice": "price"}, "why"),
        ({"choice": "gold", "question": "why"}, "price, staff, speed"),
    ],
)
async def test_what_cannot_be_compared_is_told(live: Api, query: dict[str, str], said: str) -> None:
    await open_stores(live)

    assert said in await refusal(live, **query)


async def test_a_level_that_is_not_offered_is_told(live: Api) -> None:
    await open_stores(live)

    reply = await live.http.get(URL, params={"level": "0.5"})

    assert reply.status_code in {400, 422}
    assert "0.8, 0.9, 0.95, 0.99" in reply.text


async def test_a_trend_has_a_point_a_period_and_adds_up(live: Api) -> None:
    await open_stores(live)
    first = live.clock().date()
    await answer(live, BERLIN, "Berlin")
    live.clock.move(days=2)
    await answer(live, OSLO, "Oslo")

    reply = await live.http.get(
        "/v1/surveys/visit/trends", params={"period": "day", "from": str(first), "level": "0.9"}
    )

    found = reply.json()
    assert (found["period"], found["level"]) == ("day", 0.9)
    (trend,) = found["trends"]
    assert [point["n"] for point in trend["points"]] == [35, 0, 35]
    assert trend["points"][1]["score"] is None
    day = (await scores(live, level="0.9", **{"from": first, "to": first}))["scores"][0]
    assert {name: trend["points"][0][name] for name in ("score", "low", "high", "n")} == {
        name: day[name] for name in ("score", "low", "high", "n")
    }
    oslo = await live.http.get("/v1/surveys/visit/trends", params={"where": "store:Oslo"})
    assert sum(point["n"] for point in oslo.json()["trends"][0]["points"]) == 35
    bad = await live.http.get("/v1/surveys/visit/trends", params={"question": "why"})
    assert bad.status_code == 400
    assert "no scored question 'why'" in bad.text


async def test_languages_stand_side_by_side_though_no_count_has_them(live: Api) -> None:
    await open_stores(live)
    await answer(live, [10, 2, 8], "Berlin", locale="de")
    await answer(live, [9, 9], "Oslo", locale="nb")

    groups = (await scores(live, by="locale", where="store:Oslo"))["groups"]
    every = (await scores(live, by="locale"))["groups"]

    assert [(each["group"], each["scores"][0]["n"]) for each in groups] == [("nb", 2)]
    assert [(each["group"], each["scores"][0]["n"]) for each in every] == [("de", 3), ("nb", 2)]
    assert every[1]["scores"][0]["score"] == 100
