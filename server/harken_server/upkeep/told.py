"""A restored or moved database says so, in the audit log of each of its workspaces."""

from __future__ import annotations

import secrets
from typing import Any, Literal

from harken_server.database.accompanied import Also
from harken_server.database.database import Transaction
from harken_server.kernel.clock import Clock
from harken_server.kernel.ids import RANDOM_BYTES, uuid7
from harken_server.workspaces.store import audit


def told(action: Literal["restore", "move"], clock: Clock, **detail: Any) -> Also:
    """What writes it."""

    async def write(tx: Transaction) -> None:
        await audit.write_for_all(
            tx, action, clock(), lambda: uuid7(clock(), secrets.token_bytes(RANDOM_BYTES)), **detail
        )

    return write
