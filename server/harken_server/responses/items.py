"""A stored response as one object: the shape that the API and the JSON lines share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from harken_server.database.lanes import Positions, encode_cursor, lane_of
from harken_server.kernel.numbers import plain_members
from harken_server.responses.codes import claimed_names
from harken_server.responses.known import decode_context
from harken_server.responses.response import Proof, ResponseState, Standing, StoredResponse
from harken_server.surveys.answers.typed_rows import AnswerValue, answers_from_rows
from harken_server.surveys.questions.types import Question


class ResponseItem(msgspec.Struct, kw_only=True):
    """One response with its answers in wire form."""

    id: UUID
    survey: str
    version: int
    state: ResponseState
    """`erased` responses are listed without content, so that copies can be removed."""
    complete: bool
    sequence: int
    submitted_at: datetime
    """When it arrived."""
    answered_at: datetime
    """When it was answered: earlier than it arrived when it waited on a device. Scores, periods and
    filters count it on this UTC day."""
    updated_at: datetime
    completed_at: datetime | None
    started_at: datetime | None
    channel: str
    touchpoint: str
    locale: str
    respondent: str | None
    respondent_verified: bool
    """Whether the name is proved, and not only claimed."""
    respondent_proof: Proof
    """What proves it; empty where it is only claimed or not there."""
    origin_proof: Proof
    """What proves where it comes from; empty where anybody could have sent it."""
    context: dict[str, str | int | float | bool | None]
    claimed_context: list[str]
    """Names in `context` that whoever answered, or their browser, says and nobody vouches for."""
    is_sample: bool
    standing: Standing
    """Only `counted` responses enter scores; the others are kept apart."""
    flags: list[str]
    """Why somebody should look at it; empty for nearly all."""
    probability: float | None
    """With which its person was asked, where that is known: weight scores by its inverse."""
    answers: dict[str, AnswerValue]
    hidden_answers: dict[str, AnswerValue]
    """Answers to questions that the survey's logic hides: kept, never scored."""
    cursor: str
    """Pulls that go on after this response."""


def response_item(
    stored: StoredResponse, survey: str, questions: Mapping[str, Question], seen: Positions
) -> ResponseItem:
    """`questions` are those of the version that the response is pinned to.

    `seen` are the positions behind which it was read; it is added to them. Numbers are made to be
    written with plain digits, whatever their size.
    """
    seen[lane_of(stored.position)] = stored.position
    context = decode_context(stored.context)
    answers, hidden = answers_from_rows(questions, stored.answers)
    return ResponseItem(
        id=stored.id,
        survey=survey,
        version=stored.version,
        state=stored.state,
        complete=stored.state == "complete",
        sequence=stored.sequence,
        submitted_at=stored.submitted_at,
        answered_at=stored.answered_at,
        updated_at=stored.updated_at,
        completed_at=stored.completed_at,
        started_at=stored.started_at,
        channel=stored.channel,
        touchpoint=stored.touchpoint,
        locale=stored.locale,
        respondent=stored.respondent,
        respondent_verified=bool(stored.proof),
        respondent_proof=stored.proof,
        origin_proof=stored.origin_proof,
        context=plain_members(context),
        claimed_context=claimed_names(stored.claimed, context),
        is_sample=stored.is_sample,
        standing=stored.standing,
        flags=list(stored.flags),
        **plain_members({"probability": stored.probability}),
        answers=plain_members(answers),
        hidden_answers=plain_members(hidden),
        cursor=encode_cursor(seen),
    )
