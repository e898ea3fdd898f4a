"""Pictures by the API: they say the scores' own numbers, and what cannot be drawn says why."""

from __future__ import annotations

import re
from typing import Any, get_args
from xml.etree import ElementTree as ET

import pytest
from api_client import SURVEY, Api
from dimension_steps import declare

from harken_server.insights.api.chart_query import Kind

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
CHART = "/v1/surveys/post_purchase/chart.svg"
JOURNEY: dict[str, Any] = {
    "key": "shop",
    "title": "The shop",
    "stages": [
        {"key": "find", "title": "Find", "touchpoints": [{"key": "page.read"}]},
        {"key": "have", "title": "Have", "touchpoints": [{"key": "order.delivered"}]},
    ],
}
RATED = SURVEY | {
    "questions": [
        *SURVEY["questions"],
        *({"type": "csat", "key": f"part{number}", "text": f"{number}?"} for number in (1, 2)),
    ]
}
OF_KIND: dict[str, dict[str, str]] = {
    "distribution": {"question": "reason"}, "breakdown": {"by": "store"},
    "heat_map": {"rows": "store", "columns": "channel"},
}  # fmt: skip
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
async def answered(live: Api) -> Api:
    await declare(live, {"name": "store", "source": "context", "key": "store"})
    for store, rating in (("oslo", 10), ("oslo", 9), ("bergen", 0), ("bergen", 8)):
        reply = await live.submit({"recommend": rating}, context={"store": store})
        assert reply.status_code == 201, reply.text
    assert (await live.http.post("/v1/journeys", json=JOURNEY)).is_success
    return live


async def rate_all(api: Api) -> None:
    """So many that there are drivers."""
    assert (await api.push(RATED)).is_success
    for turn in range(60):
        parts = {f"part{number}": 1 + (turn * number + turn) % 5 for number in (1, 2)}
        answers = {"recommend": min(10, sum(parts.values())), "reason": "price", **parts}
        sent = await api.submit(answers, context={"store": "oslo"}, touchpoint="order.delivered")
        assert sent.status_code == 201, sent.text


async def picture(api: Api, **query: str | int) -> ET.Element:
    reply = await api.http.get(CHART, params=query)
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"] == "image/svg+xml"
    assert "script" not in reply.text
    assert "http" not in reply.text.replace("http://www.w3.org/2000/svg", "")
    return ET.fromstring(reply.text)


def told(svg: ET.Element) -> str:
    return f"{svg.findtext(f'{SVG}title')} {svg.findtext(f'{SVG}desc')}"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({}, "Net Promoter Score®: +25."),
        ({"kind": "distribution"}, "4 answers, most often 0 (1)"),
        ({"kind": "trend", "period": "day"}, "day by day"),
        ({"kind": "breakdown", "by": "store"}, "bergen: \N{MINUS SIGN}50"),
        ({"kind": "heat_map", "rows": "store", "columns": "version"}, "Lowest: bergen, 1"),
        ({"where": "store:oslo"}, "Net Promoter Score®: +100."),
        ({"where": "store:nowhere"}, "No answers yet."),
        ({"kind": "journey"}, "Have: no answers yet."),
        ({"kind": "journey", "journey": "shop"}, "No survey asks at Find."),
    ],
)
async def test_each_kind_tells_its_numbers_in_words(
    answered: Api, query: dict[str, str], words: str
) -> None:
    svg = await picture(answered, **query)

    assert svg.get("role") == "img"
    assert words in told(svg)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"kind": "breakdown"}, "kind=breakdown needs by"),
        ({"kind": "breakdown", "by": "town"}, "by is 'town'"),
        ({"question": "why"}, "no scored question 'why'"),
        ({"kind": "trend", "question": "why"}, "no question 'why' with a score"),
        ({"width": 100}, "width is 100; it must be 240 to 2000"),
        ({"kind": "pie"}, "kind"),
        ({"theme": "neon"}, "theme"),
        ({"level": "0.5"}, "level is 0.5; it must be one of 0.8, 0.9, 0.95, 0.99"),
        ({"kind": "journey", "version": 1}, "not version"),
        ({"kind": "journey", "touchpoint": "a.b"}, "from, to, channel and where, not touchpoint"),
    ],
)
async def test_what_cannot_be_drawn_says_why(
    answered: Api, query: dict[str, str | int], words: str
) -> None:
    reply = await answered.http.get(CHART, params=query)

    assert reply.status_code == 400
    assert words in reply.text


async def test_a_theme_leaves_out_the_other_and_a_width_is_kept(answered: Api) -> None:
    auto, light, dark = [
        (await answered.http.get(CHART, params={"theme": theme, "width": 480})).text
        for theme in ("auto", "light", "dark")
    ]

    assert "prefers-color-scheme" in auto
    assert "prefers-color-scheme" not in light + dark
    ink = re.compile(r"--ink:(#\w+)")
    assert ink.findall(auto) == ink.findall(light) + ink.findall(dark)
    assert all("forced-colors" in each for each in (auto, light, dark))
    assert ET.fromstring(auto).get("viewBox", "").startswith("0 0 480 ")


async def test_a_survey_that_is_not_there_has_no_picture(answered: Api) -> None:
    reply = await answered.http.get("/v1/surveys/nothing/chart.svg")

    assert reply.status_code == 404


async def test_a_survey_that_no_journey_asks_has_no_picture_of_one(live: Api) -> None:
    reply = await live.http.get(CHART, params={"kind": "journey"})
    named = await live.http.get(CHART, params={"kind": "journey", "journey": "none"})

    assert (reply.status_code, reply.json()["code"]) == (400, "bad_parameter")
    assert "No journey asks the survey post_purchase" in reply.json()["detail"]
    assert (named.status_code, named.json()["code"]) == (404, "journey_unknown")


async def test_every_kind_is_as_sure_as_asked(answered: Api) -> None:
    await rate_all(answered)
    for kind in get_args(Kind):
        asked = {"kind": kind, **OF_KIND.get(kind, {})}
        usual, sure, unsure = [
            told(await picture(answered, **asked, **level))
            for level in ({}, {"level": "0.99"}, {"level": "0.8"})
        ]
        assert "95% interval" in usual, kind
        for level, words in (("99%", sure), ("80%", unsure)):
            assert f"{level} interval" in words, kind
            assert "95%" not in words, kind
