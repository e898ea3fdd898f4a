"""The one way in: every route that creates a response calls `submit_response`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

from harken_server.clock import Clock
from harken_server.collection.catalog import Catalog, LoadedSurvey
from harken_server.collection.redeem import redeem_code
from harken_server.core.answers import answers_from_rows
from harken_server.core.errors import (
    ConflictError,
    GoneError,
    HarkenError,
    InvalidSubmissionError,
    NotFoundError,
    Problem,
    StorageError,
)
from harken_server.core.records import (
    Invitation,
    NewResponse,
    StoredResponse,
    StoreOutcome,
    Workspace,
)
from harken_server.core.submission import Receipt, Submission
from harken_server.core.validation import Checked, check_answers
from harken_server.storage.database import Database
from harken_server.storage.response_read import get_response

MAX_MERGE_ATTEMPTS = 8
"""How often a later sequence is merged again because another request stored one meanwhile."""

_digest_encoder = msgspec.json.Encoder(order="deterministic")


class Collection(msgspec.Struct, frozen=True):
    """What collecting needs: where to store, what is asked, and the time."""

    db: Database
    catalog: Catalog
    clock: Clock


class _Asked(msgspec.Struct, frozen=True):
    """What a submission answers: a survey version, perhaps by invitation."""

    loaded: LoadedSurvey
    invitation: Invitation | None
    refusal: HarkenError | None
    """Why nobody may start answering now; a response already stored may still go on."""


async def submit_response(
    room: Collection,
    submission: Submission,
    *,
    workspace: Workspace | None = None,
    channel: str = "api",
    is_sample: bool = False,
) -> Receipt:
    """Check a submission, store it durably, and give its receipt; a repeat gets the same one.

    Raises InvalidSubmissionError with every problem, NotFoundError (`survey_unknown`,
    `survey_draft`, `invitation_unknown`), GoneError (`survey_closed`, `invitation_expired`,
    `already_answered`, `response_erased`), ConflictError (`response_conflict`,
    `response_finished`), OverloadedError and StorageError.
    """
    asked = await _find_asked(room, submission, workspace)
    digest = _digest(submission)
    if submission.sequence == 1 and asked.refusal is None:
        checked = _check(asked.loaded, submission.answers, submission, asked.invitation)
        if not checked.problems:
            new = _new_response(
                room, submission, asked, checked, digest, channel=channel, is_sample=is_sample
            )
            outcome = await room.db.responses.store(new)
            if outcome.kind == "stored" and outcome.sequence == 1:
                return _receipt(submission, asked.loaded, outcome, checked.hidden)
            if outcome.kind != "outdated":
                return _settle(submission, asked, outcome)
    return await _submit_later(
        room, submission, asked, digest, channel=channel, is_sample=is_sample
    )


async def _submit_later(
    room: Collection,
    submission: Submission,
    asked: _Asked,
    digest: str,
    *,
    channel: str,
    is_sample: bool,
) -> Receipt:
    """The careful way, for anything but a good first submission: look at what is stored."""
    loaded = asked.loaded
    for _ in range(MAX_MERGE_ATTEMPTS):
        stored = await get_response(room.db, loaded.workspace.id, loaded.record.id, submission.id)
        if stored is None:
            if asked.refusal is not None:
                raise asked.refusal
        elif (known := _outcome_of_stored(stored, submission, digest)) is not None:
            return _settle(submission, await _pinned(room, asked, stored), known)
        elif asked.refusal is not None and asked.refusal.code == "already_answered":
            raise asked.refusal
        pinned = await _pinned(room, asked, stored)
        answers = _merge(pinned.loaded, stored, submission)
        checked = _check(pinned.loaded, answers, submission, asked.invitation)
        if checked.problems:
            raise invalid(checked.problems)
        new = _new_response(
            room,
            submission,
            pinned,
            checked,
            digest,
            channel=channel,
            is_sample=is_sample,
            stored=stored,
        )
        outcome = await room.db.responses.store(new)
        if outcome.kind != "outdated":
            return _settle(submission, pinned, outcome, checked.hidden)
    raise StorageError("The response is being changed by other requests; try again.")


async def _find_asked(
    room: Collection, submission: Submission, workspace: Workspace | None
) -> _Asked:
    invitation: Invitation | None = None
    refusal: HarkenError | None = None
    if submission.token is not None:
        invitation = await redeem_code(room.db, submission.token)
        if workspace is not None and invitation.workspace_id != workspace.id:
            raise NotFoundError("There is no such invitation.", code="invitation_unknown")
        loaded = await room.catalog.by_id(invitation.workspace_id, invitation.survey_id)
        _require_same_survey(submission, loaded)
        refusal = refusal_of_invitation(room, invitation, submission)
    elif submission.survey is not None:
        loaded = await room.catalog.find(submission.survey, workspace)
    else:
        raise invalid((Problem("$.survey", "missing", "Name the survey, or give a token."),))
    refusal = refusal or refusal_of_survey(loaded)
    number = submission.version
    if number is not None and number != loaded.number:
        loaded = await _load_named_version(room, loaded, number)
    return _Asked(loaded, invitation, refusal)


def refusal_of_survey(loaded: LoadedSurvey) -> HarkenError | None:
    """Why a survey takes no new responses; None when it is live."""
    key = loaded.record.key
    match loaded.record.status:
        case "live":
            return None
        case "draft":
            return NotFoundError(f"Survey {key} is not published yet.", code="survey_draft")
        case "closed":
            return GoneError(f"Survey {key} is closed.", code="survey_closed")


def refusal_of_invitation(
    room: Collection, invitation: Invitation, submission: Submission
) -> HarkenError | None:
    """Why an invitation cannot be answered by this response; None when it can."""
    claimed = invitation.response_id
    if invitation.is_single_use and claimed is not None and claimed != submission.id:
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


async def _pinned(room: Collection, asked: _Asked, stored: StoredResponse | None) -> _Asked:
    """A response stays with the version it was first stored under."""
    if stored is None or stored.version == asked.loaded.number:
        return asked
    loaded = await room.catalog.load(asked.loaded.workspace, asked.loaded.record, stored.version)
    return _Asked(loaded, asked.invitation, asked.refusal)


def _digest(submission: Submission) -> str:
    return hashlib.sha256(_digest_encoder.encode(submission)).hexdigest()[:32]


def _check(
    loaded: LoadedSurvey,
    answers: dict[str, Any],
    submission: Submission,
    invitation: Invitation | None,
) -> Checked:
    context: Mapping[str, Any] = submission.context
    if invitation is not None:
        context = {**context, **invitation.context}
    return check_answers(loaded.compiled, answers, dict(context), is_complete=submission.complete)


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


def _new_response(
    room: Collection,
    submission: Submission,
    asked: _Asked,
    checked: Checked,
    digest: str,
    *,
    channel: str,
    is_sample: bool,
    stored: StoredResponse | None = None,
) -> NewResponse:
    invitation = asked.invitation
    context = submission.context
    touchpoint, respondent, locale = (
        submission.touchpoint,
        submission.respondent,
        submission.locale,
    )
    channel = submission.channel or channel
    if invitation is not None:
        context = {**context, **invitation.context}
        touchpoint, channel = invitation.touchpoint, invitation.channel
        respondent = invitation.respondent or respondent
        locale = locale or invitation.locale
    return NewResponse(
        id=submission.id,
        workspace_id=asked.loaded.workspace.id,
        survey_id=asked.loaded.record.id,
        version=asked.loaded.number,
        sequence=submission.sequence,
        is_complete=submission.complete,
        digest=digest,
        received_at=room.clock(),
        answers=checked.rows,
        replaces=None if stored is None else stored.sequence,
        touchpoint=touchpoint or "",
        channel=channel,
        locale=locale or asked.loaded.survey.locale,
        respondent=respondent,
        invitation_id=None if invitation is None else invitation.id,
        is_single_use=invitation is not None and invitation.is_single_use,
        context=msgspec.json.encode(context).decode() if context else "{}",
        started_at=submission.started_at,
        is_sample=is_sample,
    )


def _outcome_of_stored(
    stored: StoredResponse, submission: Submission, digest: str
) -> StoreOutcome | None:
    """What a submission comes to without storing anything; None when it must be merged."""
    if stored.state == "erased":
        return StoreOutcome("erased")
    hidden = tuple(dict.fromkeys(row.question for row in stored.answers if row.is_hidden))
    is_complete = stored.state == "complete"
    found = (stored.version, stored.sequence, is_complete, stored.updated_at, hidden)
    if submission.sequence < stored.sequence:
        return StoreOutcome("superseded", *found)
    if submission.sequence == stored.sequence:
        kind = "repeated" if stored.digest == digest else "conflict"
        return StoreOutcome(kind, *found)
    return StoreOutcome("finished", *found) if is_complete else None


def _settle(
    submission: Submission,
    asked: _Asked,
    outcome: StoreOutcome,
    hidden: tuple[str, ...] | None = None,
) -> Receipt:
    match outcome.kind:
        case "stored" | "repeated" | "superseded":
            kept = outcome.hidden if hidden is None else hidden
            return _receipt(submission, asked.loaded, outcome, kept)
        case "conflict":
            raise ConflictError(
                f"Response {submission.id} is stored with another body for sequence "
                f"{submission.sequence}; nothing was changed.",
                code="response_conflict",
            )
        case "finished":
            raise ConflictError(
                f"Response {submission.id} is complete and takes no further answers.",
                code="response_finished",
            )
        case "already_answered":
            raise already_answered()
        case "erased":
            raise GoneError(f"Response {submission.id} was erased.", code="response_erased")
        case "outdated":
            raise StorageError("The response was changed by another request; try again.")


def _receipt(
    submission: Submission,
    loaded: LoadedSurvey,
    outcome: StoreOutcome,
    hidden: tuple[str, ...],
) -> Receipt:
    if outcome.updated_at is None:
        raise StorageError("The stored response has no time.")
    return Receipt(
        id=submission.id,
        survey=loaded.record.key,
        version=outcome.version,
        complete=outcome.is_complete,
        sequence=outcome.sequence,
        received_at=outcome.updated_at,
        hidden=hidden,
    )
