"""A survey with every counted type of question, and a way to store answers to it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID, uuid4

import msgspec
import pytest
from survey_records import add_survey

from harken_server.database.database import Database
from harken_server.responses.response import NewResponse
from harken_server.responses.store.writing import RESPONSES
from harken_server.surveys.answers.typed_rows import AnswerRow
from harken_server.surveys.published import SurveyRecord
from harken_server.surveys.questions.types import Question
from harken_server.surveys.survey import Survey
from harken_server.workspaces.workspace import Workspace

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
CHOICES = [{"value": "price", "label": "Price"}, {"value": "taste", "label": "Taste"}]
QUESTIONS = [
    {"type": "nps", "key": "recommend", "text": "?"},
    {"type": "csat", "key": "service", "text": "?"},
    {"type": "single_choice", "key": "reason", "text": "?", "choices": CHOICES},
    {"type": "multiple_choice", "key": "liked", "text": "?", "choices": CHOICES},
    {"type": "matrix", "key": "parts", "text": "?", "rows": CHOICES, "columns": CHOICES},
    {"type": "ranking", "key": "order", "text": "?", "choices": CHOICES},
    {"type": "long_text", "key": "why", "text": "?"},
    {"type": "short_text", "key": "wish", "text": "?"},
    {"type": "email", "key": "mail", "text": "?"},
]
Store: TypeAlias = Callable[..., Awaitable[None]]


@pytest.fixture
def questions() -> tuple[Question, ...]:
    return msgspec.convert({"key": "s", "title": "S", "questions": QUESTIONS}, Survey).questions


@pytest.fixture
async def kept(database: Database, workspace: Workspace) -> SurveyRecord:
    return await add_survey(database, workspace.id)


@pytest.fixture
def survey_id(kept: SurveyRecord) -> UUID:
    return kept.id


@pytest.fixture
def store(database: Database, kept: SurveyRecord) -> Store:
    """Store one response; ratings by keyword, further rows and fields of the response given."""

    async def store_one(
        *rows: AnswerRow,
        days_ago: int = 0,
        recommend: int | None = None,
        service: int | None = None,
        why: str | None = None,
        **fields: Any,
    ) -> None:
        answers = [*rows]
        if recommend is not None:
            answers.append(AnswerRow("recommend", rating=recommend))
        if service is not None:
            answers.append(AnswerRow("service", rating=service))
        if why is not None:
            answers.append(AnswerRow("why", text=why))
        given: dict[str, Any] = {
            "id": uuid4(),
            "survey": kept,
            "version": 1,
            "sequence": 1,
            "is_complete": True,
            "digest": b"d" * 16,
            "received_at": NOON - timedelta(days=days_ago),
            "answers": answers,
            "context": json.dumps({}),
        }
        outcome = await database.store(RESPONSES, NewResponse(**{**given, **fields}))
        assert outcome.kind == "stored"

    return store_one
