"""How much of a budget of tries is used, by everybody who serves: a time for whoever tries.

Each try moves the time on by as long as it takes to be forgiven, and none is let in that would move
it further than the budget reaches (the generic cell rate algorithm, ITU-T I.371). A time that is
over says nothing more, so the row can go. Times are in milliseconds since 1970: what is reckoned
with them is the same on both databases.
"""

from __future__ import annotations

from typing import NamedTuple

from harken_server.database.database import Executor, Transaction


class Pace(NamedTuple):
    """A budget, in milliseconds."""

    each: int
    """So long one try takes to be forgiven."""
    reach: int
    """So far ahead of now the time may be before a try is let in."""


_TAKE = """
INSERT INTO guess (digest, until) VALUES ($1, CAST($2 AS BIGINT) + CAST($3 AS BIGINT))
ON CONFLICT (digest) DO UPDATE
SET until = CASE WHEN guess.until > $2 THEN guess.until ELSE CAST($2 AS BIGINT) END + $3
WHERE guess.until <= CAST($2 AS BIGINT) + CAST($4 AS BIGINT) RETURNING until
"""
_ABOVE = "SELECT until FROM guess ORDER BY until DESC LIMIT 1 OFFSET $1"


async def take(tx: Transaction, digest: str, pace: Pace, now: int) -> int:
    """Count a try, in one statement: 0, or the milliseconds until one is let in."""
    if await tx.fetch(_TAKE, digest, now, pace.each, pace.reach):
        return 0
    row = await tx.fetch_one("SELECT until FROM guess WHERE digest = $1", digest)
    return max(1, row[0] - now - pace.reach) if row else 1


async def give_back(db: Executor, digest: str, pace: Pace) -> None:
    """One try was right, and is not counted."""
    await db.execute("UPDATE guess SET until = until - $2 WHERE digest = $1", digest, pace.each)


async def forget(tx: Transaction, now: int, most: int) -> None:
    """Forget what is over, and of more than `most` those that are over the soonest."""
    await tx.execute("DELETE FROM guess WHERE until <= $1", now)
    row = await tx.fetch_one(_ABOVE, most)
    if row is not None:
        await tx.execute("DELETE FROM guess WHERE until <= $1", row[0])
