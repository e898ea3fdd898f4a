"""What people did after they answered: planted rates are found, and intervals hold them."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from api_client import Api

from harken_server.insights.rules.hazard import Followed, rate_difference, rate_of


async def play(live: Api, people: list[tuple[str, int, int, int | None]]) -> None:
    """People with their rating, how many days ago they answered, after how many they ordered."""
    now = live.clock()
    events: list[dict[str, Any]] = []
    for name, rating, days, after in sorted(people, key=lambda each: -each[2]):
        live.clock.now = now - timedelta(days=days)
        reply = await live.submit({"recommend": rating}, respondent=name)
        assert reply.status_code == 201, reply.text
        if after is not None:
            at = now - timedelta(days=days - after)
            events.append(
                {"id": str(uuid4()), "respondent": name, "name": "order", "at": at.isoformat()}
                | {"value": 10}
            )
    live.clock.now = now
    if events:
        await live.http.post("/v1/events", json={"events": events})


async def test_rates_by_band_leave_out_what_is_not_over(live: Api) -> None:
    await play(
        live,
        [
            ("a", 10, 100, 5), ("b", 9, 100, 40), ("c", 10, 100, None), ("d", 9, 100, 95),
            ("e", 2, 100, None), ("f", 3, 100, 20), ("g", 1, 45, None), ("h", 10, 3, 1),
        ],
    )  # fmt: skip

    reply = await live.http.get("/v1/surveys/post_purchase/behaviour", params={"event": "order"})

    found = reply.json()["behaviour"]
    bands = {each["band"]: each for each in found["bands"]}
    promoters, detractors = bands["promoters"], bands["detractors"]
    assert found["people"] == 8
    assert (promoters["people"], promoters["rate"]) == (5, pytest.approx(50.0))
    assert [(each["people"], each["did"]) for each in promoters["hazards"]] == [
        (4, 1),
        (3, 1),
        (2, 0),
    ]
    # One of three in the first period, nobody of those that are left.
    assert detractors["rate"] == pytest.approx(100 / 3)
    assert detractors["low"] <= detractors["rate"] <= detractors["high"]
    assert bands["passives"]["rate"] is None
    assert found["difference"]["could_be_chance"]
    assert found["value_at_risk"] == 10
    assert reply.json()["days"] == 90


async def test_an_unknown_question_is_named_with_those_there_are(live: Api) -> None:
    reply = await live.http.get(
        "/v1/surveys/post_purchase/behaviour", params={"question": "nonsense"}
    )
    assert reply.status_code == 400
    assert "recommend" in reply.json()["detail"]


@pytest.mark.seconds
@pytest.mark.parametrize("rate", [0.1, 0.4, 0.8])
@pytest.mark.parametrize("n", [10, 60])
def test_intervals_hold_the_rate_that_was_planted(rate: float, n: int) -> None:
    """Of people of whom a third has answered too lately to be followed to the end."""
    chance, hits, rounds = random.Random(7), 0, 600
    hazard = 1 - (1 - rate) ** (1 / 3)
    for _ in range(rounds):
        people: list[Followed] = []
        for place in range(n):
            periods = 3 if place % 3 else chance.randint(0, 2)
            did = next((at for at in range(1, 5) if chance.random() < hazard), None)
            people.append(Followed(periods, did if did and did <= periods else None))
        found = rate_of(people, 3)
        assert found.low is not None
        assert found.high is not None
        hits += found.low - 1e-9 <= 100 * rate <= found.high + 1e-9
    assert 0.92 <= hits / rounds <= 0.99


def test_a_difference_that_is_there_is_told_from_chance() -> None:
    some = rate_of([Followed(3, 1)] * 60 + [Followed(3, None)] * 40, 3)
    others = rate_of([Followed(3, 1)] * 20 + [Followed(3, None)] * 80, 3)
    nobody = rate_of([], 3)

    apart, alike = rate_difference(some, others), rate_difference(some, some)

    assert apart is not None
    assert (apart.by, apart.could_be_chance) == (pytest.approx(40), False)
    assert apart.low > 25
    assert alike is not None
    assert alike.could_be_chance
    assert rate_difference(some, nobody) is None
