"""What is counted by looking through the responses is what was counted as they came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from random import Random
from uuid import UUID

import pytest

from harken_server.database.database import Database
from harken_server.insights.store import scanned
from harken_server.insights.store.counts import read_counts
from harken_server.insights.store.groups_sql import read_groups
from harken_server.responses.response import CountFilter
from harken_server.surveys.answers.typed_rows import AnswerRow
from harken_server.workspaces.workspace import Workspace

Store = Callable[..., Awaitable[None]]
RATED = ["recommend", "service"]
EVERY = CountFilter()


def some_answers(random: Random) -> list[AnswerRow]:
    hidden = random.random() < 0.3
    given = [
        AnswerRow("recommend", rating=random.randint(0, 10), is_hidden=hidden),
        AnswerRow("service", rating=random.randint(1, 5)),
        AnswerRow("reason", choice=random.choice(["price", "taste"]), is_hidden=hidden),
        AnswerRow("liked", "price", choice="price"),
        AnswerRow("liked", "taste", choice="taste"),
        AnswerRow("parts", "price", choice="taste", is_hidden=hidden),
        AnswerRow("order", "taste", choice="taste", rating=1),
        AnswerRow("order", "price", choice="price", rating=2),
        AnswerRow("why", text="Slow."),
    ]
    return random.sample(given, k=random.randint(1, len(given)))


@pytest.fixture
async def answered(store: Store) -> None:
    random = Random(13)
    for _ in range(40):
        fields = {"days_ago": random.randint(0, 3), "version": random.randint(1, 2)}
        await store(*some_answers(random), touchpoint=random.choice(["", "till"]), **fields)


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize("per_day", [True, False])
async def test_counts_and_responses_say_the_same(
    database: Database, workspace: Workspace, survey_id: UUID, per_day: bool
) -> None:
    place = (database, workspace.id, survey_id, EVERY)
    for questions, rated in ((None, False), (["order", "recommend"], False), (RATED, True)):
        counted = await read_counts(
            *place, questions=questions, per_day=per_day, per_version=not per_day
        )
        looked = await scanned.count_now(
            *place, questions, per_day=per_day, per_version=not per_day, rated=rated
        )
        assert looked == counted
        assert looked


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize("by", ["touchpoint", "version"])
async def test_groups_of_counts_and_of_responses_are_the_same(
    database: Database, workspace: Workspace, survey_id: UUID, by: str
) -> None:
    place = (database, workspace.id, survey_id, EVERY)
    counted = await read_groups(*place, questions=RATED, by=by)

    assert len(counted) == 2
    for rated in (True, False):
        assert await scanned.groups_now(*place, questions=RATED, by=by, rated=rated) == counted


async def test_people_are_told_by_all_that_they_rated(
    database: Database, workspace: Workspace, survey_id: UUID, store: Store
) -> None:
    for rating, who in ((3, "kim"), (9, "kim"), (3, "kim"), (9, None), (9, None), (4, "lee")):
        await store(recommend=rating, respondent=who)

    found = await scanned.people_by_ratings(database, workspace.id, survey_id, EVERY, ["recommend"])

    assert found == {"recommend": Counter({((3, 2), (9, 1)): 1, ((9, 1),): 2, ((4, 1),): 1})}
