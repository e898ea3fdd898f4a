"""What a submission answers, if it still may, by whom, and what is known besides.

Whoever begins a partial response makes a secret with its id and repeats it later, so that knowing
an id gives nothing. Stored are 128 bits of its SHA-256: a copy of the database lets nobody answer
for others.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from datetime import datetime
from typing import NamedTuple, TypeAlias
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.http.problems import ForbiddenError
from harken_server.http.runtime import Runtime
from harken_server.invitations.invitation import Invitation
from harken_server.invitations.redeem import redeem_code
from harken_server.kernel.clock import Clock
from harken_server.kernel.errors import (
    GoneError,
    HarkenError,
    InvalidSubmissionError,
    NotFoundError,
    Problem,
)
from harken_server.responses.refusing import refusal_of_survey
from harken_server.responses.response import Proof, Standing, StoredResponse
from harken_server.responses.submission import Submission
from harken_server.responses.variety import Variety
from harken_server.surveys.asking import SurveyAsking
from harken_server.surveys.catalog import Catalog, LoadedSurvey
from harken_server.workspaces.rules.identity import is_identity_good, signer_of
from harken_server.workspaces.workspace import Workspace

NEUTRAL_CHANNEL = "api"
"""A trigger's channel when it names none: the application hands the link over by itself."""
RECEIPT = "receipt"
"""The channel on which an invitation proves a purchase, where it counts."""
Context: TypeAlias = dict[str, str | int | float | bool | None]

log = logging.getLogger("harken.identity")
decode_context = msgspec.json.Decoder(Context).decode


class Collection(msgspec.Struct, frozen=True):
    """What collecting needs: where to store, what is asked, the time, and what is counted by."""

    db: Database
    catalog: Catalog
    clock: Clock
    variety: Variety
    keys: tuple[bytes, ...]  # of this server, the one in use first


def collection_of(runtime: Runtime) -> Collection:
    """What collecting needs of the process."""
    of, keys = runtime.of, runtime.signing_keys
    return Collection(runtime.db, of(Catalog), runtime.clock, of(Variety), keys)


class Asked(msgspec.Struct, frozen=True):
    """What a submission answers: a survey version, perhaps by invitation."""

    loaded: LoadedSurvey
    invitation: Invitation | None
    refusal: HarkenError | None
    """Why nobody may start answering now; a response already stored may still go on."""
    asking: SurveyAsking | None = None
    """Of the survey's current version, whichever version is answered: of a new response."""


async def find_asked(
    room: Collection, submission: Submission, workspace: Workspace | None
) -> Asked:
    """Find the survey version a submission answers, by its token or by the survey's address.

    Raises NotFoundError when there is none, InvalidSubmissionError when the submission names a
    version or a survey that does not fit.
    """
    invitation: Invitation | None = None
    if submission.token is not None:
        invitation = await redeem_code(room.db, submission.token)
        if workspace is not None and invitation.workspace_id != workspace.id:
            raise NotFoundError("There is no such invitation.", code="invitation_unknown")
        loaded = await room.catalog.by_id(invitation.workspace_id, invitation.survey_id)
        _require_same_survey(submission, loaded)
    elif submission.survey is not None:
        loaded = await room.catalog.find(submission.survey, workspace)
    else:
        raise invalid((Problem("$.survey", "missing", "Name the survey, or give a token."),))
    asked = ask(room, loaded, invitation, submission.id, submission.survey)
    number = submission.version
    if number is not None and number != loaded.number:
        loaded = await _load_named_version(room, loaded, number)
        asked = msgspec.structs.replace(asked, loaded=loaded)
    return asked


def ask(
    room: Collection,
    loaded: LoadedSurvey,
    invitation: Invitation | None,
    response_id: UUID,
    address: str | None = None,
) -> Asked:
    """What a response answers, with the reason why it may not begin now, if there is one."""
    refusal = invitation and refusal_of_invitation(room, invitation, response_id)
    refused = refusal or refusal_of_survey(loaded, invitation, address)
    return Asked(loaded, invitation, refused)


def refusal_of_invitation(
    room: Collection, invitation: Invitation, response_id: UUID
) -> HarkenError | None:
    """Why an invitation cannot be answered by this response; None when it can."""
    claimed = invitation.response_id
    if invitation.is_single_use and claimed is not None and claimed != response_id:
        return already_answered()
    if invitation.expires_at is not None and invitation.expires_at <= room.clock():
        return GoneError("This invitation has expired.", code="invitation_expired")
    return None


def already_answered() -> GoneError:
    """The one error for a second answer to a single-use link."""
    return GoneError("This invitation was already answered.", code="already_answered")


def invalid(problems: tuple[Problem, ...]) -> InvalidSubmissionError:
    """One error carrying every problem of a submission."""
    noun = "problem" if len(problems) == 1 else "problems"
    return InvalidSubmissionError(f"The submission has {len(problems)} {noun}.", problems)


async def pin_version(room: Collection, asked: Asked, stored: StoredResponse | None) -> Asked:
    """The same, for a response stored before: it stays with the version it began under."""
    if stored is None or stored.version == asked.loaded.number:
        return asked
    loaded = await room.catalog.load(asked.loaded.workspace, asked.loaded.record, stored.version)
    return Asked(loaded, asked.invitation, asked.refusal)


async def prove_respondent(
    room: Collection,
    asked: Asked,
    submission: Submission,
    standing: Standing,
    *,
    is_trusted: bool,
) -> Proof:
    """What proves the respondent of a submission; a signature that is not good is logged.

    An invitation proves its own respondent: nobody else was given the link.
    """
    invitation = asked.invitation
    if invitation is not None and invitation.respondent is not None:
        if invitation.channel != RECEIPT:
            return "link"
        return "receipt" if standing == "counted" else ""
    respondent, signature = submission.respondent, submission.signature
    if respondent is None or is_trusted:
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
    before = {} if stored is None else decode_context(stored.context)
    invited = {} if invitation is None else invitation.context
    return {**before, **submission.context, **invited}


def _require_same_survey(submission: Submission, loaded: LoadedSurvey) -> None:
    named = submission.survey
    if named is None or named.rpartition(".")[2] == loaded.record.key:
        return
    message = f"The invitation is for survey {loaded.record.key}, not {named}."
    raise invalid((Problem("$.survey", "other_survey", message),))


async def _load_named_version(room: Collection, loaded: LoadedSurvey, number: int) -> LoadedSurvey:
    try:
        return await room.catalog.load(loaded.workspace, loaded.record, number)
    except NotFoundError as error:
        problem = Problem(
            "$.version", "version_unknown", error.message, limit=loaded.record.version
        )
        raise invalid((problem,)) from error


def _channel_of_invited(
    invitation: Invitation, submission: Submission, stored: StoredResponse | None
) -> str:
    """Where the response was begun; what a trigger through the API left open, the reply may say."""
    if stored is not None:
        return stored.channel
    if invitation.channel == NEUTRAL_CHANNEL and submission.channel is not None:
        return submission.channel
    return invitation.channel
