"""A survey of employees, which shows its answers of several people together only."""

from __future__ import annotations

from typing import Any

from api_client import Api
from dimension_steps import declare

HIDDEN = {"reason": "fewer_than_minimum", "minimum": 5}
URL = "/v1/surveys/team"
TEAM: dict[str, Any] = {
    "key": "team",
    "title": "Working here",
    "questions": [
        {"type": "nps", "variant": "employee", "key": "recommend", "text": "Would you?"},
        {"type": "long_text", "key": "why", "text": "Why?"},
    ],
}
ANONYMOUS = {**TEAM, "anonymous": True}


async def open_team(api: Api, survey: dict[str, Any] = TEAM) -> None:
    """Published, in a workspace that counts by store."""
    await declare(api, {"name": "store"})
    pushed = await api.push(survey)
    assert pushed.status_code == 201, pushed.text


async def answer(api: Api, ratings: list[int], store: str = "", **fields: Any) -> list[str]:
    """The ids of answers with these ratings, each with a text that names it."""
    ids: list[str] = []
    for rating in ratings:
        context = {"context": {"store": store}} if store else {}
        said = {"recommend": rating, "why": f"{store or 'Somebody'} gave {rating}."}
        sent = await api.submit(said, survey="team", **context, **fields)
        assert sent.is_success, sent.text
        ids.append(sent.json()["id"])
    return ids


async def scores(api: Api, **query: Any) -> dict[str, Any]:
    reply = await api.http.get(f"{URL}/scores", params=query)
    assert reply.status_code == 200, reply.text
    return reply.json()


async def n_of(api: Api, **query: Any) -> int:
    """How many answers stand in the score."""
    return (await scores(api, **query))["scores"][0]["n"]


async def groups_of(api: Api, **query: Any) -> dict[str, int]:
    """How many answers stand in the score of each group; 0 where they are hidden."""
    found = (await scores(api, **query))["groups"]
    assert all(each["scores"] or each["hidden"] == HIDDEN for each in found)
    return {each["group"]: sum(score["n"] for score in each["scores"]) for each in found}
