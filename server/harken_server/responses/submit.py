"""The one way in: every route that creates a response calls `submit_response`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from harken_server.kernel.errors import GoneError, StorageError
from harken_server.responses.asked import (
    Asked,
    Collection,
    Facts,
    already_answered,
    context_of,
    facts_of,
    find_asked,
    invalid,
    may_resume,
    pin_version,
    prove_respondent,
    refuse_stranger,
    resume_digest,
)
from harken_server.responses.closing import comer_with, filled_by, refuse_erased, unless_closed
from harken_server.responses.dimensions import with_members
from harken_server.responses.escalating import is_poor, review_response
from harken_server.responses.merging import (
    Sent,
    bound_words,
    check_merged,
    compose_later,
    take_up_late,
)
from harken_server.responses.programs.sender import Sender, judge_response
from harken_server.responses.proofs import claim_context, prove_origin, standing_of
from harken_server.responses.refusing import conflicting, finished
from harken_server.responses.response import (
    NewResponse,
    Proof,
    Standing,
    StoredResponse,
    StoreOutcome,
)
from harken_server.responses.sequences import find_outcome, outcome_of
from harken_server.responses.small_groups import kept_as, kept_digest, release, shelter
from harken_server.responses.store.reviews import promise_id
from harken_server.responses.store.row import get_response
from harken_server.responses.store.writing import RESPONSES
from harken_server.responses.submission import (
    Receipt,
    Submission,
    require_calendar_time,
    utc_milliseconds,
    when_answered,
)
from harken_server.surveys.answers.validation import Checked, check_answers
from harken_server.surveys.catalog import LoadedSurvey
from harken_server.workspaces.workspace import Workspace

MAX_MERGE_ATTEMPTS = 8
"""How often a later sequence is merged again because another request stored one meanwhile."""


class Draft(msgspec.Struct, frozen=True):
    """All answers of a response, found good by `check_answers`, on their way into the store."""

    asked: Asked
    stored: StoredResponse | None
    checked: Checked


async def submit_response(
    room: Collection,
    submission: Submission,
    *,
    workspace: Workspace | None = None,
    channel: str = "api",
    is_sample: bool = False,
    is_trusted: bool = False,
    is_vouched: bool = False,
    by: Proof = "",
    standing: Standing = "counted",
    draft: Draft | None = None,
    sender: Sender | None = None,
    answered_at: datetime | None = None,
) -> Receipt:
    """Check a submission, store it durably, and give its receipt; a repeat gets the same one.

    `is_trusted` says that the site's own server sends it: it may name the respondent and go on with
    any response; `is_vouched`, that its context is the house's own. `by` is what the route proves,
    `standing` a new response's, `draft` what the answers came to, `sender` who may be a program,
    `answered_at` (UTC, to the millisecond) when it was said. Raises BadRequestError, NotFoundError,
    InvalidSubmissionError, ForbiddenError, GoneError, ConflictError, StorageError."""
    asked = await find_asked(room, submission, workspace) if draft is None else draft.asked
    submission, told = await _kept(room, asked, submission)
    proof = await prove_respondent(room, asked, submission, standing, is_trusted=is_trusted)
    origin = prove_origin(asked.invitation, standing, "key" if is_trusted else by, proof)
    if draft is None or draft.stored is None:
        asked = await unless_closed(room, asked, submission, proof=proof, origin=origin)
    known = is_sample, proof, is_trusted, is_trusted or draft is not None, is_vouched
    way = standing, told, origin, sender, answered_at
    sent = Sent(submission, kept_digest(room.keys, asked.loaded, submission), channel, *known, *way)
    found = None if asked.refusal else draft or _first_draft(asked, submission)
    if found is not None and not found.checked.problems:
        new = await compose_response(room, sent, asked, found.checked, found.stored)
        outcome = await room.db.store(RESPONSES, new)
        if draft is not None and outcome.kind == "superseded":
            raise conflicting(submission)  # whoever looked at what is stored must look again
        if outcome.kind not in {"outdated", "superseded"}:
            return await _acknowledge(room, sent, asked, outcome, new.proof, promise=new.review_id)
    return await _submit_later(room, sent, asked)


async def _kept(room: Collection, asked: Asked, sent: Submission) -> tuple[Submission, UUID]:
    submission, told = kept_as(room.keys, asked.loaded, sent)
    if submission.started_at is not None:
        require_calendar_time(submission.started_at)
    if submission.waited_ms and submission.respondent:
        await refuse_erased(room.db, asked.loaded.record, submission, room.clock())
    return submission, told


def _first_draft(asked: Asked, submission: Submission) -> Draft | None:
    """Only the first sequence is known to need nothing of what is stored."""
    if submission.sequence > 1:
        return None
    context = dict(context_of(submission, asked.invitation, None))
    given, is_complete = submission.answers, submission.complete
    return Draft(
        asked, None, check_answers(asked.loaded.compiled, given, context, is_complete=is_complete)
    )


async def compose_response(
    room: Collection, sent: Sent, asked: Asked, checked: Checked, stored: StoredResponse | None
) -> NewResponse:
    """The response with these answers, and with whatever it is counted by."""
    new = _compose(room, sent, asked, checked, stored)
    if sent.sender is not None:
        new = await judge_response(room, sent.sender, asked.loaded.survey, new, stored)
    if new.proof and is_poor(asked, sent.submission):
        promised = promise_id(new.id, sent.submission.sequence, new.received_at)
        new = msgspec.structs.replace(new, review_id=promised)
    asking = asked.loaded.survey.asking
    if asking is not None and asking.quotas:
        comer = comer_with(
            room.clock(), asked, sent.submission, stored, is_verified=bool(new.proof)
        )
        filled = await filled_by(room.db, asked.loaded.workspace.id, asking.quotas, comer)
        new = msgspec.structs.replace(new, quotas=filled)
    wave = "" if asked.invitation is None else asked.invitation.wave
    dimensions = asked.loaded.workspace.dimensions
    if dimensions or wave:
        new = await with_members(room.db, new, dimensions, wave)
    new = new if sent.is_trusted else await bound_words(room, sent, asked, new, stored)
    return shelter(new, asked.loaded)


def _compose(
    room: Collection, sent: Sent, asked: Asked, checked: Checked, stored: StoredResponse | None
) -> NewResponse:
    submission = sent.submission
    facts = facts_of(submission, sent.channel, asked.invitation, stored)
    first = _first_response(room, sent, asked, checked, facts)
    if stored is None and submission.sequence == 1:
        return first
    return compose_later(sent, asked, first, stored, facts.context)


def _first_response(
    room: Collection, sent: Sent, asked: Asked, checked: Checked, facts: Facts
) -> NewResponse:
    submission, invitation, now = sent.submission, asked.invitation, room.clock()
    return NewResponse(
        id=submission.id,
        survey=asked.loaded.record,
        version=asked.loaded.number,
        sequence=submission.sequence,
        is_complete=submission.complete,
        digest=sent.digest,
        received_at=now,
        answered_at=when_answered(submission, now, asked.loaded.record)
        if submission.waited_ms
        else sent.answered_at,
        timezone=asked.loaded.workspace.timezone,
        answers=checked.rows,
        touchpoint=facts.touchpoint or "",
        channel=facts.channel,
        locale=facts.locale or asked.loaded.survey.locale,
        respondent=facts.respondent,
        invitation_id=facts.invitation_id,
        is_single_use=invitation is not None and invitation.is_single_use,
        context=msgspec.json.encode(facts.context).decode() if facts.context else "{}",
        started_at=submission.started_at and utc_milliseconds(submission.started_at),
        is_sample=sent.is_sample,
        resume_digest=resume_digest(submission.resume),
        proof=sent.proof,
        origin_proof=sent.origin_proof,
        claimed=claim_context(
            submission.context, facts.context, None, is_vouched=sent.is_vouched or sent.is_trusted
        )
        if submission.context
        else "",
        standing=standing_of(sent.origin_proof, sent.standing, asked.asking),
        probability=None if invitation is None else invitation.probability,
    )


async def _acknowledge(
    room: Collection,
    sent: Sent,
    asked: Asked,
    outcome: StoreOutcome,
    proof: Proof,
    *,
    promise: UUID | None = None,
) -> Receipt:
    """The receipt, once what follows from the answer is stored too: a repeat makes up for it."""
    submission = sent.submission
    receipt = _settle(sent, asked.loaded, outcome)
    if receipt.complete:
        await release(room, asked.loaded)
    is_due = promise is not None or submission.sequence > 1
    if proof and (is_due or (outcome.kind == "repeated" and is_poor(asked, submission))):
        owner = asked.loaded.workspace.id, asked.loaded.record.id
        await review_response(room.db, *owner, submission.id, room.clock(), promise=promise)
    return receipt


async def _submit_later(room: Collection, sent: Sent, asked: Asked) -> Receipt:
    """The careful way, for anything but a good first submission: look at what is stored."""
    loaded, submission = asked.loaded, sent.submission
    link = None if loaded.survey.anonymous else asked.invitation  # it is nowhere kept
    for _ in range(MAX_MERGE_ATTEMPTS):
        stored = await get_response(room.db, loaded.workspace.id, loaded.record.id, submission.id)
        if stored is None:
            if asked.refusal is not None:
                raise asked.refusal
        elif (known := find_outcome(stored, submission.sequence, sent.digest)) is not None:
            return await _acknowledge(room, sent, asked, known, stored.proof)
        elif asked.refusal is not None and asked.refusal.code == "already_answered":
            raise asked.refusal
        elif stored.state == "complete" and loaded.minimum:
            raise finished(submission)
        elif not (sent.may_go_on or may_resume(stored, submission.resume, link)):
            raise refuse_stranger(submission.id)
        pinned = await pin_version(room, asked, stored)
        news = await take_up_late(room, sent, pinned, stored)
        checked = check_merged(pinned, stored, news.submission)
        if checked.problems:
            raise invalid(checked.problems)
        new = await compose_response(room, news, pinned, checked, stored)
        outcome = await room.db.store(RESPONSES, new)
        if outcome.kind == "stored" and new.is_late:
            outcome = outcome_of(new.history, submission.sequence, outcome)
        if outcome.kind not in {"outdated", "superseded"}:
            return await _acknowledge(room, sent, asked, outcome, new.proof, promise=new.review_id)
    raise StorageError("The response is being changed by other requests; try again.")


def _settle(sent: Sent, loaded: LoadedSurvey, outcome: StoreOutcome) -> Receipt:
    submission = sent.submission
    match outcome.kind:
        case "stored" | "repeated":
            if outcome.updated_at is None:
                raise StorageError("The stored response has no time.")
            return Receipt(
                id=sent.told,
                survey=loaded.record.key,
                version=outcome.version,
                complete=outcome.is_complete,
                sequence=outcome.sequence,
                received_at=outcome.updated_at,
                hidden=outcome.hidden,
            )
        case "conflict":
            raise conflicting(submission)
        case "finished":
            raise finished(submission)
        case "already_answered":
            raise already_answered()
        case "erased":
            raise GoneError(f"Response {submission.id} was erased.", code="response_erased")
        case "outdated" | "superseded":
            raise StorageError("The response was changed by another request; try again.")
