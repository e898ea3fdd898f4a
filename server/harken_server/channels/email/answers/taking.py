"""Answers given from a message: stored at once as provisional, judged when their burst is over.

A person may change the answer for a day. Whatever a program sends over an answer that counted is
taken back: the last human answer wins.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from harken_server.channels.email import store as mail_store
from harken_server.channels.email.rules.visits import SETTLES_AFTER, LinkVisit, VisitKind
from harken_server.database import outbox
from harken_server.invitations.invitation import Invitation
from harken_server.kernel.errors import ConflictError
from harken_server.responses.asked import Collection
from harken_server.responses.known import Way
from harken_server.responses.response import DOUBTFUL
from harken_server.responses.sittings import (
    Sitting,
    Step,
    advance,
    is_changed,
    open_sitting,
    save_step,
)
from harken_server.responses.store.changing import reopen_response
from harken_server.responses.store.row import get_response
from harken_server.responses.submission import Submission
from harken_server.responses.submit import submit_response
from harken_server.surveys.catalog import LoadedSurvey
from harken_server.surveys.survey import Survey

log = logging.getLogger("harken.mail")

MAIL_SETTLE = "mail.settle"
"""Kind of the outbox item that judges a visit; it has the visit's id."""
EDIT_WINDOW = timedelta(hours=24)
"""How long a finished answer that counts may be changed through the link of its message."""


class StoredAnswers(msgspec.Struct, frozen=True):
    """What counted before it was changed."""

    answers: dict[str, Any]
    is_complete: bool


class SettlePayload(msgspec.Struct, kw_only=True, frozen=True):
    """Payload of a `MAIL_SETTLE` item."""

    invitation_id: UUID
    response_id: UUID
    sequence: int
    """Of the response, once what the visit sent is stored."""
    visit: LinkVisit
    kept: StoredAnswers | None = None
    """What to go back to if a program made the visit."""


class MailVisitor(msgspec.Struct, frozen=True):
    """Somebody, or something, at a link of a message."""

    invitation: Invitation
    value: str
    """The answer that the pressed link stands for; empty for none."""
    visited_at: datetime
    new_id: Callable[[], UUID]

    def visit(self, kind: VisitKind) -> LinkVisit:
        """The visit as evidence."""
        return LinkVisit(kind=kind, value=self.value, visited_at=self.visited_at)

    async def note(self, room: Collection, kind: VisitKind) -> None:
        """Write the visit down; nothing else changes."""
        invitation = self.invitation
        await mail_store.add_visit(
            room.db,
            invitation.workspace_id,
            invitation.id,
            self.visit(kind),
            new_id=self.new_id(),
        )

    async def open(
        self, room: Collection, loaded: LoadedSurvey, response_id: UUID, context: dict[str, Any]
    ) -> Sitting:
        """What is stored, as `open_sitting` gives it, with what may still be changed."""
        sitting = await open_sitting(room, loaded, response_id, context)
        return msgspec.structs.replace(
            sitting,
            loaded=for_one_press(sitting.loaded),
            is_revisable=_is_revisable(sitting, self.visited_at),
        )

    async def save(
        self, room: Collection, sitting: Sitting, step: Step, *, is_complete: bool, **how: Any
    ) -> None:
        """Store the page as `save_step` does, and have it judged unless it only adds answers."""
        is_whole = is_complete or (sitting.is_complete and step.is_whole)
        is_new = is_changed(sitting, step) or is_whole != sitting.is_complete
        if sitting.sequence == 0 and not is_new:
            return
        is_counted = sitting.standing == "counted" and sitting.sequence > 0
        is_taken_up = is_new and (sitting.is_complete or (is_counted and _replaces(sitting, step)))
        if not is_counted or is_taken_up:
            await self.promise(room, sitting, "confirm", sitting.sequence + is_new)
        else:
            await self.note(room, "confirm")
        if is_taken_up:
            place = (self.invitation.workspace_id, self.invitation.survey_id)
            await reopen_response(room.db, *place, sitting.response_id)
            stored = await get_response(room.db, *place, sitting.response_id)
            if stored is None or stored.sequence != sitting.sequence:
                # Saved now it would have a sequence that nobody promised to judge.
                raise ConflictError("The response was changed meanwhile; look at it again.")
            sitting = msgspec.structs.replace(sitting, stored=stored)
        if is_new:
            await save_step(room, sitting, step, is_complete=is_whole, **how)

    async def report(self, room: Collection, sitting: Sitting, answers: dict[str, Any]) -> None:
        """Keep a pressed rating, not confirmed yet, of somebody who is on the page.

        It stays provisional until it is confirmed. What a person has confirmed is not touched.
        """
        is_same = {key: sitting.answers.get(key) for key in answers} == answers
        if sitting.is_complete or sitting.standing == "quarantined" or is_same:
            await self.note(room, "seen")
            return
        if sitting.sequence and (
            sitting.standing != "provisional" or await self._is_confirmed(room, sitting)
        ):
            await self.note(room, "seen")
            return
        await self.promise(room, sitting, "seen", sitting.sequence + 1)
        submission = Submission(
            id=sitting.response_id,
            version=sitting.loaded.number,
            token=self.invitation.code,
            answers=answers,
            complete=False,
            sequence=sitting.sequence + 1,
        )
        try:
            await submit_response(room, submission, Way(channel="email", standing="provisional"))
        except ConflictError:
            log.info("a page was reported twice at once", extra={"code": "seen_twice"})

    async def promise(
        self, room: Collection, sitting: Sitting, kind: VisitKind, sequence: int
    ) -> None:
        """Write the visit down together with the promise to judge it.

        That comes before anything is stored, so that nothing can stay unjudged for ever.
        """
        invitation, visit_id, visit = self.invitation, self.new_id(), self.visit(kind)
        payload = SettlePayload(
            invitation_id=invitation.id,
            response_id=sitting.response_id,
            sequence=sequence,
            visit=visit,
            kept=await self._kept(room, sitting),
        )
        async with room.db.transaction() as tx:
            await mail_store.add_visit(
                room.db, invitation.workspace_id, invitation.id, visit, new_id=visit_id, tx=tx
            )
            await outbox.enqueue(
                tx,
                invitation.workspace_id,
                id=visit_id,
                kind=MAIL_SETTLE,
                payload=msgspec.json.encode(payload).decode(),
                now=room.clock(),
                due_at=self.visited_at + SETTLES_AFTER,
            )

    async def _kept(self, room: Collection, sitting: Sitting) -> StoredAnswers | None:
        """What counts now; while that is in doubt, what counted before the doubt began."""
        if sitting.sequence and sitting.standing == "counted":
            return StoredAnswers(sitting.answers, sitting.is_complete)
        for promise in await list_promises(room, self.invitation, sitting.response_id):
            if promise.sequence == sitting.sequence:
                return promise.kept
        return None

    async def _is_confirmed(self, room: Collection, sitting: Sitting) -> bool:
        promises = await list_promises(room, self.invitation, sitting.response_id)
        return any(promise.visit.kind == "confirm" for promise in promises)


async def list_promises(
    room: Collection, invitation: Invitation, response_id: UUID
) -> list[SettlePayload]:
    """What was promised to be judged of a response, judged or not, the latest first."""
    found = await mail_store.list_promises(room.db, invitation.workspace_id, invitation.id)
    promises = [msgspec.json.decode(text, type=SettlePayload) for text in found]
    return [promise for promise in promises if promise.response_id == response_id]


def for_one_press(loaded: LoadedSurvey) -> LoadedSurvey:
    """The survey as it is shown from a message: one press is enough to send the first answer.

    Where a later question must be answered, questions come one at a time.
    """
    survey = loaded.survey
    if survey.presentation.pages == "question" or not _must_answer_more(survey):
        return loaded
    one_by_one = msgspec.structs.replace(survey.presentation, pages="question")
    changed = msgspec.structs.replace(survey, presentation=one_by_one)
    return msgspec.structs.replace(loaded, survey=changed)


def _must_answer_more(survey: Survey) -> bool:
    asked = [question for question in survey.questions if question.behaviour.takes_answer]
    return any(question.required for question in asked[1:])


def _is_revisable(sitting: Sitting, now: datetime) -> bool:
    if not sitting.is_complete:
        return sitting.standing != "excluded"
    if sitting.standing in DOUBTFUL:
        return True
    completed_at = sitting.stored and sitting.stored.completed_at
    is_recent = completed_at is not None and now < completed_at + EDIT_WINDOW
    return sitting.standing == "counted" and is_recent


def _replaces(sitting: Sitting, step: Step) -> bool:
    """Whether the page takes back or changes an answer; adding one is none of that."""
    after = advance(sitting, step).answers
    return any(after.get(key) != given for key, given in sitting.answers.items())
