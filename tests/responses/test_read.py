"""Reading responses and counts, with every filter, on both engines."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from harken_server.database.lanes import first_position, lane_of
from harken_server.insights.rules.counts import CountRow
from harken_server.insights.store.counts import read_counts
from harken_server.responses.response import CountFilter
from harken_server.responses.store.read import list_responses
from harken_server.responses.store.row import get_response
from harken_server.responses.store.writing import RESPONSES

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
DAY = NOON.toordinal()


async def test_another_workspace_or_survey_sees_nothing(database, make_response):
    new = make_response()
    await database.store(RESPONSES, new)
    other = uuid4()

    for place in ((other, new.survey.id), (new.survey.workspace_id, other)):
        assert await get_response(database, *place, new.id) is None
        assert await list_responses(database, *place, after={}, limit=10) == []
        counts = await read_counts(database, *place, CountFilter(), questions=None, per_day=False)
        assert counts == []


async def test_pages_follow_each_other_by_position_without_gaps(database, make_response):
    news = [make_response() for _ in range(25)]
    await asyncio.gather(*(database.store(RESPONSES, new) for new in news))
    place = (news[0].survey.workspace_id, news[0].survey.id)
    found, after = [], {}

    while page := await list_responses(database, *place, after=after, limit=10):
        found += page
        after = {lane_of(page[-1].position): page[-1].position}

    places = [response.position - first_position(lane_of(response.position)) for response in found]
    assert places == list(range(1, 26))
    assert {response.id for response in found} == {new.id for new in news}
    assert all(sorted(response.answers) == sorted(news[0].answers) for response in found)


async def test_a_changed_response_comes_again_at_the_end(database, make_response):
    first = make_response(is_complete=False)
    await database.store(RESPONSES, first)
    await database.store(RESPONSES, make_response())
    await database.store(RESPONSES, make_response(id=first.id, sequence=2, replaces=1))

    found = await list_responses(
        database, first.survey.workspace_id, first.survey.id, after={}, limit=10
    )

    assert found[0].position + 1 == found[1].position
    assert found[1].id == first.id


async def test_a_response_without_answers_is_listed(database, make_response):
    new = make_response(answers=[])
    await database.store(RESPONSES, new)

    found = await list_responses(
        database, new.survey.workspace_id, new.survey.id, after={}, limit=10
    )

    assert [response.answers for response in found] == [[]]


FILTERS = [
    (CountFilter(), 4),
    (CountFilter(from_day=DAY + 1), 2),
    (CountFilter(to_day=DAY), 2),
    (CountFilter(from_day=DAY + 1, to_day=DAY + 1), 1),
    (CountFilter(touchpoint="till"), 1),
    (CountFilter(touchpoint=""), 3),
    (CountFilter(channel="email"), 1),
    (CountFilter(version=2), 1),
    (CountFilter(version=2, channel="email"), 0),
]


@pytest.fixture
async def four(database, make_response):
    news = [
        make_response(received_at=NOON, touchpoint="till"),
        make_response(received_at=NOON, channel="email"),
        make_response(received_at=NOON + timedelta(days=1), version=2),
        make_response(received_at=NOON + timedelta(days=2)),
    ]
    for new in news:
        await database.store(RESPONSES, new)
    return news


@pytest.mark.parametrize(("selection", "n"), FILTERS)
async def test_counts_follow_the_filter(database, four, selection, n):
    place = (four[0].survey.workspace_id, four[0].survey.id)

    counts = await read_counts(database, *place, selection, questions=["recommend"], per_day=False)

    assert sum(row.n for row in counts) == n
    assert [type(row.n) for row in counts] == [int] * len(counts)


async def test_counts_per_day_name_the_day(database, four):
    place = (four[0].survey.workspace_id, four[0].survey.id)

    counts = await read_counts(
        database, *place, CountFilter(), questions=["recommend", "nothing"], per_day=True
    )

    assert counts == [
        CountRow("recommend", "", "9", 2, DAY),
        CountRow("recommend", "", "9", 1, DAY + 1),
        CountRow("recommend", "", "9", 1, DAY + 2),
    ]


async def test_no_questions_means_no_counts(database, four):
    place = (four[0].survey.workspace_id, four[0].survey.id)

    assert await read_counts(database, *place, CountFilter(), questions=[], per_day=False) == []
