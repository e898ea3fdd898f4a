"""Calls about messages: deliveries, visits to their links, what comes back, and the outbox."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from isolation import (
    EARLIER,
    LATER,
    NOW,
    OPEN,
    OURS,
    SECRET,
    SURVEY,
    Theme,
    build_invitations,
    build_survey,
    fresh,
    item,
    within,
)

from harken_server.channels.email import store as mail_store
from harken_server.channels.email.rules.returns import MailReturn
from harken_server.channels.email.rules.visits import LinkVisit
from harken_server.channels.email.store import MOST_VISITS
from harken_server.channels.email.tables import MailEvent
from harken_server.channels.messages import store as messages
from harken_server.database import outbox
from harken_server.database.database import Database
from harken_server.deliveries.rules import Delivery
from harken_server.deliveries.store import deliveries, facts_sql, failed_sql
from harken_server.respondents.store import erasing

QUEUED, SENT, FAILED = UUID(int=0xA31), UUID(int=0xA32), UUID(int=0xA33)
HELD, GIVEN_UP = UUID(int=0xA34), UUID(int=0xA35)
VISIT, EVENT, MESSAGE = UUID(int=0xA36), UUID(int=0xA37), UUID(int=0xA38)
ADDRESS = "kim@example.org"
BOUNCE = MailReturn(name="sink:1", kind="soft", address=ADDRESS)
CONFIRMED = LinkVisit(kind="confirm", value="9", visited_at=NOW)


def delivery(workspace_id: UUID, **changes: Any) -> Delivery:
    """The delivery QUEUED, as if it were of this workspace."""
    values: dict[str, Any] = {
        "id": QUEUED, "survey_id": SURVEY, "invitation_id": OPEN, "respondent": "kim",
        "channel": "email", "wave": "1", "kind": "invitation", "address": ADDRESS, "state": "queued", "attempts": 0,
        "created_at": NOW, "due_at": NOW,
    }  # fmt: skip
    return Delivery(workspace_id=workspace_id, **{**values, **changes})


def sent(workspace_id: UUID, **changes: Any) -> Delivery:
    values: dict[str, Any] = {
        "id": SENT, "wave": "2", "state": "sent", "message_id": "<m@example.org>",
        "handed_over_at": NOW,
    }  # fmt: skip
    return delivery(workspace_id, **{**values, **changes})


def failed(workspace_id: UUID) -> Delivery:
    return delivery(
        workspace_id, id=FAILED, wave="3", state="failed", finished_at=NOW, last_error=SECRET
    )


async def build_deliveries(db: Database) -> None:
    await build_survey(db)
    await build_invitations(db)
    for one in (delivery(OURS), sent(OURS), failed(OURS)):
        await within(db, lambda tx, one=one: deliveries.add_delivery(tx, one))


async def build_exchange(db: Database) -> None:
    await build_deliveries(db)
    await build_visits(db)
    await within(db, lambda tx: note_event(tx, OURS, EVENT))
    for message, is_skip in ((MESSAGE, True), (UUID(int=0xA39), False)):
        await note(db, OURS, message, is_skip=is_skip)


async def build_visits(db: Database, workspace_id: UUID = OURS) -> None:
    """As many as are kept of an invitation; a promise of work goes with the last one."""
    last = VISIT if workspace_id == OURS else fresh(workspace_id)
    async with db.transaction() as tx:
        for number in range(MOST_VISITS - 1):
            await tx.execute(
                "INSERT INTO link_visit (id, workspace_id, invitation_id, kind, value, visited_at)"
                " VALUES ($1, $2, $3, 'open', '', $4)",
                uuid5(workspace_id, str(number)),
                workspace_id,
                OPEN,
                EARLIER,
            )
        await outbox.enqueue(
            tx, workspace_id, id=last, kind="mail.settle", payload=f'"{SECRET}"', now=NOW,
            due_at=LATER,
        )  # fmt: skip
    await mail_store.add_visit(db, workspace_id, OPEN, CONFIRMED, new_id=last)


async def build_outbox(db: Database) -> None:
    """An item that a worker holds, and one that was given up."""
    await within(db, lambda tx: promise(tx, OURS, GIVEN_UP))
    given_up = (await outbox.claim_due(db, NOW, 1, 30))[0]
    await outbox.fail(db, given_up, NOW, error=SECRET, due_at=None)
    await within(db, lambda tx: promise(tx, OURS, HELD))
    await outbox.claim_due(db, NOW, 1, 30)


async def promise(tx: Any, workspace_id: UUID, id: UUID) -> None:  # noqa: A002
    await outbox.enqueue(tx, workspace_id, id=id, kind="email.send", payload="{}", now=NOW)


async def note(db: Database, workspace_id: UUID, message: UUID, *, is_skip: bool = True) -> None:
    await messages.note_message(
        db, workspace_id, message, invitation_id=OPEN, question="why", is_skip=is_skip, now=NOW
    )


async def note_event(tx: Any, workspace_id: UUID, new_id: UUID) -> bool:
    return await mail_store.add_event(
        tx, workspace_id, BOUNCE, delivery_id=SENT, occurred_at=NOW, now=NOW, new_id=new_id
    )


DELIVERIES = Theme(
    build=build_deliveries,
    reads={
        "deliveries.deliveries.get_delivery": lambda db, w: deliveries.get_delivery(db, w, QUEUED),
        "deliveries.deliveries.list_deliveries": lambda db, w: deliveries.list_deliveries(db, w),
        "deliveries.deliveries.list_deliveries: all filters": lambda db, w: (
            deliveries.list_deliveries(
                db, w, survey_id=SURVEY, invitation_id=OPEN, state="sent", before=FAILED
            )
        ),
        "deliveries.deliveries.count_handed_over": lambda db, w: deliveries.count_handed_over(
            db, w, "email", EARLIER
        ),
        "deliveries.facts_sql.read_send_facts": lambda db, w: facts_sql.read_send_facts(
            db, delivery(w)
        ),
        "deliveries.facts_sql.list_unanswered": lambda db, w: facts_sql.list_unanswered(
            db,
            w,
            SURVEY,
            "email",
            delivered=("sent",),
            sent_after=EARLIER,
            sent_until=LATER,
            now=NOW,
            limit=9,
        ),
        "deliveries.failed_sql.count_failed": lambda db, w: failed_sql.count_failed(db, w, EARLIER),
        "deliveries.failed_sql.is_waiting": lambda db, w: failed_sql.is_waiting(db, w, "email"),
        "email.list_hand_overs": lambda db, w: mail_store.list_hand_overs(db, w, OPEN),
        "email.find_by_message_id": lambda db, w: within(
            db, lambda tx: mail_store.find_by_message_id(tx, w, "m@example.org")
        ),
        "email.find_by_address": lambda db, w: within(
            db, lambda tx: mail_store.find_by_address(tx, w, ADDRESS)
        ),
    },
    changes={
        "deliveries.deliveries.start_sending": lambda db, w: within(
            db, lambda tx: deliveries.start_sending(tx, delivery(w), NOW, message_id="<n@b>")
        ),
        "deliveries.deliveries.postpone": lambda db, w: deliveries.postpone(
            db, delivery(w), due_at=LATER, error="busy", is_attempt=True
        ),
        "deliveries.deliveries.settle": lambda db, w: deliveries.settle(
            db, delivery(w), "cancelled", NOW
        ),
        "deliveries.deliveries.requeue_failed": lambda db, w: within(
            db, lambda tx: deliveries.requeue_failed(tx, failed(w), LATER)
        ),
        "deliveries.deliveries.note_return": lambda db, w: deliveries.note_return(
            db, sent(w), "bounced", NOW, error="no such mailbox"
        ),
    },
    additions={
        "deliveries.deliveries.add_delivery": lambda db, w: within(
            db, lambda tx: deliveries.add_delivery(tx, delivery(w, id=fresh(w)))
        ),
    },
    taken={
        "deliveries.deliveries.add_delivery: with an id that is there": lambda db, w: within(
            db, lambda tx: deliveries.add_delivery(tx, delivery(w, wave="9"))
        ),
    },
)

EXCHANGE = Theme(
    build=build_exchange,
    reads={
        "email.list_visits": lambda db, w: mail_store.list_visits(db, w, OPEN),
        "email.list_promises": lambda db, w: mail_store.list_promises(db, w, OPEN),
        "email.count_soft_bounces": lambda db, w: within(
            db, lambda tx: mail_store.count_soft_bounces(tx, w, ADDRESS, EARLIER)
        ),
        "email.list_events": lambda db, w: mail_store.list_events(db, w, before=None, limit=9),
        "messages.question_of_message": lambda db, w: messages.question_of_message(
            db, w, OPEN, MESSAGE
        ),
        "messages.list_replies": lambda db, w: messages.list_replies(db, w, OPEN),
    },
    changes={
        "messages.forget_messages": lambda db, w: messages.forget_messages(db, w, OPEN),
        "respondents.erasing.forget_address": lambda db, w: within(
            db, lambda tx: erasing.forget_address(tx, w, MailEvent, ADDRESS)
        ),
    },
    additions={
        # For OURS the oldest visit makes room for the new one; for THEIRS none may.
        "email.add_visit": lambda db, w: mail_store.add_visit(
            db, w, OPEN, LinkVisit(kind="open", visited_at=LATER), new_id=fresh(w)
        ),
        "email.add_event": lambda db, w: within(db, lambda tx: note_event(tx, w, fresh(w))),
        "messages.note_message": lambda db, w: note(db, w, fresh(w)),
    },
    taken={
        "email.add_event: with an id that is there": lambda db, w: within(
            db, lambda tx: note_event(tx, w, EVENT)
        ),
        "messages.note_message: with an id that is there": lambda db, w: note(db, w, MESSAGE),
    },
)

OUTBOX = Theme(
    build=build_outbox,
    reads={
        "database.outbox.is_ours": lambda db, w: within(
            db, lambda tx: outbox.is_ours(tx, item(w, HELD))
        ),
    },
    changes={
        "database.outbox.renew": lambda db, w: outbox.renew(
            db, item(w, HELD), NOW + timedelta(seconds=5), 30
        ),
        "database.outbox.finish": lambda db, w: outbox.finish(db, item(w, HELD), NOW),
        "database.outbox.forget": lambda db, w: outbox.forget(db, item(w, HELD)),
        "database.outbox.finish_promised": lambda db, w: outbox.finish_promised(db, w, HELD, NOW),
        "database.outbox.fail": lambda db, w: outbox.fail(
            db, item(w, HELD), NOW, error="no route", due_at=LATER
        ),
        "database.outbox.requeue": lambda db, w: outbox.requeue(db, w, GIVEN_UP, LATER),
    },
    additions={
        "database.outbox.enqueue": lambda db, w: within(db, lambda tx: promise(tx, w, fresh(w))),
    },
    taken={
        "database.outbox.enqueue: with an id that is there": lambda db, w: within(
            db, lambda tx: promise(tx, w, HELD)
        ),
    },
)
