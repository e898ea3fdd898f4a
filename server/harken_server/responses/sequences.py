"""A later sequence of a response: who may send it, and what it leaves as it was.

The client makes a secret with the id of a partial response and repeats it in later sequences, so
that knowing an id gives nothing. Stored are 128 bits of its SHA-256: a copy of the database lets
nobody answer for others either.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import NamedTuple, TypeAlias
from uuid import UUID

import msgspec

from harken_server.http.problems import ForbiddenError
from harken_server.invitations.invitation import Invitation
from harken_server.responses.response import StoredResponse
from harken_server.responses.submission import Submission

NEUTRAL_CHANNEL = "api"
"""A trigger's channel when it names none: the application hands the link over by itself."""
Context: TypeAlias = dict[str, str | int | float | bool | None]

_decode_context = msgspec.json.Decoder(Context).decode


def resume_digest(secret: str | msgspec.UnsetType | None) -> UUID | None:
    """What is stored of the secret.

    >>> resume_digest("a secret of a client")
    UUID('e55c5e85-ba3d-7ed7-b971-a2c1b79ec2dd')
    """
    if not secret:
        return None
    return UUID(bytes=hashlib.sha256(secret.encode()).digest()[:16])


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


class Facts(NamedTuple):
    """What is known of a response beside its answers."""

    touchpoint: str | None
    channel: str
    locale: str | None
    respondent: str | None
    invitation_id: UUID | None
    context: Context


def facts_of(
    submission: Submission,
    channel: str,
    invitation: Invitation | None,
    stored: StoredResponse | None,
) -> Facts:
    """What the submission says, and where it says nothing, what is stored: never less than before.

    `channel` is that of the route it came by. What an invitation says goes before what its
    respondent claims.
    """
    touchpoint, locale, respondent = submission.touchpoint, submission.locale, submission.respondent
    channel, invitation_id = submission.channel or channel, None
    if stored is not None:
        touchpoint, locale = touchpoint or stored.touchpoint, locale or stored.locale
        respondent, invitation_id = respondent or stored.respondent, stored.invitation_id
        channel = submission.channel or stored.channel
    if invitation is not None:
        touchpoint, locale = invitation.touchpoint, locale or invitation.locale
        respondent, invitation_id = invitation.respondent or respondent, invitation.id
        channel = _channel_of_invited(invitation, submission, stored)
    context = context_of(submission, invitation, stored)
    return Facts(touchpoint, channel, locale, respondent, invitation_id, context)


def context_of(
    submission: Submission, invitation: Invitation | None, stored: StoredResponse | None
) -> Context:
    """What is known of the occasion after this submission."""
    before = {} if stored is None else _decode_context(stored.context)
    invited = {} if invitation is None else invitation.context
    return {**before, **submission.context, **invited}


def is_proved(stored: StoredResponse | None, respondent: str | None) -> bool:
    """Who was proved once stays so; another name has to be proved anew."""
    return stored is not None and stored.is_verified and stored.respondent == respondent


def _channel_of_invited(
    invitation: Invitation, submission: Submission, stored: StoredResponse | None
) -> str:
    """Where the response was begun; what a trigger through the API left open, the reply may say."""
    if stored is not None:
        return stored.channel
    if invitation.channel == NEUTRAL_CHANNEL and submission.channel is not None:
        return submission.channel
    return invitation.channel
