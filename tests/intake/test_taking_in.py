"""Feedback nobody was asked for: stored once, scored, listed with its source, refused with why."""

from __future__ import annotations

from typing import Any

import pytest
from api_client import Api

REVIEW = {
    "id": "g-1", "at": "2024-05-01T10:00:00Z", "rating": 4, "text": "Quick, and kind people.",
    "link": "https://reviews.example.com/1",
}  # fmt: skip


async def taken(live: Api, *items: dict[str, Any], **body: Any) -> dict[str, Any]:
    reply = await live.http.post("/v1/intake/reviews", json={"items": list(items), **body})
    assert reply.status_code == 200, reply.text
    return reply.json()


async def test_items_become_responses_of_their_day_with_their_source(live: Api) -> None:
    first = await taken(live, REVIEW, {**REVIEW, "id": "g-2", "rating": 2, "text": None})
    again = await taken(live, REVIEW)

    assert first == {"source": "reviews", "stored": 2, "refused": []}
    assert again == {"source": "reviews", "stored": 1, "refused": []}
    score = await live.score("reviews", to="2024-05-01", **{"from": "2024-05-01"})
    assert (score["n"], score["score"]) == (2, 3.0)
    listed = (await live.http.get("/v1/surveys/reviews/responses")).json()["responses"]
    assert len(listed) == 2
    assert listed[0]["answered_at"] == "2024-05-01T10:00:00Z"
    assert listed[0]["context"] == {"source": "review", "link": "https://reviews.example.com/1"}
    assert listed[0]["standing"] == "counted"


async def test_nobody_else_may_answer_where_reviews_are_kept(live: Api) -> None:
    await taken(live, REVIEW)

    page = await live.http.get("/s/reviews", headers={"authorization": ""})

    assert page.status_code in {403, 404}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"rating": 9}, "out_of_range"),
        ({"link": "javascript:alert(1)"}, "bad_format"),
        ({"at": "2999-01-01T00:00:00Z"}, "out_of_range"),
        ({"at": "1970-01-01T00:00:00Z"}, "out_of_range"),
        ({"rating": None, "text": "  "}, "empty"),
        ({"id": "g-1"}, "response_conflict"),
    ],
)
async def test_what_cannot_be_taken_says_why_and_leaves_the_others_alone(
    live: Api, fields: dict[str, Any], code: str
) -> None:
    await taken(live, REVIEW)
    items = [{**REVIEW, "id": "a"}, {**REVIEW, "id": "b", "rating": 5, **fields}]

    reply = await taken(live, *items, {**REVIEW, "id": "c"})

    assert reply["stored"] == 2
    assert [(each["index"], each["code"]) for each in reply["refused"]] == [(1, code)]
    assert reply["refused"][0]["message"]


async def test_a_source_keeps_its_scale_and_takes_no_key_of_a_survey(live: Api) -> None:
    await taken(live, REVIEW, scale={"low": 0, "high": 10}, title="Play store")

    other = {"items": [REVIEW], "scale": {"low": 1, "high": 5}}
    scale = await live.http.post("/v1/intake/reviews", json=other)
    asking = await live.http.post("/v1/intake/post_purchase", json={"items": [REVIEW]})

    assert (scale.status_code, scale.json()["code"]) == (409, "source_taken")
    assert "0 and 10" in scale.json()["detail"]
    assert (asking.status_code, asking.json()["code"]) == (409, "source_taken")


@pytest.mark.parametrize("key", ["Reviews", "1st", "a-b"])
async def test_a_key_that_no_survey_has_is_refused(live: Api, key: str) -> None:
    reply = await live.http.post(f"/v1/intake/{key}", json={"items": [REVIEW]})
    assert reply.status_code == 400
    assert "lower-case" in reply.json()["detail"]
