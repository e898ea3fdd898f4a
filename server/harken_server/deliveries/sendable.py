"""Whether a delivery may be sent at this moment, and what it is made of."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

import msgspec

from harken_server.database.database import Database, Transaction
from harken_server.deliveries.rules import Delivery, DeliveryState
from harken_server.deliveries.sender import Content
from harken_server.deliveries.store.facts_sql import SendFacts, read_send_facts
from harken_server.invitations.store import get_invitation
from harken_server.respondents.store.suppressions import is_suppressed
from harken_server.surveys.definition import read_published
from harken_server.surveys.store.surveys import get_version
from harken_server.workspaces.store.workspaces import get_workspace

_read_survey = lru_cache(maxsize=32)(read_published)
"""Published definitions never change, and many deliveries in a row show the same one."""


class Against(msgspec.Struct, frozen=True):
    """Why a delivery is not sent, now or ever."""

    state: DeliveryState
    reason: str


async def why_not(
    db: Database | Transaction, delivery: Delivery, now: datetime
) -> SendFacts | Against:
    """What stands against sending it; the facts when nothing does."""
    facts = await read_send_facts(db, delivery)
    if facts is None:
        return Against("cancelled", "The invitation is not there any more.")
    if await is_suppressed(
        db,
        delivery.workspace_id,
        delivery.respondent,
        delivery.survey_id,
        address=delivery.address,
    ):
        return Against("suppressed", "This respondent or this address must not be asked.")
    reason = _nothing_to_ask(facts, now)
    return facts if reason is None else Against("cancelled", reason)


async def read_content(db: Database, delivery: Delivery, version: int) -> Content:
    """Read what the delivery is about; ValueError when a part of it is gone."""
    home = delivery.workspace_id
    invitation = await get_invitation(db, home, delivery.invitation_id)
    published = await get_version(db, home, delivery.survey_id, version)
    workspace = await get_workspace(db, home)
    if invitation is None or published is None or workspace is None:
        raise ValueError("the invitation or its survey is not there any more")
    return Content(invitation, _read_survey(published.definition), workspace.name)


def _nothing_to_ask(facts: SendFacts, now: datetime) -> str | None:
    if facts.survey_status != "live":
        return f"The survey is {facts.survey_status}."
    if facts.response_id is not None:
        return "The invitation has been answered."
    if facts.dismissed_at is not None:
        return "The invitation has been dismissed."
    if facts.expires_at is not None and facts.expires_at <= now:
        return "The invitation has expired."
    return None
