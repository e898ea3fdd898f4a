"""What is done when a message comes back: written down once, and who must not be asked is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

import msgspec

from harken_server.channels.email.rules.addresses import read_return_address
from harken_server.channels.email.rules.returns import SOFT_WITHIN, MailReturn, is_many
from harken_server.channels.email.store import (
    add_event,
    count_soft_bounces,
    find_by_address,
    find_by_message_id,
)
from harken_server.database.database import Database, Transaction
from harken_server.deliveries.rules import Delivery
from harken_server.deliveries.store.deliveries import get_delivery, note_return
from harken_server.respondents.store.suppressions import suppress, suppress_address


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a notice."""

    accepted: int
    """Events that were new."""
    repeated: int
    """Events that were known: nothing was changed again."""
    ignored: int
    """Events that say nothing of a bounce or a complaint."""


class Intake(msgspec.Struct, frozen=True):
    """Where returns are taken in: one workspace, at one time."""

    db: Database
    workspace_id: UUID
    signing_keys: Sequence[bytes]
    now: datetime
    new_id: Callable[[], UUID]

    async def take(self, returns: Sequence[MailReturn], ignored: int = 0) -> Taken:
        """Take everything that a notice told; the same again changes nothing."""
        fresh = sum([await self._take_one(_plain(event)) for event in returns])
        return Taken(accepted=fresh, repeated=len(returns) - fresh, ignored=ignored)

    async def _take_one(self, event: MailReturn) -> bool:
        occurred_at = min(event.occurred_at or self.now, self.now)
        async with self.db.transaction() as tx:
            delivery = await self._find(tx, event)
            is_new = await add_event(
                tx,
                self.workspace_id,
                event,
                delivery_id=None if delivery is None else delivery.id,
                occurred_at=occurred_at,
                now=self.now,
                new_id=self.new_id(),
            )
            if is_new:
                await self._heed(tx, event, delivery, occurred_at)
        return is_new

    async def _find(self, tx: Transaction, event: MailReturn) -> Delivery | None:
        """By the signed return address, else by our Message-ID, else by the recipient."""
        delivery_id = read_return_address(self.signing_keys, event.return_address)
        found = None
        if delivery_id is not None:
            found = await get_delivery(tx, self.workspace_id, delivery_id)
        if found is None and event.message_id:
            found = await find_by_message_id(tx, self.workspace_id, event.message_id)
        if found is None and event.address:
            found = await find_by_address(tx, self.workspace_id, event.address)
        return found

    async def _heed(
        self, tx: Transaction, event: MailReturn, delivery: Delivery | None, occurred_at: datetime
    ) -> None:
        match event.kind:
            case "hard":
                await self._note(tx, delivery, "bounced", event.detail)
                await self._leave_in_peace(tx, event, delivery, "bounced")
            case "soft":
                since = occurred_at - SOFT_WITHIN
                softly = await count_soft_bounces(tx, self.workspace_id, event.address, since)
                if is_many(softly):
                    await self._leave_in_peace(tx, event, delivery, "bounced")
            case "complaint":
                await self._note(tx, delivery, "complained", event.detail)
                await self._leave_in_peace(tx, event, delivery, "complained")
            case "unsubscribe":
                await self._leave_in_peace(tx, event, delivery, "unsubscribed")
            case "confirm":
                pass

    async def _note(
        self,
        tx: Transaction,
        delivery: Delivery | None,
        returned: Literal["bounced", "complained"],
        detail: str,
    ) -> None:
        if delivery is not None:
            await note_return(tx, delivery, returned, self.now, error=detail or returned)

    async def _leave_in_peace(
        self, tx: Transaction, event: MailReturn, delivery: Delivery | None, reason: str
    ) -> None:
        """The respondent, and everybody else at the address."""
        addresses = {event.address.lower(): event.address}
        if delivery is not None:
            addresses[delivery.address.lower()] = delivery.address
            await suppress(
                tx,
                self.workspace_id,
                delivery.respondent,
                reason=reason,
                now=self.now,
                new_id=self.new_id(),
            )
        for address in addresses.values():
            await suppress_address(tx, self.workspace_id, address, reason=reason, now=self.now)


def _plain(event: MailReturn) -> MailReturn:
    """Addresses in lower case, times aware: events of one mailbox are counted together."""
    occurred_at = event.occurred_at
    if occurred_at is not None and occurred_at.tzinfo is None:
        occurred_at = occurred_at.replace(tzinfo=UTC)
    return msgspec.structs.replace(
        event, address=event.address.strip().lower(), occurred_at=occurred_at
    )
