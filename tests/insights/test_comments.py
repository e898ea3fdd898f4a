"""Comments with their ratings, a page at a time, on both databases; and what can be filtered by."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest

from harken_server.database.database import Database
from harken_server.insights.read.comments import parse_cursor, read_comments
from harken_server.insights.store.counts import (
    FilterValues,
    has_sample_responses,
    read_filter_values,
)
from harken_server.responses.response import CountFilter
from harken_server.responses.store.changing import erase_response
from harken_server.surveys.answers.typed_rows import AnswerRow
from harken_server.surveys.questions.types import Question
from harken_server.workspaces.workspace import Workspace

Store = Callable[..., Awaitable[None]]
Questions = tuple[Question, ...]


async def test_comments_come_newest_first_with_rating_time_and_touchpoint(
    database: Database, workspace: Workspace, survey_id: UUID, questions: Questions, store: Store
) -> None:
    await store(recommend=3, why="Cold.", days_ago=2, touchpoint="till", channel="receipt")
    await store(why="Where is the decaf?", is_sample=True)

    page = await read_comments(database, workspace.id, survey_id, questions, CountFilter())

    newest, oldest = page.comments
    assert (newest.text, newest.rating, newest.is_sample) == ("Where is the decaf?", None, True)
    assert (oldest.text, oldest.rating, oldest.question) == ("Cold.", 3, "why")
    assert (oldest.touchpoint, oldest.channel) == ("till", "receipt")
    assert oldest.answered_at.isoformat() == "2026-11-19T12:00:00+00:00"
    assert page.older is None


async def test_hidden_erased_and_personal_texts_are_not_comments(
    database: Database, workspace: Workspace, survey_id: UUID, questions: Questions, store: Store
) -> None:
    erased = uuid4()
    await store(AnswerRow("why", text="hidden", is_hidden=True))
    await store(AnswerRow("mail", text="ada@example.com"))
    await store(AnswerRow("recommend", rating=1, is_hidden=True), why="kept")
    await store(why="erased", id=erased)
    await erase_response(database, workspace.id, survey_id, erased)

    page = await read_comments(database, workspace.id, survey_id, questions, CountFilter())

    assert [(comment.text, comment.rating) for comment in page.comments] == [("kept", None)]


async def test_pages_of_comments_join_without_loss_or_repeat(
    database: Database, workspace: Workspace, survey_id: UUID, questions: Questions, store: Store
) -> None:
    for index in range(5):
        await store(AnswerRow("wish", text=f"wish {index}"), why=f"why {index}", days_ago=4 - index)

    seen: list[str] = []
    cursor: str | None = None
    for _ in range(4):
        page = await read_comments(
            database, workspace.id, survey_id, questions, CountFilter(), before=cursor, limit=3
        )
        seen += [comment.text for comment in page.comments]
        cursor = page.older

    expected = [f"{kind} {index}" for index in (4, 3, 2, 1, 0) for kind in ("why", "wish")]
    assert seen == expected
    assert cursor is None


async def test_comments_follow_the_filter(
    database: Database, workspace: Workspace, survey_id: UUID, questions: Questions, store: Store
) -> None:
    await store(why="old", days_ago=30)
    await store(why="mail", channel="email")
    await store(why="two", version=2)
    selection = CountFilter(from_day=739_940, channel="email", version=1)

    page = await read_comments(database, workspace.id, survey_id, questions, selection)
    foreign = await read_comments(database, uuid4(), survey_id, questions, CountFilter())

    assert [comment.text for comment in page.comments] == ["mail"]
    assert foreign.comments == ()


@pytest.mark.parametrize("cursor", [None, "", "x", "12", "-why", "٣-why", "9" * 19 + "-why"])
def test_a_malformed_cursor_starts_from_the_newest(cursor: str | None) -> None:
    assert parse_cursor(cursor) is None


async def test_facets_name_what_occurs_among_the_answers(
    database: Database, workspace: Workspace, survey_id: UUID, store: Store
) -> None:
    await store(recommend=1, touchpoint="till", channel="receipt")
    await store(recommend=1, touchpoint="", channel="email", version=2)

    found = await read_filter_values(database, workspace.id, survey_id)

    assert found == FilterValues(("till",), ("email", "receipt"), (2, 1))


async def test_sample_responses_are_noticed(
    database: Database, workspace: Workspace, survey_id: UUID, store: Store
) -> None:
    await store(recommend=1)
    before = await has_sample_responses(database, workspace.id, survey_id)
    await store(recommend=1, is_sample=True)

    after = await has_sample_responses(database, workspace.id, survey_id)

    assert (before, after) == (False, True)
