"""The most mails that a workspace sends in one day."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from harken_server.asking.store.decisions import decision_lock
from harken_server.channels.email.rules.times import day_start, is_cap_reached, next_day
from harken_server.channels.email.store.deliveries import count_handed_over
from harken_server.database.database import Transaction


async def wait_for_cap(
    tx: Transaction, workspace_id: UUID, cap: int, now: datetime
) -> datetime | None:
    """When the cap lets another mail through; None: now.

    Other workers wait at this point until the caller's transaction ends, so that none counts what
    another is about to send as not sent.
    """
    if cap <= 0:
        return None
    await decision_lock(tx, workspace_id, "mail cap")
    handed_over = await count_handed_over(tx, workspace_id, day_start(now))
    return next_day(now) if is_cap_reached(cap, handed_over) else None
