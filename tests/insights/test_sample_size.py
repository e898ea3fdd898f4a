"""How many answers are needed, by the API: published numbers, and what makes no sense."""

from __future__ import annotations

from typing import Any

import pytest
from api_client import Api

URL = "/v1/sample-size"


@pytest.mark.parametrize(
    ("query", "answers", "groups"),
    [
        ({"metric": "share", "margin": 5}, 385, 1),
        ({"metric": "share", "margin": 3}, 1_068, 1),
        ({"metric": "share", "margin": 10}, 97, 1),
        ({"metric": "share", "margin": 5, "population": 1_000}, 278, 1),
        ({"metric": "nps", "margin": 5}, 1_537, 1),
        ({"metric": "nps", "margin": 5, "promoters": 50, "detractors": 20}, 938, 1),
        ({"metric": "mean", "margin": 0.1, "deviation": 1}, 385, 1),
        ({"metric": "share", "difference": 10, "share": 70}, 294, 2),
        ({"metric": "share", "difference": 10, "share": 80}, 199, 2),
    ],
)
async def test_the_published_numbers(
    api: Api, query: dict[str, Any], answers: int, groups: int
) -> None:
    reply = await api.http.get(URL, params=query)

    assert reply.status_code == 200, reply.text
    found = reply.json()
    assert (found["answers"], found["groups"]) == (answers, groups)
    assert "19" in found["source"] or "20" in found["source"]


async def test_a_surer_or_a_smaller_difference_needs_more(api: Api) -> None:
    async def needed(**query: Any) -> int:
        reply = await api.http.get(URL, params={"metric": "nps", "difference": 10, **query})
        return reply.json()["answers"]

    usual = await needed()

    assert await needed(power=0.9) > usual
    assert await needed(level=0.99) > usual
    assert await needed(difference=5) > 3 * usual
    assert await needed(promoters=60, detractors=10) < usual


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"metric": "nps"}, "either margin or difference"),
        ({"metric": "nps", "margin": 5, "difference": 5}, "either margin or difference"),
        ({"metric": "nps", "margin": 5, "promoters": 70, "detractors": 40}, "more than 100"),
        ({"metric": "mean", "margin": 0.1}, "deviation"),
        ({"metric": "share", "difference": 60}, "No share is 60 points from 50"),
        ({"metric": "share", "margin": 5, "level": 0.5}, "0.8, 0.9, 0.95, 0.99"),
    ],
)
async def test_what_makes_no_sense_is_told(api: Api, query: dict[str, Any], said: str) -> None:
    reply = await api.http.get(URL, params=query)

    assert reply.status_code == 400
    assert said in reply.text


@pytest.mark.parametrize(
    "query",
    [
        {"metric": "nps", "margin": 0},
        {"metric": "nps", "margin": "nan"},
        {"metric": "share", "margin": 5, "share": 101},
        {"metric": "nps", "margin": 5, "power": 1},
        {"metric": "csat", "margin": 5},
    ],
)
async def test_what_is_out_of_range_is_refused(api: Api, query: dict[str, Any]) -> None:
    reply = await api.http.get(URL, params=query)

    assert reply.status_code == 400, reply.text
