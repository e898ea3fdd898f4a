"""A submission that follows, or comes late, beside what is stored of its response.

Whoever begins a partial response makes a secret with its id and repeats it later, so that knowing
an id gives nothing.
"""

from __future__ import annotations

import hmac
from typing import Any
from uuid import UUID

import msgspec

from harken_server.http.problems import ForbiddenError
from harken_server.invitations.invitation import Invitation
from harken_server.responses.asked import Asked, Collection
from harken_server.responses.codes import claimed_names
from harken_server.responses.known import (
    Context,
    Sent,
    claim_context,
    context_of,
    decode_context,
    proof_before,
    prove_respondent,
    resume_digest,
)
from harken_server.responses.response import NewResponse, StoredResponse
from harken_server.responses.sequences import (
    Taken,
    add_to_history,
    giver,
    hidden_questions,
    without_said,
)
from harken_server.responses.submission import Submission
from harken_server.surveys.answers.typed_rows import answers_from_rows
from harken_server.surveys.answers.validation import Checked, check_answers
from harken_server.surveys.catalog import LoadedSurvey
from harken_server.workspaces.rules.dimensions import claimed_dimensions


def may_resume(
    stored: StoredResponse,
    secret: str | msgspec.UnsetType | None,
    invitation: Invitation | None,
) -> bool:
    """Whether the secret is the one that the response began with, or the link is its own.

    A link for one answer is a secret itself: it was given to its respondent alone, and what began
    with it on one channel may end on another.
    """
    if invitation is not None and invitation.is_single_use:
        return stored.invitation_id == invitation.id
    began, sent = stored.resume_digest, resume_digest(secret)
    return began is not None and sent is not None and hmac.compare_digest(began.bytes, sent.bytes)


def refuse_stranger(response_id: UUID) -> ForbiddenError:
    """The error for a later sequence from somebody else."""
    return ForbiddenError(
        f"Response {response_id} was begun with another `resume`, or with none: a later sequence "
        "must repeat the secret that the first one carried.",
        code="resume_needed",
    )


def is_late(submission: Submission, stored: StoredResponse | None) -> bool:
    """Whether a higher sequence is stored already."""
    return stored is not None and submission.sequence < stored.sequence


async def bound_words(
    room: Collection, sent: Sent, asked: Asked, new: NewResponse, stored: StoredResponse | None
) -> NewResponse:
    """The response counted by `other` where nobody vouches for a word that is one too many."""
    is_vouched = asked.invitation is not None or sent.way.is_vouched or sent.may_go_on
    is_stored = stored is not None and stored.touchpoint == new.touchpoint
    if new.touchpoint and not (is_vouched or is_stored):
        named = await room.variety.touchpoint(new.survey, new.touchpoint)
        new = msgspec.structs.replace(new, touchpoint=named)
    if not (new.claimed and new.dimensions):
        return new
    claimed = claimed_names(new.claimed, decode_context(new.context))
    declared = asked.loaded.workspace.dimensions
    return await room.variety.members(new, claimed_dimensions(declared, claimed))


async def take_up_late(
    room: Collection, sent: Sent, asked: Asked, stored: StoredResponse | None
) -> Sent:
    """What a submission still has to say beside what is stored: all, unless it comes late."""
    if stored is None or not is_late(sent.submission, stored):
        return sent
    news = without_said(sent.submission, stored)
    proof = await prove_respondent(room, asked, news, sent.way)
    return msgspec.structs.replace(sent, submission=news, proof=proof)


def check_merged(asked: Asked, stored: StoredResponse | None, submission: Submission) -> Checked:
    """The answers of all sequences so far. What comes late takes completeness from nobody."""
    answers = _merge(asked.loaded, stored, submission)
    context = dict(context_of(submission, asked.invitation, stored))
    is_complete = submission.complete and not is_late(submission, stored)
    return check_answers(asked.loaded.compiled, answers, context, is_complete=is_complete)


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


def compose_later(
    sent: Sent, asked: Asked, first: NewResponse, stored: StoredResponse | None, after: Context
) -> NewResponse:
    """What would be the response if nothing was stored (`first`), made to follow what is.

    `after` is the context that it will have."""
    submission = sent.submission
    history = add_to_history(stored, submission, _taken(sent, first, stored), _keys_of(asked))
    if stored is None:
        return msgspec.structs.replace(first, history=history)
    is_vouched = sent.way.is_vouched or sent.way.is_trusted
    later = msgspec.structs.replace(
        first,
        replaces=stored.sequence,
        seen_position=stored.position,
        history=history,
        proof=sent.proof or proof_before(stored, first.respondent),
        origin_proof=sent.origin_proof or stored.origin_proof,
        claimed=claim_context(submission.context, after, stored, is_vouched=is_vouched),
    )
    return _beside_later(later, stored) if is_late(submission, stored) else later


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
