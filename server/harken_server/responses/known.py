"""What is known of a response beside its answers, and what proves it.

Anybody can write any name into a request: it is stored as a claim until something proves it.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

import msgspec

from harken_server.invitations.invitation import Invitation
from harken_server.responses.asked import Asked, Collection
from harken_server.responses.codes import ALL, claimed_names
from harken_server.responses.programs.sender import Sender
from harken_server.responses.response import NewResponse, Proof, Standing, StoredResponse
from harken_server.responses.submission import Submission, utc_milliseconds, when_answered
from harken_server.surveys.answers.validation import Checked
from harken_server.surveys.asking import SurveyAsking
from harken_server.surveys.catalog import Catalog
from harken_server.workspaces.rules.identity import is_identity_good, signer_of

NEUTRAL_CHANNEL = "api"
"""A trigger's channel when it names none: the application hands the link over by itself."""
RECEIPT = "receipt"
"""The channel on which an invitation proves a purchase, where it counts."""
Context: TypeAlias = dict[str, str | int | float | bool | None]

log = logging.getLogger("harken.identity")
decode_context = msgspec.json.Decoder(Context).decode


class Way(msgspec.Struct, kw_only=True, frozen=True):
    """How a submission comes in, and what its route says of it."""

    channel: str = "api"
    """Unless the submission names its own."""
    is_trusted: bool = False
    """Whether the site's own server sends it: it may name the respondent and go on with any."""
    is_vouched: bool = False
    """Whether its context is the house's own."""
    proof: Proof = ""
    """What the route proves of where it comes from."""
    standing: Standing = "counted"
    """Of a new response."""
    sender: Sender | None = None
    """Who may be a program; None: nobody judges it."""
    is_sample: bool = False
    answered_at: datetime | None = None
    """When the house's own server says that it was said (UTC, to the millisecond); None: as it
    came."""


class Sent(msgspec.Struct, frozen=True):
    """A submission on its way in, and what is proved of it."""

    submission: Submission
    digest: bytes
    way: Way
    told: UUID
    """The id that its client made, where it is stored under another."""
    proof: Proof
    """Of the respondent; empty: it is claimed."""
    origin_proof: Proof
    """Of where it comes from."""
    may_go_on: bool
    """Whether whoever sends it is known to be the one who began, as who has a draft is: they have
    opened what is stored."""


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
    before = {} if stored is None else decode_context(stored.context)
    invited = {} if invitation is None else invitation.context
    return {**before, **submission.context, **invited}


def first_response(
    room: Collection, sent: Sent, asked: Asked, checked: Checked, facts: Facts
) -> NewResponse:
    """What is stored of a submission that begins a response."""
    submission, way, invitation, now = sent.submission, sent.way, asked.invitation, room.clock()
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
        else way.answered_at,
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
        is_sample=way.is_sample,
        resume_digest=resume_digest(submission.resume),
        proof=sent.proof,
        origin_proof=sent.origin_proof,
        claimed=claim_context(
            submission.context, facts.context, None, is_vouched=way.is_vouched or way.is_trusted
        )
        if submission.context
        else "",
        standing=standing_of(sent.origin_proof, way.standing, asked.asking),
        probability=None if invitation is None else invitation.probability,
    )


async def prove_respondent(
    room: Collection, asked: Asked, submission: Submission, way: Way
) -> Proof:
    """What proves the respondent of a submission; a signature that is not good is logged.

    An invitation proves its own respondent: nobody else was given the link.
    """
    invitation = asked.invitation
    if invitation is not None and invitation.respondent is not None:
        if invitation.channel != RECEIPT:
            return "link"
        return "receipt" if way.standing == "counted" else ""
    respondent, signature = submission.respondent, submission.signature
    if respondent is None or way.is_trusted:
        return "" if respondent is None else "key"
    if not signature:
        return ""
    workspace_id = asked.loaded.workspace.id
    if await is_signed(room.catalog, workspace_id, respondent, signature, room.clock()):
        return "signature"
    log.info(
        "the respondent's signature is not good: stored as claimed",
        extra={"code": "identity_unverified", "survey": asked.loaded.record.key},
    )
    return ""


async def is_signed(
    catalog: Catalog, workspace_id: UUID, respondent: str, signature: str, now: datetime
) -> bool:
    """Whether a key of the workspace that may write signed this respondent, until after `now`."""
    prefix = signer_of(signature)
    if prefix is None:
        return False
    digests = await catalog.workspaces.signing_digests(workspace_id, prefix)
    longest = catalog.workspaces.longest_identity
    return is_identity_good(digests, respondent, signature, now, longest)


def prove_origin(invitation: Invitation | None, way: Way, by_name: Proof) -> Proof:
    """What proves where a submission comes from; empty: anybody could have sent it.

    A link goes before the way it was sent, which goes before who is named. An `unverified` link has
    been made by whoever came: a receipt that proves no purchase, a name in a public address.
    """
    if invitation is not None and way.standing != "unverified":
        return "receipt" if invitation.channel == RECEIPT else "link"
    return "key" if way.is_trusted else way.proof or by_name


def standing_of(origin: Proof, standing: Standing, asking: SurveyAsking | None) -> Standing:
    """Of a new response: what anybody could have sent is kept apart where the survey says so."""
    is_apart = not origin and asking is not None and asking.counts_proved_only
    return "unverified" if is_apart and standing == "counted" else standing


def proof_before(stored: StoredResponse | None, respondent: str | None) -> Proof:
    """Who was proved once stays so; another name has to be proved anew."""
    return stored.proof if stored is not None and stored.respondent == respondent else ""


def claim_context(
    sent: Mapping[str, Any],
    after: Mapping[str, Any],
    stored: StoredResponse | None,
    *,
    is_vouched: bool,
) -> str:
    """Which names of the context are only claimed after this submission, as they are stored.

    `sent` is what it says itself, `after` what is known with it. What an invitation says stands
    there and is nobody's claim; saying again what was vouched for makes no claim of it.
    """
    if stored is None and (is_vouched or not sent):
        return ""
    before = {} if stored is None else decode_context(stored.context)
    claims = {*claimed_names("" if stored is None else stored.claimed, before)}
    if is_vouched:
        claims -= sent.keys()
    else:
        claims |= {name for name in sent if name not in before or before[name] != sent[name]}
    claims = {name for name in claims if name not in sent or after[name] == sent[name]}
    return encode_claims(claims, after)


def encode_claims(names: set[str], context: Mapping[str, Any]) -> str:
    """How claimed names are stored: empty for none, `*` for all of the context.

    >>> encode_claims({"a"}, {"a": 1}), encode_claims({"b"}, {"a": 1, "b": 2})
    ('*', '["b"]')
    """
    there = names & context.keys()
    if not there:
        return ""
    return ALL if len(there) == len(context) else msgspec.json.encode(sorted(there)).decode()


def resume_digest(secret: str | msgspec.UnsetType | None) -> UUID | None:
    """What is stored of the secret that later sequences repeat: 128 bits of its SHA-256.

    So a copy of the database lets nobody answer for others.

    >>> resume_digest("a secret of a client")
    UUID('e55c5e85-ba3d-7ed7-b971-a2c1b79ec2dd')
    """
    if not secret:
        return None
    return UUID(bytes=hashlib.sha256(secret.encode()).digest()[:16])


def _channel_of_invited(
    invitation: Invitation, submission: Submission, stored: StoredResponse | None
) -> str:
    """Where the response was begun; what a trigger through the API left open, the reply may say."""
    if stored is not None:
        return stored.channel
    if invitation.channel == NEUTRAL_CHANNEL and submission.channel is not None:
        return submission.channel
    return invitation.channel
