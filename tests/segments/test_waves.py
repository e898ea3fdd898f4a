"""Waves of a programme side by side, each with the latest answer of each person in it."""

from __future__ import annotations

from typing import Any

import pytest
from api_client import Api
from segment_steps import ask, exported, open_survey

from harken_server.database.database import Database
from harken_server.insights.read import taking_in
from harken_server.responses.response import NewResponse
from harken_server.responses.store.row import encode_members
from harken_server.responses.store.writing import RESPONSES
from harken_server.surveys.answers.typed_rows import AnswerRow
from harken_server.surveys.store.surveys import get_survey

WAVES = {"yearly:2": [9, 9, 3], "yearly:10": [10, 10, 10, 2], "yearly:1": [1, 2]}


async def answer_waves(api: Api) -> None:
    """In each wave each person answers, and the first one once more, with another rating."""
    await open_survey(api)
    survey = await get_survey(api.runtime.db, api.runtime.home, "visit")
    assert survey is not None
    for wave, ratings in WAVES.items():
        people = enumerate([5 if ratings[0] != 5 else 6, *ratings])
        for place, rating in people:
            api.clock.move(minutes=1)
            new = NewResponse(
                id=api.runtime.new_id(), survey=survey, version=1, sequence=1, is_complete=True,
                digest=b"0" * 16, received_at=api.clock.now, channel="api", proof="key",
                respondent=f"person-{max(place, 1)}",
                answers=[AnswerRow("recommend", rating=rating)],
                dimensions=encode_members({"wave": wave, "store": f"shop {place}"}),
            )  # fmt: skip
            await api.runtime.db.store(RESPONSES, new)


def nps(ratings: list[int]) -> float:
    return 100 * sum((r >= 9) - (r <= 6) for r in ratings) / len(ratings)


async def test_waves_come_in_their_order_with_each_persons_latest_answer(live: Api) -> None:
    await answer_waves(live)

    found = await ask(live, by="wave", repeated="latest", question="recommend")

    groups = [(each["group"], each["scores"][0]) for each in found["groups"]]
    assert [name for name, _ in groups] == ["yearly:1", "yearly:2", "yearly:10"]
    for name, score in groups:
        assert score["n"] == len(WAVES[name])
        assert score["score"] == pytest.approx(nps(WAVES[name]))
        listed = await exported(live, where=f"wave:{name}", repeated="latest")
        assert len(listed) == score["n"]
    assert found["scores"][0]["n"] == 4
    every = await ask(live, by="wave", question="recommend")
    assert [each["scores"][0]["n"] for each in every["groups"]] == [3, 4, 5]


async def test_a_wave_stands_beside_the_one_before(live: Api) -> None:
    await answer_waves(live)

    found = await ask(
        live, where="wave:yearly:2", compare="previous_wave", repeated="latest",
        question="recommend",
    )  # fmt: skip

    assert found["compared"]["with"] == "wave:yearly:1"
    difference = found["compared"]["differences"][0]["by"]
    assert difference == pytest.approx(nps(WAVES["yearly:2"]) - nps(WAVES["yearly:1"]))
    for query in ({}, {"where": "wave:yearly:1"}, {"where": "wave:spring"}):
        refused = await live.http.get(
            "/v1/surveys/visit/scores", params={"compare": "previous_wave", **query}
        )
        assert refused.status_code == 400
        assert "where=wave:KEY:NUMBER" in refused.json()["detail"]


async def test_what_looks_through_too_much_says_what_would_be_less(
    live: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    await answer_waves(live)
    monkeypatch.setattr(taking_in, "SCAN_WITHIN_S", 0.0)

    for path in ("scores", "trends"):
        reply = await live.http.get(f"/v1/surveys/visit/{path}", params={"repeated": "latest"})
        assert (reply.status_code, reply.json()["code"]) == (400, "too_much_to_read"), reply.text
        assert "Narrow the days" in reply.json()["detail"]
    assert (await ask(live))["scores"]  # counts are asked as ever


async def test_the_whole_is_read_once_however_it_is_divided(
    live: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    await answer_waves(live)
    kind: type[Database] = type(live.runtime.db)
    fetch, asked = kind.fetch, list[tuple[Any, ...]]()

    async def noted(self: Database, sql: str, *params: Any) -> Any:
        if "_count WHERE" in sql:
            asked.append((sql, params))
        return await fetch(self, sql, *params)

    monkeypatch.setattr(kind, "fetch", noted)
    await ask(live, by="channel", compare="channel:api")

    assert len(asked) == len(set(asked)) > 2
