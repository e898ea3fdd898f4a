"""An address at which there is nobody is not written to again."""

from __future__ import annotations

from datetime import datetime

from harken_server.database.database import Database
from harken_server.deliveries.rules import Delivery
from harken_server.respondents.store.suppressions import suppress, suppress_address

BOUNCED = "bounced"


async def suppress_recipient(db: Database, delivery: Delivery, now: datetime) -> None:
    """Never ask the respondent of this delivery again, nor anybody at its address."""
    async with db.transaction() as tx:
        await suppress(
            tx,
            delivery.workspace_id,
            delivery.respondent,
            reason=BOUNCED,
            now=now,
            new_id=delivery.id,
        )
        await suppress_address(tx, delivery.workspace_id, delivery.address, reason=BOUNCED, now=now)
