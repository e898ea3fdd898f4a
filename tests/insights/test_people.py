"""Responses and the people who gave them are told apart, as long as there are not too many."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias
from uuid import UUID

import pytest

from harken_server.database.database import Database
from harken_server.insights.store.people_sql import People, count_people
from harken_server.responses.response import CountFilter
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
