"""The one way in: every route that creates a response calls `submit_response`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from uuid import UUID

import msgspec

from harken_server.kernel.errors import GoneError, StorageError
from harken_server.kernel.ids import keyed_id
from harken_server.responses.asked import (
    Asked,
    Collection,
    already_answered,
    asking_of_today,
    conflicting,
    find_asked,
    finished,
    invalid,
    kept_id,
    pin_version,
)
from harken_server.responses.closing import comer_with, filled_by, refuse_erased, unless_closed
from harken_server.responses.dimensions import with_members
from harken_server.responses.escalating import is_poor, review_response
from harken_server.responses.known import (
    Sent,
    Way,
    context_of,
    facts_of,
    first_response,
    prove_origin,
    prove_respondent,
)
from harken_server.responses.merging import (
    bound_words,
    check_merged,
    compose_later,
    may_resume,
    refuse_stranger,
    take_up_late,
)
from harken_server.responses.programs.rules import FEWEST_CHARACTERS
from harken_server.responses.programs.sender import Sender, judge_response
from harken_server.responses.response import (
    NewResponse,
    Proof,
    StoredResponse,
    StoreOutcome,
)
from harken_server.responses.sequences import find_outcome, outcome_of
from harken_server.responses.small_groups import release, shelter
from harken_server.responses.store.reviews import promise_id
from harken_server.responses.store.row import get_response
from harken_server.responses.store.writing import RESPONSES
from harken_server.responses.submission import (
    Receipt,
    Submission,
    require_calendar_time,
)
from harken_server.surveys.answers.typed_rows import AnswerRow
from harken_server.surveys.answers.validation import Checked, check_answers
from harken_server.surveys.catalog import LoadedSurvey
from harken_server.workspaces.workspace import Workspace

MAX_MERGE_ATTEMPTS = 8
"""How often a later sequence is merged again because another request stored one meanwhile."""
_LOOSE = ("signature", "resume", "waited_ms")
"""No part of what makes two submissions the same."""
_digest_encoder = msgspec.json.Encoder(order="deterministic")


class Draft(msgspec.Struct, frozen=True):
    """All answers of a response, found good by `check_answers`, on their way into the store."""

    asked: Asked
    stored: StoredResponse | None
    checked: Checked


async def submit_response(
    room: Collection,
    submission: Submission,
    way: Way,
    *,
    workspace: Workspace | None = None,
    draft: Draft | None = None,
) -> Receipt:
    """Check a submission, store it durably, and give its receipt; a repeat gets the same one.

    `draft` is what the answers came to, where they are checked. Raises BadRequestError,
    NotFoundError, InvalidSubmissionError, ForbiddenError, GoneError, ConflictError, StorageError.
    """
    asked = await find_asked(room, submission, workspace) if draft is None else draft.asked
    told, own_id = submission.id, kept_id(room.keys, asked.loaded, submission.id)
    if own_id != told:
        submission = msgspec.structs.replace(submission, id=own_id)
    await _check_times(room, asked, submission)
    proof = await prove_respondent(room, asked, submission, way)
    origin = prove_origin(asked.invitation, way, proof)
    if draft is None or draft.stored is None:
        asked = await _by_rules_of_today(room, asked, submission, proof=proof, origin=origin)
    may_go_on = way.is_trusted or draft is not None
    digest = _kept_digest(room, asked.loaded, submission)
    sent = Sent(submission, digest, way, told, proof, origin, may_go_on)
    found = None if asked.refusal else draft or _first_draft(asked, submission)
    if found is not None and not found.checked.problems:
        new = await compose_response(room, sent, asked, found.checked, found.stored)
        outcome = await room.db.store(RESPONSES, new)
        if draft is not None and outcome.kind == "superseded":
            raise conflicting(submission)  # whoever looked at what is stored must look again
        if outcome.kind not in {"outdated", "superseded"}:
            return await _acknowledge(room, sent, asked, outcome, new.proof, promise=new.review_id)
    return await _submit_later(room, sent, asked)


def digest_of(submission: Submission) -> bytes:
    """What two submissions that are the same have in common."""
    if any(getattr(submission, name) is not msgspec.UNSET for name in _LOOSE):
        submission = msgspec.structs.replace(submission, **dict.fromkeys(_LOOSE, msgspec.UNSET))
    return hashlib.sha256(_digest_encoder.encode(submission)).digest()[:16]


def _kept_digest(room: Collection, loaded: LoadedSurvey, submission: Submission) -> bytes:
    """By what a repeat is told: of an anonymous survey nobody without the server's key can try out
    whose link or device it may have come by."""
    digest = digest_of(submission)
    if not loaded.survey.anonymous:
        return digest
    return keyed_id(room.keys[0], b"harken anonymous digest\n", digest).bytes


async def _check_times(room: Collection, asked: Asked, submission: Submission) -> None:
    if submission.started_at is not None:
        require_calendar_time(submission.started_at)
    if submission.waited_ms and submission.respondent:
        await refuse_erased(room.db, asked.loaded.record, submission, room.clock())


async def _by_rules_of_today(
    room: Collection, asked: Asked, submission: Submission, *, proof: Proof, origin: Proof
) -> Asked:
    today = await asking_of_today(room, asked.loaded)
    asked = msgspec.structs.replace(asked, asking=today.survey.asking)
    if asked.refusal is not None or asked.asking is None:
        return asked
    return await unless_closed(room, asked, today, submission, proof=proof, origin=origin)


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
    """The response with these answers, and with whatever it is counted by.

    Each rule is asked only where it applies: of most responses next to none does."""
    new = _compose(room, sent, asked, checked, stored)
    sender = sent.way.sender
    if sender is not None and _tells_something(sender, checked.rows):
        new = await judge_response(room, sender, asked.loaded.survey, new, stored)
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
    if not sent.way.is_trusted and (new.touchpoint or (new.claimed and new.dimensions)):
        new = await bound_words(room, sent, asked, new, stored)
    return shelter(new, asked.loaded) if asked.loaded.minimum else new


def _tells_something(sender: Sender, rows: Iterable[AnswerRow]) -> bool:
    """Whether it has a sign, or words enough to be compared with those of others."""
    if sender.signs:
        return True
    return sum(len(row.text.casefold()) for row in rows if row.text) >= FEWEST_CHARACTERS


def _compose(
    room: Collection, sent: Sent, asked: Asked, checked: Checked, stored: StoredResponse | None
) -> NewResponse:
    submission = sent.submission
    facts = facts_of(submission, sent.way.channel, asked.invitation, stored)
    first = first_response(room, sent, asked, checked, facts)
    if stored is None and submission.sequence == 1:
        return first
    return compose_later(sent, asked, first, stored, facts.context)


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
    if receipt.complete and asked.loaded.minimum:
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
