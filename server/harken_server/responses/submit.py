"""The one way in: every route that creates a response calls `submit_response`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from harken_server.http.problems import BadRequestError
from harken_server.invitations.invitation import Invitation
from harken_server.kernel.errors import ConflictError, GoneError, Problem, StorageError
from harken_server.responses.asked import (
    Asked,
    Collection,
    already_answered,
    find_asked,
    invalid,
    knows_respondent,
    pin_version,
)
from harken_server.responses.dimensions import with_members
from harken_server.responses.response import NewResponse, Standing, StoredResponse, StoreOutcome
from harken_server.responses.store.batch import compare
from harken_server.responses.store.row import get_response
from harken_server.responses.store.writing import RESPONSES
from harken_server.responses.submission import Receipt, Submission, utc_milliseconds
from harken_server.surveys.answers.typed_rows import answers_from_rows
from harken_server.surveys.answers.validation import Checked, check_answers
from harken_server.surveys.catalog import LoadedSurvey
from harken_server.workspaces.workspace import Workspace

NEUTRAL_CHANNEL = "api"
"""A trigger's channel when it names none: the application hands the link over by itself."""
MAX_MERGE_ATTEMPTS = 8
"""How often a later sequence is merged again because another request stored one meanwhile."""

_digest_encoder = msgspec.json.Encoder(order="deterministic")


class Draft(msgspec.Struct, frozen=True):
    """All answers of a response, found good by `check_answers`, on their way into the store."""

    asked: Asked
    stored: StoredResponse | None
    checked: Checked


class _Sent(msgspec.Struct, frozen=True):
    """A submission on its way in."""

    submission: Submission
    digest: bytes
    channel: str
    """The channel of the route it came by, unless it names its own."""
    is_sample: bool
    is_verified: bool
    """Whether the respondent is proved rather than claimed."""
    standing: Standing


async def submit_response(
    room: Collection,
    submission: Submission,
    *,
    workspace: Workspace | None = None,
    channel: str = "api",
    is_sample: bool = False,
    is_trusted: bool = False,
    standing: Standing = "counted",
    draft: Draft | None = None,
) -> Receipt:
    """Check a submission, store it durably, and give its receipt; a repeat gets the same one.

    `is_trusted` says that whoever sends it may name the respondent: the site's own server.
    `standing` is that of a new response; one stored before keeps its own. `draft` is what these
    answers were found to come to a moment ago; if anything else was stored since, or any reason
    against it is known, all is done anew.

    Raises BadRequestError (`wrong_shape`) for a time out of the calendar, InvalidSubmissionError
    with every problem, NotFoundError (`survey_unknown`, `survey_draft`, `invitation_unknown`),
    GoneError (`survey_closed`, `invitation_expired`, `already_answered`, `response_erased`),
    ConflictError (`response_conflict`, `response_finished`), OverloadedError and StorageError.
    """
    if submission.started_at is not None:
        _require_calendar_time(submission.started_at)
    asked = await find_asked(room, submission, workspace) if draft is None else draft.asked
    is_verified = await knows_respondent(room, asked, submission, is_trusted=is_trusted)
    sent = _Sent(submission, _digest(submission), channel, is_sample, is_verified, standing)
    if draft is None and submission.sequence == 1 and asked.refusal is None:
        draft = Draft(asked, None, _check(asked, submission.answers, submission))
    if draft is not None and asked.refusal is None and not draft.checked.problems:
        new = await _new_response(room, sent, asked, draft.checked, draft.stored)
        outcome = await room.db.store(RESPONSES, new)
        if outcome.kind != "outdated":
            hidden = draft.checked.hidden if outcome.kind == "stored" else None
            return _settle(submission, asked.loaded, outcome, hidden)
    return await _submit_later(room, sent, asked)


async def _submit_later(room: Collection, sent: _Sent, asked: Asked) -> Receipt:
    """The careful way, for anything but a good first submission: look at what is stored."""
    loaded, submission = asked.loaded, sent.submission
    for _ in range(MAX_MERGE_ATTEMPTS):
        stored = await get_response(room.db, loaded.workspace.id, loaded.record.id, submission.id)
        if stored is None:
            if asked.refusal is not None:
                raise asked.refusal
        elif (known := _outcome_of_stored(stored, submission, sent.digest)) is not None:
            return _settle(submission, loaded, known)
        elif asked.refusal is not None and asked.refusal.code == "already_answered":
            raise asked.refusal
        pinned = await pin_version(room, asked, stored)
        checked = _check(pinned, _merge(pinned.loaded, stored, submission), submission)
        if checked.problems:
            raise invalid(checked.problems)
        new = await _new_response(room, sent, pinned, checked, stored)
        outcome = await room.db.store(RESPONSES, new)
        if outcome.kind != "outdated":
            return _settle(submission, loaded, outcome, checked.hidden)
    raise StorageError("The response is being changed by other requests; try again.")


def _require_calendar_time(time: datetime) -> None:
    try:
        utc_milliseconds(time)
    except ValueError as error:
        problem = Problem("$.started_at", "wrong_shape", str(error))
        raise BadRequestError(
            f"{error} (at {problem.path})", code="wrong_shape", status=422, problems=(problem,)
        ) from error


def _digest(submission: Submission) -> bytes:
    if submission.signature is not msgspec.UNSET:
        submission = msgspec.structs.replace(submission, signature=msgspec.UNSET)
    return hashlib.sha256(_digest_encoder.encode(submission)).digest()[:16]


def _check(asked: Asked, answers: dict[str, Any], submission: Submission) -> Checked:
    context: Mapping[str, Any] = submission.context
    if asked.invitation is not None:
        context = {**context, **asked.invitation.context}
    return check_answers(
        asked.loaded.compiled, answers, dict(context), is_complete=submission.complete
    )


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


async def _new_response(
    room: Collection, sent: _Sent, asked: Asked, checked: Checked, stored: StoredResponse | None
) -> NewResponse:
    new = _undivided_response(room, sent, asked, checked, stored)
    wave = "" if asked.invitation is None else asked.invitation.wave
    dimensions = asked.loaded.workspace.dimensions
    return await with_members(room.db, new, dimensions, wave) if dimensions or wave else new


def _undivided_response(
    room: Collection, sent: _Sent, asked: Asked, checked: Checked, stored: StoredResponse | None
) -> NewResponse:
    submission, invitation = sent.submission, asked.invitation
    context = submission.context
    touchpoint, respondent = submission.touchpoint, submission.respondent
    channel, locale = submission.channel or sent.channel, submission.locale
    if invitation is not None:
        context = {**context, **invitation.context}
        touchpoint = invitation.touchpoint
        channel = _channel_of_invited(invitation, submission, stored)
        respondent = invitation.respondent or respondent
        locale = locale or invitation.locale
    return NewResponse(
        id=submission.id,
        survey=asked.loaded.record,
        version=asked.loaded.number,
        sequence=submission.sequence,
        is_complete=submission.complete,
        digest=sent.digest,
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
        started_at=submission.started_at and utc_milliseconds(submission.started_at),
        is_sample=sent.is_sample,
        is_verified=sent.is_verified or _is_same_verified(stored, respondent),
        standing=sent.standing,
    )


def _channel_of_invited(
    invitation: Invitation, submission: Submission, stored: StoredResponse | None
) -> str:
    """Where the response was begun; what a trigger through the API left open, the reply may say."""
    if stored is not None:
        return stored.channel
    if invitation.channel == NEUTRAL_CHANNEL and submission.channel is not None:
        return submission.channel
    return invitation.channel


def _is_same_verified(stored: StoredResponse | None, respondent: str | None) -> bool:
    """Who was proved once stays so; another name has to be proved anew."""
    return stored is not None and stored.is_verified and stored.respondent == respondent


def _outcome_of_stored(
    stored: StoredResponse, submission: Submission, digest: bytes
) -> StoreOutcome | None:
    """What a submission comes to without storing anything; None when it must be merged."""
    kind = compare(submission.sequence, digest, (stored.sequence, stored.digest, stored.state))
    if kind is None:
        return None
    hidden = tuple(dict.fromkeys(row.question for row in stored.answers if row.is_hidden))
    is_complete = stored.state == "complete"
    return StoreOutcome(
        kind, stored.version, stored.sequence, is_complete, stored.updated_at, hidden
    )


def _settle(
    submission: Submission,
    loaded: LoadedSurvey,
    outcome: StoreOutcome,
    hidden: tuple[str, ...] | None = None,
) -> Receipt:
    match outcome.kind:
        case "stored" | "repeated" | "superseded":
            if outcome.updated_at is None:
                raise StorageError("The stored response has no time.")
            return Receipt(
                id=submission.id,
                survey=loaded.record.key,
                version=outcome.version,
                complete=outcome.is_complete,
                sequence=outcome.sequence,
                received_at=outcome.updated_at,
                hidden=outcome.hidden if hidden is None else hidden,
            )
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
