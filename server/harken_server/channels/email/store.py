"""What is kept of mail: visits to its links, what came back of it, and links made beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from harken_server.channels.email import tables
from harken_server.channels.email.rules.returns import MailReturn, ReturnKind
from harken_server.channels.email.rules.visits import LinkVisit
from harken_server.database.database import Database, Transaction
from harken_server.database.locks import named_lock
from harken_server.database.records import Condition, Records, is_among
from harken_server.database.tables import Outbox
from harken_server.deliveries.rules import Delivery
from harken_server.deliveries.store.deliveries import DELIVERIES
from harken_server.deliveries.tables import Delivery as Sent
from harken_server.invitations.tables import Invitation

MOST_VISITS = 200
"""Of one invitation; the oldest make room for new ones, so that nobody can fill the disk."""


class _Name(msgspec.Struct, frozen=True):
    id: UUID


class _Promise(msgspec.Struct, frozen=True):
    id: UUID
    payload: str


class _HandOver(msgspec.Struct, frozen=True):
    handed_over_at: datetime


_VISITS = Records(tables.LinkVisit, LinkVisit)
_NAMES = Records(tables.LinkVisit, _Name)
_PROMISES = Records(Outbox, _Promise)
_HAND_OVERS = Records(Sent, _HandOver)


async def add_visit(
    db: Database,
    workspace_id: UUID,
    invitation_id: UUID,
    visit: LinkVisit,
    *,
    new_id: UUID,
    tx: Transaction | None = None,
) -> None:
    """Write a visit down, in the caller's transaction if there is one."""
    writer = db if tx is None else tx
    is_its = tables.LinkVisit.invitation_id == invitation_id
    too_many = await _NAMES.of(workspace_id).count(db, is_its) - MOST_VISITS + 1
    if too_many > 0:
        oldest = await _NAMES.of(workspace_id).all(
            db, is_its, order_by=(tables.LinkVisit.visited_at, tables.LinkVisit.id), limit=too_many
        )
        await _NAMES.of(workspace_id).remove(
            writer, is_among(tables.LinkVisit.id, [each.id for each in oldest])
        )
    values = {tables.LinkVisit.id: new_id, tables.LinkVisit.invitation_id: invitation_id}
    await _VISITS.of(workspace_id).add(writer, values | _VISITS.values_of(visit))


async def list_visits(db: Database, workspace_id: UUID, invitation_id: UUID) -> list[LinkVisit]:
    """The latest visits, in their order in time."""
    is_its = tables.LinkVisit.invitation_id == invitation_id
    return await _VISITS.of(workspace_id).all(
        db, is_its, order_by=(tables.LinkVisit.visited_at, tables.LinkVisit.id)
    )


async def list_promises(db: Database, workspace_id: UUID, invitation_id: UUID) -> list[str]:
    """Payloads of the outbox items that settle an invitation's visits, the latest first.

    Such an item has the id of the visit that it is about.
    """
    visits = await _NAMES.of(workspace_id).all(
        db,
        tables.LinkVisit.invitation_id == invitation_id,
        is_among(tables.LinkVisit.kind, ["confirm", "seen"]),
        order_by=(tables.LinkVisit.visited_at, tables.LinkVisit.id),
        is_descending=True,
    )
    ids = [visit.id for visit in visits]
    found = await _PROMISES.of(workspace_id).all(db, is_among(Outbox.id, ids)) if ids else []
    payloads = {promise.id: promise.payload for promise in found}
    return [payloads[each] for each in ids if each in payloads]


async def list_hand_overs(db: Database, workspace_id: UUID, invitation_id: UUID) -> list[datetime]:
    """When messages about an invitation were given to the mail server."""
    found = await _HAND_OVERS.of(workspace_id).all(
        db,
        Sent.invitation_id == invitation_id,
        Sent.channel == "email",
        Sent.handed_over_at.is_not_null(),
    )
    return [each.handed_over_at for each in found]


class MailEvent(msgspec.Struct, kw_only=True, frozen=True):
    """Something that came back, as it is kept."""

    id: UUID
    name: str
    """The provider and its own id of it."""
    kind: ReturnKind
    address: str
    delivery_id: UUID | None
    """The message it is about; None when that is not known."""
    detail: str
    occurred_at: datetime
    created_at: datetime


_EVENTS = Records(tables.MailEvent, MailEvent)
_IS_MAIL = Sent.channel == "email"


async def add_event(
    tx: Transaction,
    workspace_id: UUID,
    event: MailReturn,
    *,
    delivery_id: UUID | None,
    occurred_at: datetime,
    now: datetime,
    new_id: UUID,
) -> bool:
    """Keep what came back. False, with nothing changed, when it is known by its name."""
    values = {
        tables.MailEvent.id: new_id,
        tables.MailEvent.name: event.name,
        tables.MailEvent.kind: event.kind,
        tables.MailEvent.address: event.address,
        tables.MailEvent.delivery_id: delivery_id,
        tables.MailEvent.detail: event.detail,
        tables.MailEvent.occurred_at: occurred_at,
        tables.MailEvent.created_at: now,
    }
    return await _EVENTS.of(workspace_id).add(tx, values)


async def count_soft_bounces(
    tx: Transaction, workspace_id: UUID, address: str, since: datetime
) -> int:
    """How often an address took no mail for the moment, since a time."""
    return await _EVENTS.of(workspace_id).count(
        tx,
        tables.MailEvent.address == address,
        tables.MailEvent.occurred_at >= since,
        tables.MailEvent.kind == "soft",
    )


async def list_events(
    db: Database, workspace_id: UUID, *, before: UUID | None, limit: int
) -> list[MailEvent]:
    """What came back, the latest first; go on before the last one's id."""
    behind = () if before is None else (tables.MailEvent.id < before,)
    return await _EVENTS.of(workspace_id).all(
        db, *behind, order_by=(tables.MailEvent.id,), is_descending=True, limit=limit
    )


async def find_by_message_id(
    tx: Transaction, workspace_id: UUID, message_id: str
) -> Delivery | None:
    """The delivery with this Message-ID, given without angle brackets."""
    is_it = is_among(Sent.message_id, [message_id, f"<{message_id}>"])
    return await _latest(tx, workspace_id, is_it)


async def find_by_address(tx: Transaction, workspace_id: UUID, address: str) -> Delivery | None:
    """The latest delivery to this address that was handed over."""
    is_to = is_among(Sent.address, [address, address.lower()])
    return await _latest(tx, workspace_id, is_to & Sent.handed_over_at.is_not_null())


async def _latest(tx: Transaction, workspace_id: UUID, is_it: Condition) -> Delivery | None:
    found = await DELIVERIES.of(workspace_id).all(
        tx, _IS_MAIL, is_it, order_by=(Sent.id,), is_descending=True, limit=1
    )
    return found[0] if found else None


MAIL = "email"
"""The channel of these invitations."""


class PersonalLink(msgspec.Struct, kw_only=True, frozen=True):
    """What one recipient gets: a code, or the reason why they must not be asked."""

    respondent: str
    code: str = ""
    expires_at: datetime | None = None
    reason: str = ""


_LINKS = Records(Invitation, PersonalLink)


async def take_turn(tx: Transaction, workspace_id: UUID, survey_id: UUID) -> None:
    """Make those who make links for one survey take turns until `tx` ends."""
    await named_lock(tx, workspace_id, f"personal links {survey_id}")


async def find_links(
    db: Database | Transaction,
    workspace_id: UUID,
    survey_id: UUID,
    wave: str,
    respondents: Sequence[str],
) -> dict[str, PersonalLink]:
    """The links that these respondents have for this wave; the first one when there are several."""
    if not respondents:
        return {}
    latest_first = await _LINKS.of(workspace_id).all(
        db,
        Invitation.survey_id == survey_id,
        Invitation.wave == wave,
        Invitation.channel == MAIL,
        is_among(Invitation.respondent, respondents),
        order_by=(Invitation.created_at, Invitation.id),
        is_descending=True,
    )
    return {link.respondent: link for link in latest_first}
