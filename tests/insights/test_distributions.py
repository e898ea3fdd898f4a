"""Distributions read from the counts, on both databases."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import msgspec
from insight_reading import read_distributions

from harken_server.database.database import Database
from harken_server.insights.rules.intervals import share_interval
from harken_server.responses.response import CountFilter
from harken_server.surveys.answers.typed_rows import AnswerRow
from harken_server.surveys.answers.validation import check_answers, compile_survey
from harken_server.surveys.questions.types import Question
from harken_server.surveys.survey import Survey
from harken_server.workspaces.workspace import Workspace

Store = Callable[..., Awaitable[None]]
LIKED = {
    "type": "multiple_choice",
    "key": "liked",
    "text": "?",
    "choices": [{"value": "price", "label": "Price"}, {"value": "taste", "label": "Taste"}],
    "none": {"value": "nothing", "label": "Nothing"},
    "other": "Something else",
}


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
        ("liked", "", 1),
        ("parts", "price", 1),
        ("parts", "taste", 0),
        ("order", "", 1),
    ]
    assert [choice.share for choice in found[0].choices] == [0, 100]
    assert [choice.share for choice in found[1].choices] == [100, 100]
    assert [choice.mean_place for choice in found[4].choices] == [2, 1]


async def test_multiple_choice_shares_are_of_the_people_of_the_version_asked_for(
    database: Database, workspace: Workspace, survey_id: UUID, store: Store
) -> None:
    survey = msgspec.convert({"key": "s", "title": "S", "questions": [LIKED]}, Survey)
    answers: list[tuple[int, dict[str, Any]]] = [
        (1, {"liked": ["price", "taste"]}),
        (1, {"liked": ["nothing"]}),
        (1, {"liked": []}),
        (2, {"liked": [{"other": "The music"}, "taste"]}),
        (2, {"liked": ["taste"]}),
        (2, {}),
    ]
    for version, given in answers:
        checked = check_answers(compile_survey(survey), given, {}, is_complete=True)
        assert checked.problems == ()
        await store(*checked.rows, version=version)

    [every], [first] = [
        await read_distributions(
            database, workspace.id, survey_id, survey.questions, CountFilter(version=version)
        )
        for version in (None, 1)
    ]

    assert every.n == 4
    assert [(choice.value, choice.n, choice.share) for choice in every.choices] == [
        ("price", 1, 25),
        ("taste", 3, 75),
        ("nothing", 1, 25),
        ("other", 1, 25),
    ]
    assert (first.n, [choice.share for choice in first.choices]) == (2, [50, 50, 50, 0])
    low, high = share_interval(3, 4)
    assert (every.choices[1].low, every.choices[1].high) == (100 * low, 100 * high)


async def test_no_choosing_questions_need_no_statement(
    database: Database, workspace: Workspace, survey_id: UUID, questions: tuple[Question, ...]
) -> None:
    found = await read_distributions(
        database, workspace.id, survey_id, questions[:2], CountFilter()
    )

    assert found == []
