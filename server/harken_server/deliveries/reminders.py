"""One reminder for those who were delivered an invitation and have not answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from harken_server.database.database import Database
from harken_server.deliveries.channels import Channels
from harken_server.deliveries.queueing import queue_delivery
from harken_server.deliveries.rules import Delivery
from harken_server.deliveries.store.facts_sql import list_unanswered
from harken_server.invitations.store import get_invitation
from harken_server.respondents.store.suppressions import is_suppressed
from harken_server.surveys.definition import read_published
from harken_server.surveys.store.surveys import list_live_versions
from harken_server.surveys.survey import Survey
from harken_server.workspaces.store.workspaces import list_workspaces

DEFAULT_REMINDER_DAYS = 3
GRACE = timedelta(days=2)
"""A reminder that could not be queued for so long, because no worker ran, is left out."""
MOST_AT_ONCE = 500
"""Reminders of one survey queued in one round; the next round goes on."""


async def queue_reminders(
    db: Database, channels: Channels, *, now: datetime, new_id: Callable[[], UUID]
) -> int:
    """Queue what is due on the channels that remind; how many there were.

    It is queued once for each invitation, however often this runs.

    Whether the person must not be asked, or has answered meanwhile, is looked at again when the
    reminder is sent.
    """
    queued = 0
    reminding = [(channel, sends) for channel, sends in channels.senders() if sends.reminds]
    for workspace in await list_workspaces(db):
        for live in await list_live_versions(db, workspace.id):
            days = reminder_days(read_published(live.definition))
            if days <= 0:
                continue
            for channel, sends in reminding:
                until = now - timedelta(days=days)
                unanswered = await list_unanswered(
                    db,
                    workspace.id,
                    live.survey_id,
                    channel.name,
                    delivered=sends.delivered,
                    sent_after=until - GRACE,
                    sent_until=until,
                    now=now,
                    limit=MOST_AT_ONCE,
                )
                queued += await _remind(db, unanswered, now, new_id)
    return queued


def reminder_days(survey: Survey) -> int:
    """Days after which the survey reminds; 0 for never."""
    asking = survey.asking
    days = asking.reminder_days if asking is not None else None
    return DEFAULT_REMINDER_DAYS if days is None else days


async def _remind(
    db: Database, unanswered: Sequence[Delivery], now: datetime, new_id: Callable[[], UUID]
) -> int:
    queued = 0
    for delivery in unanswered:
        home = delivery.workspace_id
        if await is_suppressed(
            db, home, delivery.respondent, delivery.survey_id, address=delivery.address
        ):
            continue
        async with db.transaction() as tx:
            invitation = await get_invitation(tx, home, delivery.invitation_id)
            if invitation is None:
                continue
            added = await queue_delivery(
                tx,
                invitation=invitation,
                address=delivery.address,
                due_at=now,
                now=now,
                new_id=new_id,
                kind="reminder",
            )
            queued += added is not None
    return queued
