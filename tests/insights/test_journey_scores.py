"""A journey in numbers: scores on one scale, weights, change, gaps, and who goes on."""

from __future__ import annotations

import csv
from datetime import timedelta
from math import hypot
from typing import Any

import pytest
from api_client import Api
from signed_in import sign_in

CHECKOUT: dict[str, Any] = {
    "key": "checkout",
    "title": "Paying",
    "touchpoints": ["order.placed"],
    "questions": [{"type": "ces", "key": "effort", "text": "How hard?", "variant": "1"}],
}
JOURNEY: dict[str, Any] = {
    "key": "shop",
    "title": "The shop",
    "stages": [
        {"key": "find", "title": "Find", "touchpoints": [
            {"key": "page.read"}, {"key": "page.left", "survey": "not_pushed_yet"},
        ]},
        {"key": "buy", "title": "Buy", "weight": 3, "touchpoints": [{"key": "order.placed"}]},
        {
            "key": "have", "title": "Have",
            "touchpoints": [
                {"key": "order.delivered", "weight": 2},
                {"key": "order.returned", "survey": "post_purchase", "owner": "Kari"},
            ],
        },
    ],
}  # fmt: skip


@pytest.fixture
async def shop(live: Api) -> Api:
    assert (await live.push(CHECKOUT)).is_success
    assert (await live.http.post("/v1/journeys", json=JOURNEY)).is_success
    return live


async def rate(api: Api, touchpoint: str, ratings: list[int]) -> None:
    survey, key = ("checkout", "effort") if touchpoint == "order.placed" else (
        "post_purchase", "recommend"
    )  # fmt: skip
    for rating in ratings:
        sent = await api.submit({key: rating}, survey=survey, touchpoint=touchpoint)
        assert sent.is_success, sent.text


async def read(api: Api, **query: str) -> dict[str, Any]:
    reply = await api.http.get("/v1/journeys/shop/scores", params=query)
    assert reply.status_code == 200, reply.text
    return reply.json()


async def score(api: Api, survey: str, **query: str) -> dict[str, Any]:
    return await api.score(survey, **query)


async def test_touchpoints_stages_and_the_journey_are_weighted_on_one_scale(shop: Api) -> None:
    await rate(shop, "order.placed", [1, 2, 2, 5])
    await rate(shop, "order.delivered", [10, 9, 8, 2])
    await rate(shop, "order.returned", [0, 3, 10, 7, 7])

    found = await read(shop)

    find, buy, have = found["scores"]["stages"]
    (placed,), (delivered, returned) = buy["touchpoints"], have["touchpoints"]
    for each, survey in ((placed, "checkout"), (delivered, "post_purchase")):
        alone = await score(shop, survey, touchpoint=each["key"])
        assert each["score"] | {"proved": None} == alone | {"proved": None}
    effort = placed["score"]["score"]
    assert placed["index"]["value"] == pytest.approx(100 - 100 * (effort - 1) / 4)
    assert delivered["index"]["value"] == pytest.approx((delivered["score"]["score"] + 100) / 2)
    assert have["index"]["value"] == pytest.approx(
        (2 * delivered["index"]["value"] + returned["index"]["value"]) / 3
    )
    whole = found["scores"]["index"]
    assert whole["n"] == 13
    assert whole["value"] == pytest.approx((3 * buy["index"]["value"] + have["index"]["value"]) / 4)
    below = [each["index"]["value"] - each["index"]["low"] for each in (buy, have)]
    assert whole["value"] - whole["low"] == pytest.approx(hypot(3 * below[0] / 4, below[1] / 4))
    assert (find["gap"], find["index"]["value"], find["index"]["n"]) == ("no survey here", None, 0)
    assert [each["gap"] for each in (buy, have, placed, returned)] == [""] * 4
    assert [each["gap"] for each in find["touchpoints"]] == ["no survey here"] * 2
    assert returned["owner"] == "Kari"


async def test_the_change_is_that_from_as_many_days_before(shop: Api) -> None:
    await rate(shop, "order.delivered", [1] * 25 + [10] * 5)
    shop.clock.now += timedelta(days=30)
    await rate(shop, "order.delivered", [1] * 5 + [10] * 25)

    found = await read(shop)

    have = found["scores"]["stages"][2]
    delivered, returned = have["touchpoints"]
    assert delivered["change"]["by"] == pytest.approx(133.3333, abs=0.001)
    assert delivered["change"]["could_be_chance"] is False
    assert (returned["gap"], returned["change"]) == ("no answers", None)
    for whole in (have["change"], found["scores"]["change"]):
        assert whole["by"] == pytest.approx(66.6667, abs=0.001)
        assert 0 < whole["low"] < whole["by"] < whole["high"]
        assert whole["could_be_chance"] is False
    last = shop.clock.now.date()
    days = (found["first_day"], found["last_day"], found["compared_with"])
    assert days == (
        str(last - timedelta(days=29)), str(last),
        f"{last - timedelta(days=59)}..{last - timedelta(days=30)}",
    )  # fmt: skip


async def test_people_are_counted_once_a_stage_and_followed_to_later_ones(shop: Api) -> None:
    ways = {
        "a": ["page.read", "page.read"],
        "b": ["page.read", "order.placed"],
        "c": ["page.read", "order.delivered"],
        "d": ["order.placed", "order.returned"],
    }
    for person, touchpoints in ways.items():
        for touchpoint in touchpoints:
            made = (await shop.trigger(touchpoint=touchpoint, respondent=person)).json()
            if (person, touchpoint) == ("b", "order.placed"):
                sent = await shop.submit(
                    {"effort": 2}, survey=None, token=made["invitation"]["code"]
                )
                assert sent.is_success, sent.text
    await shop.trigger(touchpoint="page.read")

    stages = (await read(shop))["scores"]["stages"]
    shop.clock.now += timedelta(days=30)
    later = (await read(shop))["scores"]["stages"]

    assert [(each["people"], each["went_on"]) for each in stages] == [(3, 2), (2, 1), (2, 0)]
    assert [each["triggers"] for each in stages] == [5, 2, 2]
    assert [(each["asked"], each["answered"]) for each in stages[:2]] == [(0, 0), (2, 1)]
    assert [(each["people"], each["triggers"]) for each in later] == [(0, 0)] * 3


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"from": "2026-11-02", "to": "2026-11-01"}, "before it begins"),
        ({"to": "9999-12-31"}, "1971 to 9998"),
        ({"from": "0001-01-01"}, "1971 to 9998"),
        ({"where": "colour:red"}, "declared dimension"),
    ],
)
async def test_what_cannot_be_told_is_refused(shop: Api, query: dict[str, str], says: str) -> None:
    reply = await shop.http.get("/v1/journeys/shop/scores", params=query)

    assert (reply.status_code, reply.json()["code"]) == (400, "bad_parameter")
    assert says in reply.json()["detail"]
    missing = await shop.http.get("/v1/journeys/none/scores")
    assert (missing.status_code, missing.json()["code"]) == (404, "journey_unknown")


async def test_the_console_draws_the_journey_and_leads_to_it(shop: Api) -> None:
    await rate(shop, "order.delivered", [10, 9, 0])
    visitor = await sign_in(shop, "viewer")

    listed, page = await visitor.get("/results"), await visitor.get("/journeys/shop")

    assert 'href="/console/default/journeys/shop"' in listed.text
    assert page.status_code == 200
    assert "Have: " in page.text
    assert "No survey here" in page.text


async def test_the_journey_is_a_picture_and_a_table_to_take_away(shop: Api) -> None:
    for rating in (0, 10, 9, 10):
        await rate(shop, "order.delivered", [rating])
        shop.clock.now += timedelta(days=7)
    visitor = await sign_in(shop, "viewer")

    weeks = (await read(shop))["scores"]["stages"][2]["weeks"]
    table, picture, nothing = [
        await visitor.get(f"/journeys/shop/{file}")
        for file in ("journey.csv", "journey.svg", "journey.pdf")
    ]

    assert [each for each in weeks if each is not None] == [0, 100, 100, 100]
    assert len(weeks) >= 8
    assert picture.headers["content-type"] == "image/svg+xml"
    assert "No survey asks at Find." in picture.text
    rows = [*csv.DictReader(table.text.removeprefix("\ufeff").splitlines(), delimiter=",")]
    assert [(row["touchpoint"], row["n"]) for row in rows if row["stage"] == "have"] == [
        ("", "4"), ("order.delivered", "4"), ("order.returned", "0"),
    ]  # fmt: skip
    assert nothing.status_code == 404
