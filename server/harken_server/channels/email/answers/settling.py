"""Judge what came from a message: into the counts, into quarantine, or back to what counted."""

from __future__ import annotations

import logging

import msgspec

from harken_server.channels.email import store as mail_store
from harken_server.channels.email.answers.taking import SettlePayload, StoredAnswers, list_promises
from harken_server.channels.email.rules.visits import judge_visit
from harken_server.database.outbox import OutboxItem
from harken_server.invitations.invitation import Invitation
from harken_server.invitations.store import get_invitation
from harken_server.responses.asked import Collection
from harken_server.responses.escalating import review_response
from harken_server.responses.known import Way
from harken_server.responses.response import DOUBTFUL, Standing, StoredResponse
from harken_server.responses.store.changing import reopen_response, set_standing
from harken_server.responses.store.row import get_response
from harken_server.responses.submission import Submission
from harken_server.responses.submit import submit_response

log = logging.getLogger("harken.mail")


async def settle_answer(room: Collection, item: OutboxItem) -> None:
    """Judge one visit of a `mail.settle` item; doing so again changes nothing.

    A person's confirmation makes the response count. A program's is quarantined, or what counted
    before comes back. Raises StorageError and OverloadedError: try again.
    """
    payload = msgspec.json.decode(item.payload, type=SettlePayload)
    invitation = await get_invitation(room.db, item.workspace_id, payload.invitation_id)
    if invitation is None:
        return
    place = (invitation.workspace_id, invitation.survey_id)
    stored = await get_response(room.db, *place, payload.response_id)
    if stored is None or stored.state == "erased":
        return
    if stored.sequence > payload.sequence:
        await _finish_restoring(room, invitation, stored, payload)
    elif stored.sequence < payload.sequence:
        # It was never stored; only the doubt was.
        if payload.kept is not None and stored.standing == "provisional":
            await _restore(room, invitation, stored, payload.kept)
    else:
        await _judge(room, invitation, stored, payload)


async def _judge(
    room: Collection, invitation: Invitation, stored: StoredResponse, payload: SettlePayload
) -> None:
    place = (invitation.workspace_id, invitation.id)
    signs = judge_visit(
        payload.visit,
        await mail_store.list_visits(room.db, *place),
        await mail_store.list_hand_overs(room.db, *place),
    )
    if not signs:
        if payload.visit.kind == "confirm" and stored.standing in DOUBTFUL:
            await _set(room, invitation, stored, "counted")
        return
    log.info(
        "a program answered from a message",
        extra={"code": "mail_quarantined", "response": str(stored.id), "signs": list(signs)},
    )
    if payload.kept is not None and stored.standing in DOUBTFUL:
        await _restore(room, invitation, stored, payload.kept)
    elif stored.standing == "provisional":
        await _set(room, invitation, stored, "quarantined")


async def _restore(
    room: Collection, invitation: Invitation, stored: StoredResponse, kept: StoredAnswers
) -> None:
    """Store what counted before as the latest answers, and let it count."""
    if stored.state == "complete":
        place = (invitation.workspace_id, invitation.survey_id)
        await reopen_response(room.db, *place, stored.id)
    given = {row.question for row in stored.answers}
    submission = Submission(
        id=stored.id,
        version=stored.version,
        token=invitation.code,
        answers=kept.answers,
        cleared=tuple(sorted(given - kept.answers.keys())),
        complete=kept.is_complete,
        sequence=stored.sequence + 1,
        locale=stored.locale,
        started_at=stored.started_at,
    )
    await submit_response(room, submission, Way(channel=stored.channel))
    await _set(room, invitation, stored, "counted")


async def _finish_restoring(
    room: Collection, invitation: Invitation, stored: StoredResponse, payload: SettlePayload
) -> None:
    """A later sequence is judged by its own promise; one without any was being restored."""
    if payload.kept is None or stored.standing != "provisional":
        return
    promised = {promise.sequence for promise in await list_promises(room, invitation, stored.id)}
    if stored.sequence not in promised:
        await _set(room, invitation, stored, "counted")


async def _set(
    room: Collection, invitation: Invitation, stored: StoredResponse, standing: Standing
) -> None:
    owner = invitation.workspace_id, invitation.survey_id
    await set_standing(room.db, *owner, stored.id, standing)
    await review_response(room.db, *owner, stored.id, room.clock())
