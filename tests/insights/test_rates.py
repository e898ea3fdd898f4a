"""How far people came, and what tells of their care: each figure from responses that show it."""

from __future__ import annotations

from typing import Any

import pytest
from api_client import Api

from harken_server.insights.rules.quality import Sitting, find_signs

SURVEY: dict[str, Any] = {
    "key": "stay",
    "title": "Your stay",
    "questions": [
        {"type": "rating", "key": f"r{n}", "text": f"Rate {n}", "required": False}
        for n in range(1, 5)
    ]
    + [
        {"type": "long_text", "key": "why", "text": "Why?"},
        {
            "type": "short_text",
            "key": "sorry",
            "text": "What went wrong?",
            "show_if": {"op": "at_most", "answer": "r1", "value": 2},
        },
    ],
}
LONG = "The same long comment, word by word."


async def rates(live: Api, **query: str) -> dict[str, Any]:
    reply = await live.http.get("/v1/surveys/stay/rates", params=query)
    assert reply.status_code == 200, reply.text
    return reply.json()["rates"]


async def answer(live: Api, *ratings: int, **fields: Any) -> None:
    why = fields.pop("why", None)
    answers: dict[str, Any] = {f"r{n}": rating for n, rating in enumerate(ratings, 1)}
    answers |= {} if why is None else {"why": why}
    reply = await live.submit(answers, survey="stay", **fields)
    assert reply.status_code == 201, reply.text


async def test_how_far_people_came(live: Api) -> None:
    await live.push(SURVEY)
    await answer(live, 5, 4, 3, 5)
    await answer(live, 5, 4, complete=False, resume="a" * 43)
    await answer(live, 1, complete=False, resume="b" * 43)
    await answer(live, 2, 3, why="Slow")

    found = await rates(live)

    assert found["started"] == 4
    completion = found["completion"]
    assert (completion["n"], completion["of"], completion["rate"]) == (2, 4, 50)
    assert completion["low"] < 50 < completion["high"]
    assert (found["open_link"], found["open_link_note"][:16]) == (4, "no response rate")
    assert found["response"] == {"n": 0, "of": 0, "rate": None, "low": None, "high": None}
    told = {each["question"]: each for each in found["questions"]}
    assert (told["r1"]["answered"], told["r1"]["left_after"]) == (4, 1)
    assert (told["r2"]["left_after"], told["r3"]["skipped"]) == (1, 1)
    assert told["sorry"]["skipped"] is None


async def test_personal_links_have_a_response_rate(live: Api) -> None:
    await live.push({**SURVEY, "touchpoints": ["room.left"]})
    for respondent in ("kim", "ada"):
        asked = (await live.trigger(touchpoint="room.left", respondent=respondent)).json()
    token = asked["invitation"]["code"]
    await live.submit({"r1": 5}, survey=None, token=token)

    found = await rates(live)

    assert (found["reached"]["invited"], found["reached"]["answered"]) == (2, 1)
    assert found["response"]["rate"] == 50
    assert (found["open_link"], found["open_link_note"]) == (0, None)


async def test_careless_answers_are_told_apart_and_stay(live: Api) -> None:
    await live.push(SURVEY)
    await answer(live, 5, 4, 3, 5, why=LONG)
    await answer(live, 4, 4, 3, 5, why=f"  {LONG.upper()} ")
    await answer(live, 1, 1, 1, 1)
    await answer(live, 5, 4, 5, 4)
    began = live.clock().isoformat()
    live.clock.move(seconds=2)
    await answer(live, 3, 4, 5, 4, started_at=began)

    quality = (await rates(live))["quality"]

    assert quality["signs"] == {"duplicate": 2, "speeding": 1, "straight_line": 1}
    assert quality["with_signs"] == 4
    scores = {each["question"]: each for each in quality["scores"]}
    without = {each["question"]: each for each in quality["scores_without"]}
    assert (scores["r1"]["n"], without["r1"]["n"]) == (5, 1)
    assert without["r1"]["score"] == 5


@pytest.mark.parametrize(
    ("changes", "signs"),
    [
        ({"ratings": {"1-5": [2, 2, 2, 2], "0-10": [3]}}, {"straight_line"}),
        ({"ratings": {"1-5": [2, 2, 2], "0-10": [2]}}, set()),
        ({"ratings": {"food": ["good"] * 4}}, {"straight_line"}),
        ({"duration_s": 40.0}, {"speeding"}),
        ({"duration_s": 60.0}, set()),
        ({"texts": ["short"]}, set()),
        ({"flags": ["velocity"]}, {"flagged"}),
    ],
)
def test_signs(changes: dict[str, Any], signs: set[str]) -> None:
    usual = Sitting({}, 100.0, 5, ["short"], [])

    found = find_signs([usual] * 40 + [usual._replace(**changes)])

    assert found[-1] == signs
    assert not any(found[:-1])
