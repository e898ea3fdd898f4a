"""The newest comments of a survey, each with its author's rating of the first metric question."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.insights.rules.groups import TONES, Groups, Tone, rating_groups
from harken_server.insights.rules.scores import scored_questions
from harken_server.insights.store.comments import Comment, CommentPlace, newest_comments
from harken_server.responses.response import CountFilter
from harken_server.surveys.questions.types import Question

PAGE_SIZE = 20
MAX_COMMENTS = 1_000
STREAMED_AT_ONCE = 200
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CURSOR = re.compile("([0-9]{1,16})-([0-9]{1,18})-([^-]*)")


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
    wanted: Callable[[Comment], bool] | None = None,
) -> CommentPage:
    """Texts of all short and long text questions; a malformed cursor starts from the newest.

    A page of only some that are `wanted` may be short, or empty, and yet have older ones.
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
        wanted=wanted,
    )
    return CommentPage(tuple(comments), None if end is None else _cursor(end))


async def stream_comments(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    questions: Sequence[Question],
    selection: CountFilter,
    *,
    wanted: Callable[[Comment], bool] | None = None,
) -> AsyncGenerator[tuple[Comment, ...]]:
    """All of them, a page at a time."""
    place = (db, workspace_id, survey_id, questions, selection)
    before: str | None = None
    while True:
        page = await read_comments(*place, before=before, limit=STREAMED_AT_ONCE, wanted=wanted)
        yield page.comments
        if page.older is None:
            return
        before = page.older


def which_comments(
    questions: Sequence[Question],
    *,
    words: str | None = None,
    band: str | None = None,
    tones: Collection[Tone] = (),
    question: str | None = None,
) -> Callable[[Comment], bool] | None:
    """Which comments a search wants; None: every one.

    `words` must all be in the text, in any case. `band` is a group of ratings of the first metric
    question, such as detractors, `tones` what news these are, and `question` the key of the one
    that they answer. Raises ValueError, which says what there is.
    """
    spans = _bands(questions)
    if band is not None and band not in spans:
        raise ValueError(f"band is {band!r}; it must be one of {', '.join(spans) or 'none'}.")
    asked = [each.key for each in questions if each.behaviour.is_comment]
    if question is not None and question not in asked:
        raise ValueError(
            f"question is {question!r}; comments are answers to {', '.join(asked) or 'none'}."
        )
    searched = (words or "").casefold().split()
    if not searched and band is None and question is None and not tones:
        return None

    told = [rating for name, span in spans.items() if TONES[name] in tones for rating in span]

    def is_wanted(comment: Comment) -> bool:
        text = comment.text.casefold()
        return (
            (band is None or comment.rating in spans[band])
            and (not tones or comment.rating in told)
            and question in {None, comment.question}
            and all(word in text for word in searched)
        )

    return is_wanted


def _bands(questions: Sequence[Question]) -> Groups:
    metrics = scored_questions(questions)
    return rating_groups(metrics[0]) if metrics else {}


def parse_cursor(text: str | None) -> CommentPlace | None:
    """The place that a cursor names; None for none and for anything malformed."""
    found = _CURSOR.fullmatch(text or "")
    if found is None:
        return None
    return CommentPlace(_EPOCH + timedelta(microseconds=int(found[1])), int(found[2]), found[3])


def _cursor(place: CommentPlace) -> str:
    microseconds = (place.updated_at - _EPOCH) // timedelta(microseconds=1)
    return f"{microseconds}-{place.number}-{place.question}"
