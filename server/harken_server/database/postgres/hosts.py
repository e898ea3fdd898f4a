"""Which of several hosts to use: the first that answers as wanted; a silent one holds up nobody.

The driver asks one host after the other, and waits for each until its time is over: a lost machine
that is named first, of which nothing comes back, would let every connection fail.
"""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg

from harken_server.database.locations import PostgresLocation

HEAD_START_S = 0.25
"""How long a host is ahead of the next one; RFC 8305, section 5, has the same for addresses."""
SILENT_AFTER_S = 3
"""How long one of several hosts may take, TLS and signing in included."""

_driver: Any = asyncpg  # its calls have no types


async def connect_to_one(location: PostgresLocation, dsn: str = "", **options: Any) -> Any:
    """A connection to the host that fits `target_session_attrs`; raises what the driver raises."""
    if not location.each:
        return await _driver.connect(dsn or location.url, **options)
    options["timeout"] = SILENT_AFTER_S
    asked: list[asyncio.Task[Any]] = []
    found: asyncio.Task[Any] | None = None
    try:
        for url in location.each:
            asked.append(asyncio.create_task(_driver.connect(url, **options)))
            is_last = len(asked) == len(location.each)
            found = await _first_good(asked, None if is_last else HEAD_START_S)
            if found is not None:
                return found.result()
        raise min((error for task in asked if (error := task.exception())), key=_vagueness)
    finally:
        await _abandon([task for task in asked if task is not found])


async def _first_good(asked: list[asyncio.Task[Any]], patience_s: float | None) -> Any:
    """The first attempt that came through; None when all have failed, or none ends in time."""
    waiting = set(asked)
    while waiting:
        ended, waiting = await asyncio.wait(
            waiting, timeout=patience_s, return_when=asyncio.FIRST_COMPLETED
        )
        good = next((task for task in ended if task.exception() is None), None)
        if good is not None or not ended:
            return good
    return None


async def _abandon(attempts: list[asyncio.Task[Any]]) -> None:
    """End attempts that nobody waits for any more, and connections that they made all the same."""
    for task in attempts:
        task.cancel()
    for made in await asyncio.gather(*attempts, return_exceptions=True):
        if not isinstance(made, BaseException):
            made.terminate()


def _vagueness(error: BaseException) -> int:
    """What a server says of itself tells more than that a standby is none, or nobody answers."""
    if isinstance(error, asyncpg.PostgresError) and not isinstance(
        error, asyncpg.CannotConnectNowError
    ):
        return 0
    return 1 if isinstance(error, asyncpg.InternalClientError) else 2
