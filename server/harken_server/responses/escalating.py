"""Poor answers of one person, and the escalation that follows from them as soon as one is stored.

Looked at whenever an answer of a proved respondent is stored, set aside or erased, before it is
acknowledged: enough poor ones open an escalation, and one that nobody has closed yet is withdrawn
when there are no longer enough, because the answer was corrected, set aside or erased.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from itertools import groupby
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Executor, Transaction
from harken_server.database.outbox import OutboxItem, finish_promised
from harken_server.kernel.ids import RANDOM_BYTES, uuid7
from harken_server.responses.asked import Asked
from harken_server.responses.store import escalations
from harken_server.responses.store.persons_sql import Rated, list_ratings
from harken_server.responses.store.reviews import decode_promise
from harken_server.responses.store.row import get_response
from harken_server.responses.submission import Submission
from harken_server.surveys.definition import read_published
from harken_server.surveys.questions.poor import is_poor_response, leading_rating
from harken_server.surveys.store.surveys import get_version
from harken_server.surveys.store.touchpoints import get_workspace_asking
from harken_server.surveys.survey import Survey


class PoorAnswer(msgspec.Struct, frozen=True):
    """A response whose leading rating is poor."""

    given: Rated
    """The rating."""
    survey: str


async def list_poor(
    reader: Executor, workspace_id: UUID, respondent: str, since: datetime
) -> list[PoorAnswer]:
    """The poor responses of a proved respondent since a time, the newest first."""
    asked: dict[tuple[UUID, int], Survey | None] = {}
    poor: list[PoorAnswer] = []
    ratings = await list_ratings(reader, workspace_id, respondent, since)
    for _, group in groupby(ratings, key=lambda one: one.number):
        given = list(group)
        key = given[0].survey_id, given[0].version
        if key not in asked:
            version = await get_version(reader, workspace_id, *key)
            asked[key] = read_published(version.definition) if version else None
        survey = asked[key]
        if survey is None:
            continue
        rating = leading_rating(survey.questions, {one.question: one.rating for one in given})
        if rating is not None and rating.is_poor:
            leading = next(one for one in given if one.question == rating.question)
            poor.append(PoorAnswer(leading, survey.key))
    return poor


async def review_response(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    response_id: UUID,
    now: datetime,
    *,
    promise: UUID | None = None,
) -> None:
    """Review the answers of a response's respondent, if the name is proved, and keep the promise to
    do so."""
    stored = await get_response(db, workspace_id, survey_id, response_id)
    if stored is not None and stored.proof and stored.respondent is not None:
        await review_answers(db, workspace_id, stored.respondent, now, promise=promise)


async def review_promised(db: Database, item: OutboxItem, now: datetime) -> None:
    """What whoever stored a poor answer did not come to. Raises StorageError: try again."""
    promised = decode_promise(item.payload)
    owner = item.workspace_id, promised.survey_id
    await review_response(db, *owner, promised.response_id, now)


async def review_answers(
    db: Database,
    workspace_id: UUID,
    respondent: str,
    now: datetime,
    *,
    promise: UUID | None = None,
) -> None:
    """Open the escalation of a person, bring it up to date, or take it back: safe to repeat."""
    async with db.transaction() as tx:
        await review_within(tx, workspace_id, respondent, now)
        if promise is not None:
            await finish_promised(tx, workspace_id, promise, now)


async def review_within(
    tx: Transaction, workspace_id: UUID, respondent: str, now: datetime
) -> None:
    """The same in a transaction that somebody else ends."""
    escalation = (await get_workspace_asking(tx, workspace_id)).escalation
    if escalation is None:
        return
    since = now - timedelta(days=escalation.within_days)
    closed_at = await escalations.last_closed_at(tx, workspace_id, respondent)
    since = since if closed_at is None else max(since, closed_at)
    poor = await list_poor(tx, workspace_id, respondent, since)
    if len(poor) < escalation.poor_answers:
        await escalations.take_back(tx, workspace_id, respondent)
        return
    detail = _detail(poor, escalation.within_days)
    newest = poor[0].given.response_id
    new_id = uuid7(now, sha256(newest.bytes + workspace_id.bytes).digest()[:RANDOM_BYTES])
    if not await escalations.open_escalation(
        tx, workspace_id, respondent, detail, now=now, new_id=new_id
    ):
        await escalations.describe_open(tx, workspace_id, respondent, detail)


def _detail(poor: list[PoorAnswer], within_days: float) -> escalations.EscalationDetail:
    newest = poor[0]
    return escalations.EscalationDetail(
        poor_answers=len(poor),
        within_days=within_days,
        touchpoint=newest.given.touchpoint,
        survey=newest.survey,
        response=newest.given.response_id,
        question=newest.given.question,
        rating=newest.given.rating,
        comment=newest.given.comment,
    )


def is_poor(asked: Asked, submission: Submission) -> bool:
    """Whether a submission has a rating that somebody should look at."""
    ratings = {key: given for key, given in submission.answers.items() if isinstance(given, int)}
    return is_poor_response(asked.loaded.survey.questions, ratings)
