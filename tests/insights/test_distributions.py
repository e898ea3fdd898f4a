"""Distributions read from the counts, on both databases."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from harken_server.core.answers import AnswerRow
from harken_server.core.questions import Question
from harken_server.core.records import CountFilter, Workspace
from harken_server.insights.distributions import read_distributions
from harken_server.storage.database import Database

Store = Callable[..., Awaitable[None]]


async def test_every_choosing_question_has_its_distribution(
    database: Database,
    workspace: Workspace,
    survey_id: UUID,
    questions: tuple[Question, ...],
    store: Store,
) -> None:
    await store(
        AnswerRow("reason", choice="taste"),
        AnswerRow("liked", "price", choice="price"),
        AnswerRow("liked", "taste", choice="taste"),
        AnswerRow("parts", "price", choice="taste"),
        AnswerRow("order", "taste", choice="taste", rating=1),
        AnswerRow("order", "price", choice="price", rating=2),
    )

    found = await read_distributions(database, workspace.id, survey_id, questions, CountFilter())

    assert [(part.question, part.row, part.n) for part in found] == [
        ("reason", "", 1),
        ("liked", "", 2),
        ("parts", "price", 1),
        ("parts", "taste", 0),
        ("order", "", 1),
    ]
    assert [choice.share for choice in found[0].choices] == [0, 100]
    assert [choice.mean_place for choice in found[4].choices] == [2, 1]


async def test_no_choosing_questions_need_no_statement(
    database: Database, workspace: Workspace, survey_id: UUID, questions: tuple[Question, ...]
) -> None:
    found = await read_distributions(
        database, workspace.id, survey_id, questions[:2], CountFilter()
    )

    assert found == []
