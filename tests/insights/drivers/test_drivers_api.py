"""Drivers and reliability by the API, on both databases: what counts, and what is refused."""

from __future__ import annotations

import random
from typing import Any

import pytest
from api_client import Api

URL = "/v1/surveys/visit"
COLUMNS = ["poor", "fair", "good", "na"]
SURVEY: dict[str, Any] = {
    "key": "visit",
    "title": "Your visit",
    "questions": [
        {"type": "nps", "key": "recommend", "text": "?"},
        {"type": "csat", "key": "service", "text": "?"},
        {"type": "ces", "key": "effort", "text": "?", "variant": "1"},
        {
            "type": "matrix", "key": "parts", "text": "?",
            "rows": [{"value": each, "label": each} for each in ("speed", "price")],
            "columns": [{"value": each, "label": each} for each in COLUMNS],
        },
        {"type": "rating", "key": "rare", "text": "?"},
        {"type": "long_text", "key": "why", "text": "?"},
    ],
}  # fmt: skip


def visits(count: int) -> list[dict[str, Any]]:
    """The outcome follows the speed; the price is often not applicable, the service skipped."""
    chance = random.Random(7)
    made: list[dict[str, Any]] = []
    for number in range(count):
        speed = chance.randrange(3)
        answers: dict[str, Any] = {
            "recommend": min(10, 3 * speed + chance.randrange(5)),
            "effort": 5 - speed - chance.randrange(3),
            "parts": {"speed": COLUMNS[speed], "price": COLUMNS[chance.randrange(3)]},
        }
        if number % 9 == 0:
            answers["parts"]["price"] = "na"
        if number % 10:
            answers["service"] = chance.randrange(1, 6)
        if number < 3:
            answers["rare"] = 3
        made.append(answers)
    return made


async def answered(api: Api, count: int) -> list[dict[str, Any]]:
    await api.push(SURVEY)
    made = visits(count)
    for answers in made:
        sent = await api.submit(answers, survey="visit")
        assert sent.is_success, sent.text
    return made


async def asked(api: Api, what: str, **query: Any) -> dict[str, Any]:
    reply = await api.http.get(f"{URL}/{what}", params=query)
    assert reply.status_code == 200, reply.text
    return reply.json()


async def test_what_goes_with_the_outcome_comes_first(live: Api) -> None:
    made = await answered(live, 70)

    reply = await asked(live, "drivers")

    found = reply["found"]
    assert (reply["outcome"], found["method"], found["n"]) == ("recommend", "shapley", 70)
    assert "not what causes" in reply["says"]
    drivers = {each["item"]: each for each in found["drivers"]}
    assert set(drivers) == {"service", "effort", "parts.speed", "parts.price"}
    assert found["drivers"][0]["item"] == "parts.speed"
    assert [each["item"] for each in found["left_out"]] == ["rare"]
    assert drivers["parts.price"]["n"] == sum(each["parts"]["price"] != "na" for each in made)
    assert drivers["service"]["n"] == sum("service" in each for each in made)
    assert drivers["effort"]["correlation"] < 0
    effort = sum(each["effort"] for each in made) / 70
    assert drivers["effort"]["performance"] == pytest.approx(100 - 25 * (effort - 1))
    assert sum(each["importance"] for each in found["drivers"]) == pytest.approx(found["r_squared"])
    assert sum(each["share"] for each in found["drivers"]) == pytest.approx(100)
    for name, formula in reply["formulas"].items():
        assert formula["source"], name


async def test_named_items_a_matrix_row_as_outcome_and_another_method(live: Api) -> None:
    await answered(live, 70)

    reply = await asked(
        live, "drivers", outcome="parts.speed", items="recommend,effort,parts",
        method="relative_weights", missing="listwise", level="0.8",
    )  # fmt: skip

    assert reply["outcome"] == "parts.speed"
    assert (reply["found"]["method"], reply["level"]) == ("relative_weights", 0.8)
    assert {each["item"] for each in reply["found"]["drivers"]} == {
        "recommend", "effort", "parts.price",
    }  # fmt: skip
    assert len({each["n"] for each in reply["found"]["drivers"]}) == 1


async def test_too_few_answers_are_refused_with_the_number(live: Api) -> None:
    await answered(live, 12)

    found = (await asked(live, "drivers"))["found"]
    named = (await asked(live, "drivers", items="service"))["found"]

    assert found["drivers"] == []
    assert "50 are needed" in found["refused"]
    assert named["refused"].startswith("service: ")


async def test_a_matrix_is_a_scale_and_so_are_named_items(live: Api) -> None:
    made = await answered(live, 40)

    (matrix,) = (await asked(live, "reliability"))["scales"]
    (scale,) = (await asked(live, "reliability", items="effort,parts.speed", reverse="effort"))[
        "scales"
    ]

    assert (matrix["scale"], scale["scale"]) == ("parts", "items")
    assert matrix["n"] == sum(each["parts"]["price"] != "na" for each in made)
    assert scale["n"] == 40
    assert scale["alpha"] > 0.5
    assert scale["low"] < scale["alpha"] < scale["high"]
    assert [each["is_reversed"] for each in scale["items"]] == [True, False]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"outcome": "why"}, "'why' is no rated item here"),
        ({"outcome": "parts"}, "parts.speed"),
        ({"items": "service,colour"}, "'colour'"),
        ({"level": "0.5"}, "0.8, 0.9, 0.95, 0.99"),
        ({"where": "colour:red"}, "wave"),
    ],
)
async def test_what_makes_no_sense_is_told(live: Api, query: dict[str, str], said: str) -> None:
    await live.push(SURVEY)

    reply = await live.http.get(f"{URL}/drivers", params=query)

    assert reply.status_code == 400
    assert said in reply.text


async def test_a_survey_without_ratings_and_one_of_many_items(api: Api) -> None:
    await api.push({**SURVEY, "questions": [SURVEY["questions"][-1]]})
    many = [{"type": "rating", "key": f"i{n}", "text": "?"} for n in range(42)]
    await api.push({**SURVEY, "key": "many", "questions": many})

    bare = await api.http.get(f"{URL}/drivers")
    exact = await api.http.get("/v1/surveys/many/drivers", params={"method": "shapley"})
    crowd = await api.http.get("/v1/surveys/many/drivers")

    assert "no scored question" in bare.text
    assert "15 items at most; these are 41" in exact.text
    assert "up to 40" in crowd.text
