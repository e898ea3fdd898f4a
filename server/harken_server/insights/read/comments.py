"""The newest comments of a survey, each with its author's rating of the first metric question."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.insights.rules.groups import Tone, rating_tone
from harken_server.insights.rules.scores import scored_questions
from harken_server.insights.store.comments import Comment, CommentPlace, newest_comments
from harken_server.responses.response import CountFilter
from harken_server.surveys.questions.types import Question, RatingQuestion

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
    words: str = "",
    tones: Collection[Tone] = (),
) -> CommentPage:
    """Texts of all short and long text questions; a malformed cursor starts from the newest.

    Those that hold the `words`, however they are written, by people whose rating has one of the
    `tones`; without either, all.
    """
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
        fits=_fitting(metrics[0] if metrics else None, words.casefold(), tones),
    )
    return CommentPage(tuple(comments), None if end is None else _cursor(end))


def _fitting(
    rated: RatingQuestion | None, words: str, tones: Collection[Tone]
) -> Callable[[Comment], bool] | None:
    if not words and not tones:
        return None

    def fits(comment: Comment) -> bool:
        if tones and (
            rated is None
            or comment.rating is None
            or rating_tone(rated, comment.rating) not in tones
        ):
            return False
        return words in comment.text.casefold()

    return fits


def parse_cursor(text: str | None) -> CommentPlace | None:
    """The place that a cursor names; None for none and for anything malformed."""
    found = _CURSOR.fullmatch(text or "")
    if found is None:
        return None
    return CommentPlace(_EPOCH + timedelta(microseconds=int(found[1])), UUID(found[2]), found[3])


def _cursor(place: CommentPlace) -> str:
    microseconds = (place.updated_at - _EPOCH) // timedelta(microseconds=1)
    return f"{microseconds}-{place.response_id.hex}-{place.question}"
