"""Answers that are never shown alone: how they are kept, and what is refused of them.

A survey with a minimum group keeps each answer back until enough others are there; then they become
one block (`responses.blocks`). An anonymous survey keeps besides nothing that leads from an answer
to a person: neither a name nor an invitation, and no time finer than a day.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from harken_server.http.problems import ForbiddenError
from harken_server.kernel.errors import OverloadedError, StorageError
from harken_server.kernel.ids import keyed_id
from harken_server.responses.asked import Collection
from harken_server.responses.codes import ALL
from harken_server.responses.response import CountFilter, NewResponse
from harken_server.responses.store.releasing import list_waiting, release_blocks
from harken_server.responses.submission import Submission, digest_of
from harken_server.surveys.catalog import LoadedSurvey
from harken_server.surveys.protection import minimum_of
from harken_server.surveys.survey import Survey
from harken_server.workspaces.workspace import Workspace

log = logging.getLogger("harken.responses")


def guard(survey: Survey, what: str) -> None:
    """Refuse what would show answers of the survey one by one, or of a few.

    `what` begins the sentence: "Single responses". Raises ForbiddenError (`small_groups`).
    """
    minimum = minimum_of(survey)
    if minimum:
        raise ForbiddenError(
            f"{what} of survey {survey.key} are not shown: its answers are shown of at least "
            f"{minimum} people together. Scores and the whole export are there.",
            code="small_groups",
        )


def guard_standing(survey: Survey, selection: CountFilter) -> None:
    """Refuse numbers of what does not count: nobody has put that together."""
    if selection.standing != "counted":
        guard(survey, f"Answers that are {selection.standing}")


def shelter_rows(survey: Survey, selection: CountFilter) -> CountFilter:
    """The filter under which rows or texts of the survey may be listed: of a protected one all that
    is shown, in no order. Raises ForbiddenError (`small_groups`) for any other.
    """
    if not minimum_of(survey):
        return selection
    if selection != CountFilter():
        guard(survey, "Parts of the answers")
    return CountFilter(is_sheltered=True)


def kept_id(keys: Sequence[bytes], loaded: LoadedSurvey, response_id: UUID) -> UUID:
    """Under what a response is stored: of an anonymous survey nobody can tell from it who sent it,
    or when, as from the id that a client made."""
    if not loaded.survey.anonymous:
        return response_id
    return keyed_id(keys[0], b"harken anonymous\n" + loaded.record.id.bytes, response_id.bytes)


def kept_as(
    keys: Sequence[bytes], loaded: LoadedSurvey, submission: Submission
) -> tuple[Submission, UUID]:
    """The submission under the id that it is stored by, and the id that its client knows."""
    if not loaded.survey.anonymous:
        return submission, submission.id
    own_id = kept_id(keys, loaded, submission.id)
    return msgspec.structs.replace(submission, id=own_id), submission.id


def kept_digest(keys: Sequence[bytes], loaded: LoadedSurvey, submission: Submission) -> bytes:
    """By what a repeat is told: of an anonymous survey nobody without the server's key can try out
    whose link or device it may have come by."""
    digest = digest_of(submission)
    if not loaded.survey.anonymous:
        return digest
    return keyed_id(keys[0], b"harken anonymous digest\n", digest).bytes


def day_of(now: datetime) -> datetime:
    """The beginning of the UTC day."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def shelter(new: NewResponse, loaded: LoadedSurvey) -> NewResponse:
    """The response as it is stored, where its survey shows none alone; else as it is."""
    if not loaded.minimum:
        return new
    waiting = "waiting" if new.standing == "counted" else new.standing
    new = msgspec.structs.replace(new, is_sheltered=True, standing=waiting, review_id=None)
    return _without_person(new, loaded) if loaded.survey.anonymous else new


def _without_person(new: NewResponse, loaded: LoadedSurvey) -> NewResponse:
    """Of the context what the house counts by; until the end also what the survey itself uses."""
    names = {each.key for each in loaded.workspace.dimensions if each.source == "context"}
    if not new.is_complete:
        names |= loaded.survey.context.keys()
    context = msgspec.json.decode(new.context, type=dict[str, object])
    kept = {name: value for name, value in context.items() if name in names}
    return msgspec.structs.replace(
        new,
        is_anonymous=True,
        respondent=None,
        proof="",
        probability=None,
        context=msgspec.json.encode(kept).decode(),
        claimed=ALL if new.claimed and kept else "",
        started_at=None,
        answered_at=None,
        received_at=day_of(new.received_at),
        resume_digest=None if new.is_complete else new.resume_digest,
        history="" if new.is_complete else new.history,
    )


def gathered_by(survey: Survey, workspace: Workspace) -> str:
    """By what answers are put together before they are shown."""
    first = next((each.name for each in workspace.dimensions), "touchpoint")
    return survey.grouped_by or first


async def release(room: Collection, answered: LoadedSurvey) -> None:
    """Show what can be shown by now of this survey. Where that fails, the worker comes to it."""
    if not answered.minimum:
        return
    loaded = await room.catalog.load(answered.workspace, answered.record)
    by = gathered_by(loaded.survey, loaded.workspace)
    is_closed = loaded.record.status == "closed"
    try:
        await release_blocks(
            room.db, loaded.record, loaded.minimum, by=by, now=room.clock(), is_due=is_closed
        )
    except (StorageError, OverloadedError) as error:
        extra = {"code": "release_put_off", "survey": loaded.record.key, "error": str(error)}
        log.warning("answers wait for the worker", extra=extra)


async def release_all(room: Collection) -> None:
    """Show what can be shown by now of every survey. A tick of the worker."""
    for workspace_id, survey_id in await list_waiting(room.db):
        await release(room, await room.catalog.by_id(workspace_id, survey_id))
