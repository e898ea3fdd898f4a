"""What a submission answers, if that may still begin, and under which id it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.http.runtime import Runtime
from harken_server.invitations.invitation import Invitation
from harken_server.invitations.redeem import redeem_code
from harken_server.kernel.clock import Clock
from harken_server.kernel.errors import (
    ConflictError,
    GoneError,
    HarkenError,
    InvalidSubmissionError,
    NotFoundError,
    Problem,
)
from harken_server.kernel.ids import keyed_id
from harken_server.responses.response import StoredResponse
from harken_server.responses.submission import Submission
from harken_server.responses.variety import Variety
from harken_server.surveys.asking import SurveyAsking
from harken_server.surveys.catalog import SURVEY, Catalog, LoadedSurvey
from harken_server.workspaces.workspace import Workspace


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


def refusal_of_survey(
    loaded: LoadedSurvey, invitation: Invitation | None, address: str | None = None
) -> HarkenError | None:
    """Why a survey takes no new responses; None when it is live.

    Who was not invited is told of one that is not published what they are told of none, by the
    `address` under which they asked for it.
    """
    key = loaded.record.key
    match loaded.record.status:
        case "live":
            return None
        case "draft" if invitation is None:
            return SURVEY.missing(address or key)
        case "draft":
            return NotFoundError(f"Survey {key} is not published yet.", code="survey_draft")
        case "closed":
            return GoneError(f"Survey {key} is closed.", code="survey_closed")


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


async def asking_of_today(room: Collection, loaded: LoadedSurvey) -> LoadedSurvey:
    """The same survey with the `asking` of its current version, whichever version is answered.

    Else whoever names an earlier version could pass by what a later one says.
    """
    if loaded.number == loaded.record.version:
        return loaded
    current = await room.catalog.load(loaded.workspace, loaded.record)
    survey = msgspec.structs.replace(loaded.survey, asking=current.survey.asking)
    return msgspec.structs.replace(loaded, survey=survey)


def kept_id(keys: Sequence[bytes], loaded: LoadedSurvey, response_id: UUID) -> UUID:
    """Under what a response is stored: of an anonymous survey nobody can tell from it who sent it,
    or when, as from the id that a client made."""
    if not loaded.survey.anonymous:
        return response_id
    return keyed_id(keys[0], b"harken anonymous\n" + loaded.record.id.bytes, response_id.bytes)


def finished(submission: Submission) -> ConflictError:
    """The error for more answers to a response that is complete."""
    return ConflictError(
        f"Response {submission.id} is complete and takes no further answers.",
        code="response_finished",
    )


def conflicting(submission: Submission) -> ConflictError:
    """The error for the same response and sequence with another body."""
    return ConflictError(
        f"Response {submission.id} is stored with another body for sequence "
        f"{submission.sequence}; nothing was changed.",
        code="response_conflict",
    )


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
