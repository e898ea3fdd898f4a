"""Nothing that can be read depends on who of a block said what, or on what is not shown yet.

Walks all routes of both applications: one that is added tomorrow is tried the day it is written, or
fails by its name where nobody has said what stands in its address.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from all_reads import Pair, Seen, Walk, filled, readable, told
from api_fixtures import MAIL
from asked_reads import ASKED, NARROWS_NOTHING, NEVER_WITH_200
from signed_in import sign_in
from team_world import (
    ANONYMOUS,
    BERGEN,
    OPEN,
    OSLO,
    TEAM,
    Said,
    answer,
    exported,
    happen,
    open_world,
)
from tiers import POSTGRES_NIGHTLY, nightly
from twins import twins

MoreUrls: TypeAlias = Callable[[], str]
ONE = Said(OSLO, BERGEN, begun=2, seconds=(60,) * 10)
OTHER = Said((*OSLO[2:], *OSLO[:2]), (0, 10, 10, 1), begun=9, seconds=(60,) * 10)
"""The same five answers of Oslo, each by somebody else; those of Bergen gave others."""
LATER = OTHER._replace(seconds=(7, 113, 20, 100, 60, 1, 119, 59, 61, 60))
"""Each at another time of the same day."""
ABOUT_A_SURVEY = r"/(surveys|results|sheets|odata|export|export-file)/\{|journeys/\{\w+\}/scores"


@asynccontextmanager
async def pair_of(
    new_url: MoreUrls, folder: Path, survey: dict[str, Any], said: Sequence[Said]
) -> AsyncGenerator[Pair]:
    """Two servers that differ in what was said there."""
    async with twins(new_url, folder, MAIL) as both:
        ids: list[dict[str, str]] = []
        for server, each in zip(both, said, strict=True):
            named = await open_world(server, survey)
            await answer(server, named, each)
            server.dice.again(-1)
            await happen(server)
            ids.append({**named, **await exported(server)})
        for server in both:
            server.dice.again(-2)
        assert ids[0] == ids[1]
        consoles = await sign_in(both[0]), await sign_in(both[1])
        yield Pair(both, consoles, (ids[0], ids[1]))


def opened_by(seen: Collection[Seen], *codes: str) -> set[str]:
    """Routes that replied as they should, or refused with one of the codes."""
    return {each.route for each in seen if each.status == 200 or each.code in codes}


def failures(seen: Collection[Seen]) -> list[Seen]:
    """Replies that are neither what was asked for nor a refusal."""
    return [each for each in seen if each.status >= 500 and each.code != "odata_not_supported"]


@POSTGRES_NIGHTLY
@pytest.mark.parametrize(
    ("survey", "other"),
    [
        pytest.param(TEAM, OTHER, id="employees"),
        nightly(ANONYMOUS, OTHER, id="anonymous"),
        nightly(ANONYMOUS, LATER, id="anonymous at another time"),
    ],
)
async def test_no_route_tells_who_of_a_block_said_what_or_anything_of_those_who_wait(
    new_database_url: MoreUrls,
    tmp_path: Path,
    survey: dict[str, Any],
    other: Said,
    tier: str,
    engine_name: str,
) -> None:
    """In every way by night, on SQLite: no filter is taken in differently on PostgreSQL."""
    asked = tier if engine_name == "sqlite" else "test"
    async with pair_of(new_database_url, tmp_path, survey, (ONE, other)) as pair:
        seen = await Walk(pair, asked=asked).all()
        home = (await pair.consoles[0].get()).text
    assert told(seen) == set()
    assert failures(seen) == []
    walked = {each.route for each in seen}
    assert walked == {route.path for route in readable()}
    assert walked - opened_by(seen, "small_groups") == NEVER_WITH_200.keys()
    assert "Oslo gave 10." in home
    assert "Bergen gave" not in home


@pytest.mark.nightly
@pytest.mark.parametrize("survey", [TEAM, ANONYMOUS], ids=["employees", "anonymous"])
async def test_no_change_tells_it_and_nothing_tells_it_afterwards(
    new_database_url: MoreUrls, tmp_path: Path, survey: dict[str, Any]
) -> None:
    """Erasing one of a block and one person, closing the survey, counting by something else …"""
    async with pair_of(new_database_url, tmp_path, survey, (ONE, OTHER)) as pair:
        seen = await Walk(pair, asked="plainly").change_all()
    assert told(seen) == set()
    assert failures(seen) == []
    assert sum(each.status < 300 for each in seen[:60]) > 40


@POSTGRES_NIGHTLY
async def test_where_answers_are_shown_one_by_one_all_routes_about_a_survey_open_and_many_tell(
    new_database_url: MoreUrls, tmp_path: Path
) -> None:
    """So the walk finds what it looks for, and what is refused elsewhere would have been there."""
    async with pair_of(new_database_url, tmp_path, OPEN, (ONE, OTHER)) as pair:
        seen = await Walk(pair, asked="plainly", only=ABOUT_A_SURVEY).all()
    walked = {each.route for each in seen}
    assert walked - opened_by(seen) == walked & NEVER_WITH_200.keys()
    telling: defaultdict[str, int] = defaultdict(int)
    for each in seen:
        telling[each.route] += bool(each.differs)
    silent = {route for route, count in telling.items() if not count}
    assert not silent & {
        *(f"/v1/surveys/{{key}}/{each}" for each in READ),
        *("/v1/surveys/{key}/responses/{response_id}", "/v1/journeys/{key}/scores"),
        *("/results/{survey}", "/results/{survey}/{file}", "/export/{survey}/responses.csv"),
        *(f"/sheets/{{survey}}/{each}" for each in ("responses.csv", "responses.json")),
        *("/odata/{survey}/{resource}", "/export-file/{token}", "/sheets/{survey}/scores.csv"),
        *(f"/console/{{workspace}}/results/{{survey}}{each}" for each in ("", "/{file}")),
    }  # fmt: skip


READ = (
    "responses", "scores", "scores.csv", "trends", "trends.csv", "comments", "comments.csv",
    "chart.svg", "heat-map", "leaderboard", "rates", "behaviour", "export.csv", "export.jsonl",
    "export.xlsx", "export.parquet", "export.sav",
)  # fmt: skip


def test_every_parameter_is_asked_or_said_to_narrow_nothing() -> None:
    known = set(itertools.chain.from_iterable(route.asks for route in readable()))
    assert known - ASKED.keys() - NARROWS_NOTHING == set()


def test_a_route_of_whose_address_nothing_is_known_fails_by_its_name() -> None:
    route = "/v1/surveys/{key}/echoes/{echo}"
    with pytest.raises(KeyError, match=re.escape(route)):
        filled(route, {"surveys": "team"})
