"""The newest comments of a survey, each with its author's rating of the first metric question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.insights.rules.scores import scored_questions
from harken_server.insights.store.comments import Comment, CommentPlace, newest_comments
from harken_server.responses.response import CountFilter
from harken_server.surveys.questions.types import Question

PAGE_SIZE = 20
MAX_COMMENTS = 1_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CURSOR = re.compile("([0-9]{1,16})-([0-9a-f]{32})-([^-]*)")


class CommentPage(msgspec.Struct, frozen=True):
    """Some comments, newest first."""

    comments: tuple[Comment, ...]
    older: str | None
    """Cursor of the next page; None when this is the last."""


async def read_comments(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    questions: Sequence[Question],
    selection: CountFilter,
    *,
    before: str | None = None,
    limit: int = PAGE_SIZE,
) -> CommentPage:
    """Texts of all short and long text questions; a malformed cursor starts from the newest."""
    metrics = scored_questions(questions)
    comments, end = await newest_comments(
        db,
        workspace_id,
        survey_id,
        [question.key for question in questions if question.behaviour.is_comment],
        rated=metrics[0].key if metrics else None,
        selection=selection,
        before=parse_cursor(before),
        limit=min(limit, MAX_COMMENTS),
    )
    return CommentPage(tuple(comments), None if end is None else _cursor(end))


def parse_cursor(text: str | None) -> CommentPlace | None:
    """The place that a cursor names; None for none and for anything malformed."""
    found = _CURSOR.fullmatch(text or "")
    if found is None:
        return None
    return CommentPlace(_EPOCH + timedelta(microseconds=int(found[1])), UUID(found[2]), found[3])


def _cursor(place: CommentPlace) -> str:
    microseconds = (place.updated_at - _EPOCH) // timedelta(microseconds=1)
    return f"{microseconds}-{place.response_id.hex}-{place.question}"
