"""Responses and the people who gave them are told apart, as long as there are not too many."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias
from uuid import UUID

import pytest
from api_client import Api

from harken_server.database.database import Database
from harken_server.insights.store.people_sql import (
    MOST_RESPONSES,
    TOO_MANY,
    People,
    count_people,
)
from harken_server.responses.response import CountFilter
from harken_server.responses.tables import Response
from harken_server.workspaces.workspace import Workspace

Store: TypeAlias = Callable[..., Awaitable[None]]


@pytest.mark.parametrize(
    ("most", "found"), [(4, People(responses=4, named=3, people=2)), (3, None)]
)
async def test_people_are_told_apart_up_to_so_many_responses(
    database: Database,
    workspace: Workspace,
    survey_id: UUID,
    store: Store,
    most: int,
    found: People | None,
) -> None:
    for respondent in ("kim", "kim", "ada", None):
        await store(recommend=9, respondent=respondent)
    await store(recommend=9, respondent="eve", standing="excluded")

    assert await count_people(database, workspace.id, survey_id, CountFilter(), most=most) == found


async def test_where_there_are_too_many_the_api_says_that_people_are_left_out(live: Api) -> None:
    await live.submit({"recommend": 9}, respondent="kim")
    few = (await live.http.get("/v1/surveys/post_purchase/scores")).json()
    await multiply(live, MOST_RESPONSES)

    many = (await live.http.get("/v1/surveys/post_purchase/scores")).json()

    assert few["people"] == {"responses": 1, "named": 1, "people": 1}
    assert "people_note" not in few
    assert (many["people"], many["people_note"]) == (None, TOO_MANY)
    assert "20,000" in many["people_note"]


async def multiply(live: Api, times: int) -> None:
    """So many copies of the one response, each with an id of its own."""
    db = live.runtime.db
    is_sqlite = db.dialect == "sqlite"
    numbers = (
        "(WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < $1)"
        " SELECT n FROM t)"
        if is_sqlite
        else "generate_series(1, $1::bigint)"
    )
    names = [column._meta.name for column in Response._meta.columns]
    new_id = "randomblob(16)" if is_sqlite else "gen_random_uuid()"
    values = {"number": "number + c.n", "position": "position + c.n", "id": new_id}
    selected = ", ".join(values.get(name, name) for name in names)
    await db.execute(
        f"INSERT INTO response ({', '.join(names)})"
        f" SELECT {selected} FROM response CROSS JOIN {numbers} AS c {'' if is_sqlite else '(n)'}",
        times,
    )
