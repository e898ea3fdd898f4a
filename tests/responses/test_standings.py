"""Responses that do not count are kept apart, and can be taken in and out of the counts."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from harken_server.database.database import Database
from harken_server.insights.rules.counts import CountRow
from harken_server.insights.store.counts import read_counts
from harken_server.responses.response import CountFilter, NewResponse
from harken_server.responses.store.changing import add_flags, erase_response, set_standing
from harken_server.responses.store.read import Apart, count_apart
from harken_server.responses.store.recount import recount
from harken_server.responses.store.row import get_response
from harken_server.responses.store.writing import RESPONSES
from harken_server.surveys.answers.typed_rows import AnswerRow

MATRIX = [AnswerRow("parts", "taste", choice="good"), AnswerRow("parts", "price", choice="bad")]


async def counts_of(database: Database, new: NewResponse, **selected: Any) -> list[CountRow]:
    return await read_counts(
        database, new.survey.workspace_id, new.survey.id, CountFilter(**selected), questions=None,
        per_day=False,
    )  # fmt: skip


async def is_consistent(database: Database, new: NewResponse) -> bool:
    return await recount(database, new.survey.workspace_id, new.survey.id) == []


@pytest.mark.parametrize("standing", ["provisional", "quarantined", "unverified", "excluded"])
async def test_what_does_not_count_is_counted_apart(database, make_response, standing):
    answers = [AnswerRow("recommend", rating=2), *MATRIX]
    apart = [make_response(standing=standing, answers=answers) for _ in range(3)]
    good = make_response(answers=[AnswerRow("recommend", rating=9)])
    await asyncio.gather(*(database.store(RESPONSES, new) for new in [*apart, good]))

    assert await counts_of(database, good) == [CountRow("recommend", "", "9", 1)]
    assert await counts_of(database, good, standing=standing) == [
        CountRow("parts", "", "", 3),
        CountRow("parts", "price", "bad", 3),
        CountRow("parts", "taste", "good", 3),
        CountRow("recommend", "", "2", 3),
    ]
    place = (good.survey.workspace_id, good.survey.id)
    assert (await count_apart(database, *place, CountFilter())).standings == {standing: 3}
    assert await count_apart(database, *place, CountFilter(channel="kiosk")) == Apart()
    assert await is_consistent(database, good)


async def test_a_response_moves_into_the_counts_and_out_again(database, make_response):
    new = make_response(standing="provisional", answers=[AnswerRow("recommend", rating=7), *MATRIX])
    await database.store(RESPONSES, new)
    place = (new.survey.workspace_id, new.survey.id, new.id)
    counted = [
        CountRow("parts", "", "", 1),
        CountRow("parts", "price", "bad", 1),
        CountRow("parts", "taste", "good", 1),
        CountRow("recommend", "", "7", 1),
    ]
    for standing, expected in (("counted", counted), ("counted", counted), ("excluded", [])):
        before = await get_response(database, *place)
        assert await set_standing(database, *place, standing)
        stored = await get_response(database, *place)
        assert stored.standing == standing
        assert (stored.position != before.position) == (before.standing != standing)
        assert await counts_of(database, new) == expected
        assert await is_consistent(database, new)


async def test_a_later_page_keeps_the_standing_that_was_given(database, make_response):
    new = make_response(standing="provisional", is_complete=False)
    await database.store(RESPONSES, new)
    later = make_response(id=new.id, sequence=2, replaces=1, standing="counted")

    await database.store(RESPONSES, later)

    stored = await get_response(database, new.survey.workspace_id, new.survey.id, new.id)
    assert (stored.standing, stored.state) == ("provisional", "complete")
    assert await counts_of(database, new) == []
    await set_standing(database, new.survey.workspace_id, new.survey.id, new.id, "counted")
    again = make_response(standing="provisional", is_complete=False)
    await asyncio.gather(
        database.store(RESPONSES, again),
        database.store(RESPONSES, make_response(id=again.id, sequence=2, replaces=1)),
    )
    assert await is_consistent(database, new)


async def test_erasing_what_does_not_count_leaves_the_counts(database, make_response):
    kept = make_response()
    gone = make_response(standing="quarantined")
    await asyncio.gather(*(database.store(RESPONSES, new) for new in [kept, gone]))
    before = await counts_of(database, kept)

    place = (gone.survey.workspace_id, gone.survey.id)
    assert await erase_response(database, *place, gone.id)
    assert await set_standing(database, *place, gone.id, "counted")

    assert await counts_of(database, kept) == before
    assert await is_consistent(database, kept)
    assert await count_apart(database, *place, CountFilter()) == Apart()


async def test_flags_add_up_and_change_no_count(database, make_response):
    new = make_response()
    await database.store(RESPONSES, new)
    place = (new.survey.workspace_id, new.survey.id, new.id)

    await add_flags(database, *place, ["velocity"])
    first = await get_response(database, *place)
    await add_flags(database, *place, ["same_device", "velocity"])
    second = await get_response(database, *place)
    await add_flags(database, *place, ["velocity"])
    third = await get_response(database, *place)

    assert (first.flags, second.flags) == (("velocity",), ("same_device", "velocity"))
    assert first.position < second.position == third.position
    assert await is_consistent(database, new)


async def test_nobody_sets_the_standing_of_another_workspace(database, make_response):
    new = make_response()
    await database.store(RESPONSES, new)
    other = make_response().id

    for place in ((other, new.survey.id), (new.survey.workspace_id, other)):
        assert not await set_standing(database, *place, new.id, "excluded")
        await add_flags(database, *place, new.id, ["velocity"])

    stored = await get_response(database, new.survey.workspace_id, new.survey.id, new.id)
    assert (stored.standing, stored.flags) == ("counted", ())
