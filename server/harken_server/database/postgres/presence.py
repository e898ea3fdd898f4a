"""Who serves a PostgreSQL database: all servers share one advisory lock, a copy wants it alone.

PostgreSQL gives the lock back when its connection ends, however it ends. The connection has nothing
else to do, so it is asked now and then: that keeps it from being cut, and shows a lost one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any

from harken_server.database.locations import PostgresLocation
from harken_server.database.postgres.connection import connect, named_failures
from harken_server.kernel.errors import StorageError

ASK_EVERY_S = 10
_LOCK = 0x6861726B7573
"""Beside those of migrations (`database.migrate`) and of lanes (`database.postgres.writer`)."""


class _Hold:
    """The lock, shared or alone, on a connection of its own."""

    def __init__(self, location: PostgresLocation, *, is_shared: bool) -> None:
        self._location = location
        self._is_shared = is_shared
        self._connection: Any = None
        self.is_held = False

    async def take(self) -> bool:
        """Have it; False when others are in the way."""
        take = "pg_try_advisory_lock_shared" if self._is_shared else "pg_try_advisory_lock"
        self._connection = await connect(self._location)
        self.is_held = bool(await self._ask(f"SELECT {take}({_LOCK})"))
        return self.is_held

    async def keep(self) -> None:
        """Look every now and then whether it is still held; a shared one is taken again."""
        while True:
            await asyncio.sleep(ASK_EVERY_S)
            with suppress(StorageError):  # no server to ask: tried again
                if not await self.check() and self._is_shared:
                    self._connection.terminate()
                    await self.take()

    async def check(self) -> bool:
        """Whether it has been held all the time since it was taken."""
        if self.is_held:
            try:
                await self._ask("SELECT 1")
            except StorageError:
                self.is_held = False
        return self.is_held

    async def give_back(self) -> None:
        """Others can have it when this returns."""
        with suppress(StorageError):
            await self._ask("SELECT pg_advisory_unlock_all()")
        self._connection.terminate()

    async def _ask(self, sql: str) -> Any:
        async with named_failures(self._location):
            return await self._connection.fetchval(sql)


@asynccontextmanager
async def be_a_server(location: PostgresLocation) -> AsyncGenerator[None]:
    """One of any number; StorageError (`database_in_use`) while somebody copies.

    After a lost connection the lock is taken again as soon as there is a server to ask.
    """
    refusal = f"A `harken-server restore` or `move` is copying {location.shown}: start after it."
    async with _holding(_Hold(location, is_shared=True), refusal):
        yield


@asynccontextmanager
async def be_alone(location: PostgresLocation) -> AsyncGenerator[None]:
    """No server or worker runs until the block ends, or StorageError (`database_in_use`)."""
    hold = _Hold(location, is_shared=False)
    refusal = f"Servers or workers of Harken use {location.shown}: stop them first."
    async with _holding(hold, refusal):
        yield
        if not await hold.check():
            raise StorageError(
                f"The connection to {location.shown} that kept servers away was lost: make sure "
                "that none was started, and begin again.",
                code="database_in_use",
            )


@asynccontextmanager
async def _holding(hold: _Hold, refusal: str) -> AsyncGenerator[None]:
    is_taken = await hold.take()
    keeping = asyncio.create_task(hold.keep(), name="harken-presence")
    try:
        if not is_taken:
            raise StorageError(refusal, code="database_in_use")
        yield
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        await hold.give_back()
