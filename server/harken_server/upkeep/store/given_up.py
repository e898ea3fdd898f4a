"""Work that was promised, tried until there was no sense in it, and given up."""

from __future__ import annotations

from harken_server.database.opening import Snapshot

_GIVEN_UP = """
WITH over AS (
  SELECT kind, count(*) AS n, max(finished_at) AS latest FROM outbox
  WHERE finished_at IS NOT NULL AND last_error IS NOT NULL GROUP BY kind
)
SELECT over.kind, over.n, max(o.last_error) FROM over
JOIN outbox o ON o.kind = over.kind AND o.finished_at = over.latest AND o.last_error IS NOT NULL
GROUP BY over.kind, over.n ORDER BY over.kind
"""


async def given_up(seen: Snapshot) -> list[str]:
    """A line a kind: how many, and why the latest one was."""
    return [
        f"work given up: {count:,} of {kind}, the last one with: {error}"
        for kind, count, error in await seen.fetch(_GIVEN_UP)
    ]
