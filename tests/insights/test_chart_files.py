"""Pictures by the API: they say the scores' own numbers, and what cannot be drawn says why."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from api_client import Api
from dimension_steps import declare

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
CHART = "/v1/surveys/post_purchase/chart.svg"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
async def answered(live: Api) -> Api:
    await declare(live, {"name": "store", "source": "context", "key": "store"})
    for store, rating in (("oslo", 10), ("oslo", 9), ("bergen", 0), ("bergen", 8)):
        reply = await live.submit({"recommend": rating}, context={"store": store})
        assert reply.status_code == 201, reply.text
    return live


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
        ({}, "Net Promoter Score®: 25."),
        ({"kind": "distribution"}, "4 answers, most often 0 (1)"),
        ({"kind": "trend", "period": "day"}, "day by day"),
        ({"kind": "breakdown", "by": "store"}, "bergen: \N{MINUS SIGN}50"),
        ({"kind": "heat_map", "rows": "store", "columns": "version"}, "Lowest: bergen, 1"),
        ({"where": "store:oslo"}, "Net Promoter Score®: 100."),
        ({"where": "store:nowhere"}, "No answers yet."),
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
