"""Responses as JSON lines: one object a response, with every answer in wire form."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.database.lanes import Positions
from harken_server.exports.store.lines import stream_responses
from harken_server.responses.items import response_item
from harken_server.responses.response import CountFilter, StoredResponse
from harken_server.responses.store.selection import Selection, chosen_by
from harken_server.surveys.published import SurveyRecord
from harken_server.surveys.questions.types import Question
from harken_server.surveys.survey import Survey


async def stream_jsonl(
    db: Database,
    workspace_id: UUID,
    survey: SurveyRecord,
    versions: Sequence[tuple[int, Survey]],
    selection: CountFilter | Selection,
) -> AsyncGenerator[bytes]:
    """Chunks of lines in feed order, from one snapshot; the first comes after a first read."""
    questions = {
        number: {question.key: question for question in definition.questions}
        for number, definition in versions
    }
    chosen = chosen_by(workspace_id, survey.id, selection)
    seen: Positions = {}
    async with aclosing(stream_responses(db, chosen)) as lists:
        async for responses in lists:
            yield _lines(responses, survey.key, questions, seen)


def _lines(
    responses: list[StoredResponse],
    survey: str,
    questions: Mapping[int, Mapping[str, Question]],
    seen: Positions,
) -> bytes:
    latest = questions[max(questions)]
    return msgspec.json.Encoder().encode_lines(
        [
            response_item(stored, survey, questions.get(stored.version, latest), seen)
            for stored in responses
        ]
    )
