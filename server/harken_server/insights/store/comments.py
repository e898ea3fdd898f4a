"""The newest texts that people wrote, with their rating beside them, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Row
from harken_server.database.values import StoredId, StoredTime, to_bool, to_time, to_uuid
from harken_server.intake.rules import LINK
from harken_server.responses.codes import claimed_names
from harken_server.responses.response import CountFilter
from harken_server.responses.store.row import decode_answers
from harken_server.responses.store.selection import Selection, select_responses


class Comment(msgspec.Struct, kw_only=True, frozen=True):
    """One visible text answer, with the rating that its author gave."""

    question: str
    text: str
    answered_at: datetime
    rating: int | None = None
    """Rating of the survey's first metric question by the same respondent."""
    touchpoint: str = ""
    channel: str = ""
    is_sample: bool = False
    response_id: UUID | None = None
    source: str = ""
    """What kind of source it was taken in from, such as `review`; empty: somebody was asked."""
    link: str = ""
    """Where it stands."""


_read_context = msgspec.json.Decoder(dict[str, str | int | float | bool | None]).decode


class CommentPlace(NamedTuple):
    """Where a page of comments ended; the next page starts behind it."""

    updated_at: datetime
    number: int
    """Of the response."""
    question: str


async def newest_comments(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    questions: Sequence[str],
    *,
    rated: str | None,
    selection: CountFilter,
    before: CommentPlace | None,
    limit: int,
    wanted: Callable[[Comment], bool] | None = None,
) -> tuple[list[Comment], CommentPlace | None]:
    """Visible texts given to `questions`, latest changed responses first, and where to go on.

    `rated` is the question whose rating stands beside each text. The second value is None when
    this page is the last. Reads along an index of responses with texts; where only some are
    `wanted`, no more than `LOOKED_THROUGH` of them, so that such a page may be short.
    """
    if not questions:
        return [], None
    chosen = select_responses(workspace_id, survey_id, selection)
    found: list[tuple[CommentPlace, Comment]] = []
    place, looked, size = before, 0, limit + 1 if wanted is None else SEARCHED_AT_ONCE
    while len(found) <= limit:
        rows = await _read_chunk(db, chosen, place, size)
        place = place if not rows else _end_of(rows[-1])
        found += [
            (_end_of(row)._replace(question=comment.question), comment)
            for row in rows
            for comment in _with_source(row, comments_of(row, questions, rated))
            if not _is_behind(_end_of(row), comment.question, before)
            and (wanted is None or wanted(comment))
        ]
        looked += len(rows)
        if len(rows) < size:
            break
        if wanted is not None and looked >= LOOKED_THROUGH and len(found) <= limit:
            return [comment for _, comment in found], place
    end = found[limit - 1][0] if len(found) > limit else None
    return [comment for _, comment in found[:limit]], end


def comments_of(row: Row, questions: Sequence[str], rated: str | None) -> list[Comment]:
    """Those of a response: answered, touchpoint, channel, is_sample, answers from column 2 on."""
    answers = [answer for answer in decode_answers(row[6]) if not answer.is_hidden]
    ratings = {answer.question: answer.rating for answer in answers if not answer.part}
    return [
        Comment(
            question=answer.question,
            text=answer.text,
            answered_at=_time(row[2]),
            rating=ratings.get(rated or ""),
            touchpoint=row[3],
            channel=row[4],
            is_sample=to_bool(row[5]),
            response_id=_id(row[1]),
        )
        for answer in answers
        if answer.text is not None and answer.question in questions
    ]


def _with_source(row: Row, comments: list[Comment]) -> list[Comment]:
    told = _told_of(row[8], row[9])
    return [msgspec.structs.replace(each, **told) for each in comments] if told else comments


def _told_of(context: str, claimed: str) -> dict[str, str]:
    """Source and link, as far as whoever holds a key says so: anybody may claim a context."""
    if '"source"' not in context:
        return {}
    told = _read_context(context)
    claims = claimed_names(claimed, told)
    said = {name: told.get(name) for name in ("source", "link") if name not in claims}
    source, link = said.get("source"), said.get("link")
    if not isinstance(source, str):
        return {}
    return {"source": source, "link": link if isinstance(link, str) and LINK.match(link) else ""}


LOOKED_THROUGH = 20_000
"""Responses with texts: about a second."""
SEARCHED_AT_ONCE = 100
_LAST = "~"
"""Behind every question key."""


async def _read_chunk(
    db: Database, chosen: Selection, place: CommentPlace | None, count: int
) -> list[Row]:
    """Responses with texts; the one where the last page ended is among them again."""
    params: list[Any] = [*chosen.params]
    behind = ""
    if place is not None:
        # The row's own column first: the index is entered there.
        at, number = len(params) + 1, len(params) + 2
        is_more = "<" if place.question == _LAST else "<="
        # Of the same moment the one stored later comes first.
        behind = (
            f" AND r.updated_at <= ${at} AND (r.updated_at < ${at} OR r.number {is_more} ${number})"
        )
        params += place[:2]
    return await db.fetch(
        "SELECT r.updated_at, r.id, COALESCE(r.answered_at, r.submitted_at), r.touchpoint,"  # noqa: S608  # only parameter marks are put in
        f" r.channel, r.is_sample, r.answers, r.number, r.context, r.claimed FROM response r"
        f" WHERE {chosen.condition} AND r.has_text{behind}"
        f" ORDER BY r.updated_at DESC, r.number DESC LIMIT {count:d}",
        *params,
    )


def _end_of(row: Row) -> CommentPlace:
    """Behind all texts of a response."""
    return CommentPlace(_time(row[0]), row[7], _LAST)


def _is_behind(place: CommentPlace, question: str, before: CommentPlace | None) -> bool:
    """Whether an earlier page had this text: of one response they come by question."""
    return before is not None and place[:2] == before[:2] and question <= before.question


def _time(value: StoredTime) -> datetime:
    return to_time(value)


def _id(value: StoredId) -> UUID:
    return to_uuid(value)
