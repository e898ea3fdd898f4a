"""Surveys that show their answers of several people together only, by the API, on both databases."""

from __future__ import annotations

from typing import Any

from api_client import Api
from dimension_steps import declare

URL = "/v1/surveys/team"
TEAM: dict[str, Any] = {
    "key": "team",
    "title": "Working here",
    "questions": [
        {"type": "nps", "variant": "employee", "key": "recommend", "text": "Would you?"},
        {"type": "long_text", "key": "why", "text": "Why?"},
    ],
}


async def answer(api: Api, ratings: list[int], store: str = "", **fields: Any) -> None:
    for rating in ratings:
        context = {"context": {"store": store}} if store else {}
        sent = await api.submit(
            {"recommend": rating, "why": f"because {rating}"}, survey="team", **context, **fields
        )
        assert sent.is_success, sent.text


async def scores(api: Api, **query: Any) -> dict[str, Any]:
    reply = await api.http.get(f"{URL}/scores", params=query)
    assert reply.status_code == 200, reply.text
    return reply.json()


async def test_four_answers_are_hidden_and_five_are_shown(live: Api) -> None:
    await live.push(TEAM)
    await answer(live, [10, 10, 9, 0])
    few = await scores(live)
    assert few["scores"][0]["n"] == 0
    await answer(live, [9])
    enough = await scores(live)
    assert (enough["scores"][0]["n"], enough["scores"][0]["score"]) == (5, 60.0)
    await answer(live, [0, 0, 0])
    more = await scores(live)
    assert more["hidden"] == {"reason": "fewer_than_minimum", "minimum": 5}
    assert {**more, "hidden": None} == enough


async def test_a_store_is_shown_once_five_of_it_have_answered(live: Api) -> None:
    await declare(live, {"name": "store"})
    await live.push(TEAM)
    await answer(live, [10, 10, 9, 0], "Oslo")
    await answer(live, [0, 0, 0, 0, 0], "Bergen")
    groups = {each["group"]: each["scores"][0]["n"] for each in (await scores(live, by="store"))["groups"]}
    assert groups == {"Bergen": 5}
    await answer(live, [10], "Oslo")
    assert (await scores(live))["scores"][0]["n"] == 10
