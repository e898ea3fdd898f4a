"""What the driver learns of PostgreSQL's own types, learned once for a process.

On each connection the driver asks the server what `uuid[]`, `int[]` and their like are made of,
one by one as they first occur: six slow questions in the first responses of every connection, and
in a burst after a failover. Types that PostgreSQL brings along are the same on all its servers.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import asyncpg

FIRST_OTHER_TYPE = 10_000
"""Lower numbers are PostgreSQL's own and never change (FirstGenbkiObjectId, access/transam.h)."""

_driver: Any = asyncpg  # its calls have no types
_learned: dict[frozenset[int], Any] = {}


class KnowingConnection(_driver.Connection):
    """Asks about PostgreSQL's own types once for a process, and is given back without a word.

    The driver would send each a reset first, a round trip as long as a small read. Nothing here
    outlives its transaction: no setting, lock, cursor or table of a session, as a test sees to.

    What is replaced is private to the driver: should it be called otherwise one day, each
    connection asks again, and a test says so.
    """

    def get_reset_query(self) -> str:
        """What is sent before another may have the connection: nothing."""
        return ""

    async def _introspect_types(self, typeoids: Iterable[int], *limits: Any) -> Any:
        parent: Any = super()
        wanted, ask = frozenset(typeoids), parent._introspect_types  # noqa: SLF001  (no public way)
        if max(wanted) >= FIRST_OTHER_TYPE:
            return await ask(wanted, *limits)
        if wanted not in _learned:
            _learned[wanted] = (await ask(wanted, *limits))[0]
        return _learned[wanted], SimpleNamespace(name="")  # of the statement that was not needed
