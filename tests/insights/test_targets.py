"""Targets of scores: set, refused, and told as reached, not reached or not proven."""

from __future__ import annotations

from typing import Any

import pytest
from api_client import SURVEY, Api, problem_codes

URL = "/v1/surveys/post_purchase/targets"


async def put(api: Api, **target: Any) -> Any:
    return await api.http.put(URL, json={"targets": [{"question": "recommend", **target}]})


@pytest.mark.parametrize(
    ("value", "direction", "state"),
    [
        (20, None, "reached"),
        (60, None, "not_proven"),
        (99, None, "not_reached"),
        (95, "at_most", "reached"),
        (60, "at_most", "not_proven"),
        (-50, "at_most", "not_reached"),
    ],
)
async def test_a_score_says_how_its_target_stands(
    live: Api, value: float, direction: str | None, state: str
) -> None:
    await live.push(SURVEY)
    kept = await put(live, value=value, **({} if direction is None else {"direction": direction}))
    assert (await live.score())["target"]["state"] == "not_proven"  # nobody answered

    for rating in [10] * 20 + [8] * 10 + [2] * 2:
        await live.submit({"recommend": rating})

    told = {"value": value, "direction": direction or "at_least"}
    assert kept.json() == {"targets": [{"question": "recommend", **told}]}
    assert (await live.score())["target"] == {**told, "state": state}
    assert (await live.http.put(URL, json={"targets": []})).json() == {"targets": []}
    assert "target" not in await live.score()


async def test_a_target_beyond_the_score_is_refused_with_the_limit(api: Api) -> None:
    await api.push(SURVEY)

    beyond = await put(api, value=101)
    unknown = await put(api, question="gone", value=1)
    twice = await api.http.put(URL, json={"targets": [{"question": "recommend", "value": 1}] * 2})

    assert (beyond.status_code, problem_codes(beyond)) == (422, ["out_of_range"])
    assert beyond.json()["problems"][0]["limit"] == 100
    assert problem_codes(unknown) == ["question_unknown"]
    assert problem_codes(twice) == ["duplicate_key"]


async def test_targets_stay_when_a_new_version_is_published(api: Api) -> None:
    await api.push(SURVEY)
    await put(api, value=30)

    await api.push({**SURVEY, "title": "Another title"})

    assert (await api.http.get(URL)).json()["targets"][0]["value"] == 30
    assert (await api.score())["target"]["value"] == 30
