"""A submission and what is stored before it, made into the response that is stored next."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from harken_server.responses.asked import (
    Asked,
    Collection,
    Context,
    Facts,
    context_of,
    facts_of,
    prove_respondent,
    resume_digest,
)
from harken_server.responses.closing import comer_with, filled_by
from harken_server.responses.dimensions import with_members
from harken_server.responses.escalating import is_poor
from harken_server.responses.proofs import claim_context, proof_before
from harken_server.responses.response import NewResponse, Proof, Standing, StoredResponse
from harken_server.responses.sequences import (
    Taken,
    add_to_history,
    giver,
    hidden_questions,
    without_said,
)
from harken_server.responses.store.reviews import promise_id
from harken_server.responses.submission import Submission, utc_milliseconds
from harken_server.responses.waiting import when_answered
from harken_server.surveys.answers.typed_rows import answers_from_rows
from harken_server.surveys.answers.validation import Checked, check_answers
from harken_server.surveys.catalog import LoadedSurvey

_LOOSE = ("signature", "resume", "waited_ms")
"""No part of what makes two submissions the same."""
_digest_encoder = msgspec.json.Encoder(order="deterministic")


class Sent(msgspec.Struct, frozen=True):
    """A submission on its way in."""

    submission: Submission
    digest: bytes
    channel: str
    """The channel of the route it came by, unless it names its own."""
    is_sample: bool
    proof: Proof
    """Of the respondent; empty: it is claimed."""
    is_trusted: bool
    may_go_on: bool
    """Whether whoever sends it is known to be the one who began, as who has a draft is: they have
    opened what is stored."""
    is_vouched: bool
    """Whether its context is the house's own."""
    standing: Standing


def digest_of(submission: Submission) -> bytes:
    """What two submissions that are the same have in common."""
    if any(getattr(submission, name) is not msgspec.UNSET for name in _LOOSE):
        submission = msgspec.structs.replace(submission, **dict.fromkeys(_LOOSE, msgspec.UNSET))
    return hashlib.sha256(_digest_encoder.encode(submission)).digest()[:16]


def is_late(submission: Submission, stored: StoredResponse | None) -> bool:
    """Whether a higher sequence is stored already."""
    return stored is not None and submission.sequence < stored.sequence


async def take_up_late(
    room: Collection, sent: Sent, asked: Asked, stored: StoredResponse | None
) -> Sent:
    """What a submission still has to say beside what is stored: all, unless it comes late."""
    if stored is None or not is_late(sent.submission, stored):
        return sent
    news = without_said(sent.submission, stored)
    proof = await prove_respondent(room, asked, news, sent.standing, is_trusted=sent.is_trusted)
    return msgspec.structs.replace(sent, submission=news, proof=proof)


def check_merged(asked: Asked, stored: StoredResponse | None, submission: Submission) -> Checked:
    """The answers of all sequences so far. What comes late takes completeness from nobody."""
    answers = _merge(asked.loaded, stored, submission)
    context = dict(context_of(submission, asked.invitation, stored))
    is_complete = submission.complete and not is_late(submission, stored)
    return check_answers(asked.loaded.compiled, answers, context, is_complete=is_complete)


async def compose_response(
    room: Collection, sent: Sent, asked: Asked, checked: Checked, stored: StoredResponse | None
) -> NewResponse:
    """The response with these answers, and with whatever it is counted by."""
    new = _undivided_response(room, sent, asked, checked, stored)
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
    return await with_members(room.db, new, dimensions, wave) if dimensions or wave else new


def _merge(
    loaded: LoadedSurvey, stored: StoredResponse | None, submission: Submission
) -> dict[str, Any]:
    if stored is None:
        return submission.answers
    questions = {question.key: question for question in loaded.survey.questions}
    visible, hidden = answers_from_rows(questions, stored.answers)
    merged = {**hidden, **visible, **submission.answers}
    for key in submission.cleared:
        if key not in submission.answers:
            merged.pop(key, None)
    return merged


def _undivided_response(
    room: Collection, sent: Sent, asked: Asked, checked: Checked, stored: StoredResponse | None
) -> NewResponse:
    submission, invitation = sent.submission, asked.invitation
    facts = facts_of(submission, sent.channel, invitation, stored)
    first = _first_response(room, sent, asked, checked, facts)
    if stored is None and submission.sequence == 1:
        return first
    history = add_to_history(stored, submission, _taken(sent, first, stored), _keys_of(asked))
    if stored is None:
        return msgspec.structs.replace(first, history=history)
    later = msgspec.structs.replace(
        first,
        replaces=stored.sequence,
        seen_position=stored.position,
        history=history,
        proof=sent.proof or proof_before(stored, facts.respondent),
        claimed=_claimed(sent, facts.context, stored),
    )
    return _beside_later(later, stored) if is_late(submission, stored) else later


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
        else None,
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
        claimed=_claimed(sent, facts.context, None),
        standing=sent.standing,
        probability=None if invitation is None else invitation.probability,
    )


def _beside_later(new: NewResponse, stored: StoredResponse) -> NewResponse:
    """What a sequence adds to a higher one that is stored, which stays the latest."""
    return msgspec.structs.replace(
        new,
        is_late=True,
        sequence=stored.sequence,
        digest=stored.digest,
        received_at=stored.updated_at,
        is_complete=stored.state == "complete",
    )


def _taken(sent: Sent, new: NewResponse, stored: StoredResponse | None) -> Taken:
    is_complete = new.is_complete
    if stored is not None and is_late(sent.submission, stored):
        is_complete = stored.state == "complete"
    by = giver(new.resume_digest)
    return Taken(sent.digest, by, new.received_at, is_complete, hidden_questions(new.answers))


def _keys_of(asked: Asked) -> frozenset[str]:
    return frozenset(question.key for question in asked.loaded.survey.questions)


def _claimed(sent: Sent, after: Context, stored: StoredResponse | None) -> str:
    said, is_vouched = sent.submission.context, sent.is_vouched or sent.is_trusted
    if stored is None and not said:
        return ""
    return claim_context(said, after, stored, is_vouched=is_vouched)
