"""Limits by the API: each chart over the same trend, what is out, and the words for it."""

from __future__ import annotations

from typing import Any

import pytest
from api_client import Api

URL = "/v1/surveys/visit/trends"
SURVEY: dict[str, Any] = {
    "key": "visit",
    "title": "Your visit",
    "questions": [
        {"type": "nps", "key": "recommend", "text": "?"},
        {"type": "csat", "key": "service", "text": "?"},
    ],
}


async def answered(api: Api) -> None:
    """Twelve steady days of ten answers, then a day on which many came and all were unhappy."""
    await api.push(SURVEY)
    for day in range(13):
        for number in range(25 if day == 12 else 10):
            rating = 2 if day == 12 else (10, 9, 8, 10, 3)[number % 5]
            sent = await api.submit(
                {"recommend": rating, "service": 5 if rating > 8 else 2}, survey="visit"
            )
            assert sent.is_success, sent.text
        api.clock.move(days=1)


@pytest.mark.parametrize("limits", ["true", "watch", "p", "laney", "nps", "ewma", "cusum"])
async def test_the_day_that_is_out_is_named_with_its_reason(api: Api, limits: str) -> None:
    await answered(api)

    reply = await api.http.get(URL, params={"limits": limits, "period": "day"})

    assert reply.status_code == 200, reply.text
    for trend in reply.json()["trends"]:
        control = trend["control"]
        points = control["points"]
        assert [each["period"] for each in points] == [each["period"] for each in trend["points"]]
        assert control["chart"] == ("watch" if limits == "true" else limits)
        assert control["source"]
        assert control["baseline"]["n"] == 145
        assert control["baseline"]["says"]
        out = [each["period"] for each in points if each["is_out"]]
        assert control["out"] == len(out)
        if limits in {"true", "watch", "nps"}:
            assert out == [points[-1]["period"]]
            assert points[-1]["why"] in control["says"]


async def test_without_limits_there_are_none_and_of_nobody_nothing(api: Api) -> None:
    await api.push(SURVEY)

    plain = (await api.http.get(URL)).json()["trends"][0]
    empty = (await api.http.get(URL, params={"limits": "true"})).json()["trends"][0]
    bad = await api.http.get(URL, params={"limits": "six_sigma"})

    assert "control" not in plain
    assert empty["control"] is None
    assert bad.status_code == 400
