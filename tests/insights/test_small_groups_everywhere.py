"""Nothing that can be read depends on who of a block said what, or on what is not shown yet.

Walks all routes: one that is added tomorrow is tried the day it is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from all_reads import Reads, console_reads, keyed_reads
from api_client import Api, let_keys_in
from signed_in import SignedIn, sign_in
from team_survey import ANONYMOUS, TEAM, open_team

RATINGS = (10, 9, 8, 3, 0)
WAYS = ("email", "email", "web", "web", "web")
WAITING = {"team_a": (7, 6, 5, 4), "team_b": (0, 10, 10, 1)}
"""What those of Bergen gave, who are one too few."""
OPEN = {**TEAM, "minimum_group": 0}


async def told(live: Api, survey: dict[str, Any], console: SignedIn, tier: str) -> set[str]:
    """Which replies tell the same five answers of Oslo, each by somebody else, from one another, or
    the four of Bergen; without those that differ by the survey's key alone.
    """
    let_keys_in(live.runtime, 100_000)
    for key in WAITING:
        await open_team(live, {**survey, "key": key})
    asked = "plainly" if survey is OPEN else tier  # there it is enough that routes differ at all
    both = tuple(Reads(live, console, key, asked=asked) for key in ("team_a", "team_b"))
    drawn = await differing(both)
    assert not [name for name in drawn if "results" in name or "responses" in name]
    for key, ratings in (("team_a", RATINGS), ("team_b", RATINGS[2:] + RATINGS[:2])):
        for rating, channel in zip(ratings, WAYS, strict=True):
            await submit(live, key, rating, "Oslo", channel)
        for rating in WAITING[key]:
            await submit(live, key, rating, "Bergen", "web")
    return await differing(both) - drawn


async def submit(live: Api, key: str, rating: int, store: str, channel: str) -> None:
    answers = {"recommend": rating, "why": f"{store} gave {rating}."}
    where = {"touchpoint": "desk", "channel": channel, "context": {"store": store}}
    sent = await live.submit(answers, survey=key, respondent=f"{store}-{channel}", **where)
    assert sent.is_success, sent.text


async def differing(both: Sequence[Reads]) -> set[str]:
    one, other = await both[0].all(), await both[1].all()
    assert one.keys() == other.keys()
    return {name for name, reply in one.items() if other[name] != reply}


@pytest.mark.parametrize(
    "survey",
    [
        pytest.param(TEAM, id="employees"),
        pytest.param(ANONYMOUS, id="anonymous", marks=pytest.mark.nightly),
    ],
)
async def test_no_route_tells_who_of_a_block_said_what_or_anything_of_those_who_wait(
    live: Api, survey: dict[str, Any], tier: str
) -> None:
    console = await sign_in(live)
    assert await told(live, survey, console, tier) == set()
    home = (await console.get()).text
    assert "Oslo gave 10." in home
    assert "Bergen gave" not in home


async def test_where_answers_are_shown_one_by_one_many_routes_tell(live: Api, tier: str) -> None:
    """So the walk finds what it looks for."""
    routes = {name.split(" ")[0] for name in await told(live, OPEN, await sign_in(live), tier)}
    keyed = {f"/v1/surveys/{{key}}/{each}" for each in ("responses", "scores", "export.csv")}
    assert keyed | {"console/results/{key}", "results-link", "export-link"} <= routes


async def test_the_walk_comes_by_the_routes_that_are_known(live: Api) -> None:
    paths = {path for path, _ in keyed_reads(live)}
    known = ("scores", "trends", "responses", "export.csv", "export.jsonl")
    assert {f"/v1/surveys/{{key}}/{each}" for each in known} <= paths
    assert {"/results/{key}", "/share/{key}"} <= {*console_reads()}
