"""The results page weights its scores where there is something to weight by, and says so."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from api_client import Api
from dimension_steps import declare
from signed_in import SignedIn, sign_in

from harken_server.insights.rules.figures import show_score

PAGE = "/results/post_purchase"
SURVEY = "/v1/surveys/post_purchase"
SHARES = {"Oslo": 80, "Bergen": 20}
GIVEN = {"Oslo": [9] * 12 + [3] * 3, "Bergen": [2] * 30 + [10] * 6}


@pytest.fixture
async def analyst(live: Api) -> SignedIn:
    await declare(live, {"name": "store", "shares": SHARES})
    for store, ratings in GIVEN.items():
        for rating in ratings:
            sent = await live.submit({"recommend": rating}, context={"store": store})
            assert sent.is_success, sent.text
    await live.submit({"recommend": 0})  # of no store
    return await sign_in(live, "analyst")


async def told(live: Api, **query: str) -> dict[str, Any]:
    reply = await live.http.get(f"{SURVEY}/scores", params={"weight": "raked", **query})
    assert reply.status_code == 200, reply.text
    return reply.json()["scores"][0]


def words(text: str) -> str:
    return re.sub(r"<[^>]+>|\s+", " ", text)


async def test_the_page_and_its_files_show_the_weighted_numbers_of_the_api(
    live: Api, analyst: SignedIn
) -> None:
    score = await told(live)
    page = await analyst.get(PAGE, weight="raked")
    plain = await analyst.get(PAGE)
    scores, trend = (
        [*csv.DictReader(io.StringIO(file.text.removeprefix("\ufeff")))]
        for file in (
            await analyst.get(f"{PAGE}/scores.csv", weight="raked"),
            await analyst.get(f"{PAGE}/trend.csv", weight="raked", question="recommend"),
        )
    )

    assert "To declared shares" in plain.text
    assert "counted once" not in plain.text
    sentence = re.search(r"weighted to the declared shares of store: [^<]*", page.text)
    assert sentence is not None
    worth = f"{score['weighted']['effective_n']:.0f}"
    assert f"51 answers count like {worth}. 1 more have no weight" in sentence.group()
    raw = show_score(score["weighted"]["raw_score"], "points")
    assert f"count like {worth}; {raw} with each counted once" in words(page.text)
    for row in (*scores, *(week for week in trend if week["score"])):
        assert float(row["score"]) == pytest.approx(score["score"], abs=1e-4)
        assert float(row["low"]) == pytest.approx(score["low"], abs=1e-4)
        assert float(row["raw_score"]) == pytest.approx(score["weighted"]["raw_score"], abs=1e-4)
        assert row["n"] == "51"
    chart = await live.http.get(f"{SURVEY}/chart.svg", params={"weight": "raked"})
    assert f"{score['score']:.0f}" in chart.text
    broken = await live.http.get(
        f"{SURVEY}/chart.svg", params={"weight": "raked", "kind": "breakdown", "by": "store"}
    )
    assert "Bergen" in broken.text
    trending = await live.http.get(
        f"{SURVEY}/chart.svg", params={"weight": "raked", "kind": "trend"}
    )
    assert trending.status_code == 200
    drivers = await live.http.get(
        f"{SURVEY}/chart.svg", params={"weight": "raked", "kind": "heat_map"}
    )
    assert drivers.status_code == 400
    assert "not of heat_map" in drivers.text


async def test_what_cannot_be_weighted_is_said_and_counted_once(
    live: Api, analyst: SignedIn
) -> None:
    page = await analyst.get(PAGE, weight="raked", where="store:Oslo")

    assert "Each answer counts once: margins gives a share to store:Bergen" in words(page.text)
    assert "<strong>15</strong> answers" in page.text


async def test_without_anything_to_weight_by_nothing_is_offered(live: Api) -> None:
    await live.submit({"recommend": 9})
    page = await (await sign_in(live, "analyst")).get(PAGE, weight="raked")

    assert "Weight" not in page.text
    assert "weighted" not in page.text
