"""One coroutine and one connection that store items on PostgreSQL in groups of one kind.

While a commit is under way new items queue up; those of one kind become the next one. Several
processes may do this at once, each in a lane of its own (`database.lanes`).
"""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from harken_server.database.failures import closed, of_its_own, overloaded
from harken_server.database.lanes import MOST_LANES, first_position
from harken_server.database.locations import PostgresLocation
from harken_server.database.postgres.connection import (
    STATEMENT_TIMEOUT_S,
    can_retry,
    connect,
    from_postgres,
    is_taken,
    is_unusable,
)
from harken_server.database.statistics import Statistics
from harken_server.database.write_kinds import Item, Outcome, WriteKind

GROUP_LIMIT = 256
MOST_TRIES = 4
LOST_AFTER_S = 10
"""How long one of several hosts may take for a statement of a group; most take milliseconds."""
_LOCK = 0x6861726B  # "hark"
_TAKE = "SELECT pg_try_advisory_lock($1, $2)"
_MAKE = "INSERT INTO feed (lane, position) VALUES ($1, $2) ON CONFLICT (lane) DO NOTHING"
_PLANNED_EACH_TIME = {"plan_cache_mode": "force_custom_plan"}
"""A plan that is remembered from when a table was nearly empty reads all of it, until the table is
analyzed: each group would be slower than the one before."""

_Write = tuple[WriteKind[Any, Any], Any, asyncio.Future[Any]]


class PostgresWriter:
    """Takes items on the event loop that it was made on."""

    def __init__(
        self, location: PostgresLocation, statistics: Statistics, queue_limit: int,
        on_silence: Callable[[], Awaitable[None]],
    ) -> None:  # fmt: skip
        self._location = location
        self._statistics = statistics
        self._queue_limit = queue_limit
        self._on_silence = on_silence
        self._queue: deque[_Write] = deque()
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._connection: Any = None
        self.lane = 0
        self._is_stopped = False

    @property
    def depth(self) -> int:
        """Items waiting, not counting those being written."""
        return len(self._queue)

    async def store(self, kind: WriteKind[Item, Outcome], item: Item) -> Outcome:
        """Store with the next group; durable when it returns."""
        if self._is_stopped:
            raise closed()
        if len(self._queue) >= self._queue_limit:
            raise overloaded(self._queue_limit)
        if self._task is None:
            self._task = asyncio.create_task(self._serve(), name="harken-writer")
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._queue.append((kind, item, future))
        self._wake.set()
        return await future

    async def stop(self) -> None:
        """Store what is queued, then close the connection."""
        self._is_stopped = True
        self._wake.set()
        if self._task is not None:
            await self._task
        await self._close_connection()

    async def _serve(self) -> None:
        while True:
            while self._queue:
                await self._run_group(self._next_group())
            if self._is_stopped:
                return
            self._wake.clear()
            await self._wake.wait()

    def _next_group(self) -> list[_Write]:
        """What waits at the front of the queue and is of one kind."""
        # Never past another kind: a kind that is rare would wait as long as the others keep coming.
        kind = self._queue[0][0]
        writes: list[_Write] = []
        while self._queue and self._queue[0][0] is kind and len(writes) < GROUP_LIMIT:
            writes.append(self._queue.popleft())
        return writes

    async def _run_group(self, writes: list[_Write]) -> None:
        try:
            outcomes = await self._store(writes[0][0], [item for _, item, _ in writes])
        except Exception as error:  # noqa: BLE001  # handed to every caller
            await self._run_failed_group(writes, error)
            return
        for (_, _, future), outcome in zip(writes, outcomes, strict=True):
            if not future.done():
                future.set_result(outcome)

    async def _run_failed_group(self, writes: list[_Write], error: Exception) -> None:
        """When a row was bad, try each alone; when storage failed, say so to all."""
        translated = from_postgres(error, self._location)
        # A lost connection, or a deadlock that outlasted its tries, would hit each one alike, and
        # the COMMIT of a lost one may have counted: only a refused row is tried apart.
        if len(writes) > 1 and not is_unusable(error) and not can_retry(error):
            for write in writes:
                await self._run_group([write])
            return
        for _, _, future in writes:
            if not future.done():
                future.set_exception(of_its_own(translated, error))

    async def _store(self, kind: WriteKind[Any, Any], items: list[Any]) -> list[Any]:
        """Store in one transaction; again after what leaves nothing behind and may succeed."""
        tries = 0
        while True:
            tries += 1
            try:
                connection = await self._begin()
                return await kind.on_postgres(connection, self.lane, items, self._statistics)
            except Exception as error:
                await self._roll_back(error)
                # Something unique that is taken may have been stored by another process since it
                # was looked up: looked up once more, it is there.
                if not (can_retry(error) or is_taken(error)) or tries >= MOST_TRIES:
                    raise
            await asyncio.sleep(random.uniform(0.005, 0.05) * tries)  # noqa: S311

    async def _begin(self) -> Any:
        """Begin; a connection found dead is replaced, as nothing was asked of it yet."""
        if self._connection is not None:
            try:
                await self._connection.execute("BEGIN")
            except Exception as error:
                if not is_unusable(error):
                    raise
                await self._lose_connection(error)
            else:
                return self._connection
        limit_s = LOST_AFTER_S if self._location.each else STATEMENT_TIMEOUT_S
        self._connection = await connect(
            self._location, statement_limit_s=limit_s, server_settings=_PLANNED_EACH_TIME
        )
        try:
            self.lane = await take_lane(self._connection)
            await self._connection.execute("BEGIN")
        except BaseException:
            self._drop_connection()  # it may have no lane
            raise
        return self._connection

    async def _roll_back(self, error: Exception) -> None:
        if self._connection is None:
            return
        try:
            if not is_unusable(error):
                await self._connection.execute("ROLLBACK")
                return
        except Exception as second:  # noqa: BLE001  # the first error is the one to report
            error.add_note(f"rolling back failed too: {second}")
        await self._lose_connection(error)

    async def _lose_connection(self, error: Exception) -> None:
        """Drop it; of a server that did not answer in time drop those of all others too."""
        self._drop_connection()
        if isinstance(error, TimeoutError) and self._location.each:
            await self._on_silence()

    async def _close_connection(self) -> None:
        if self._connection is not None:
            try:
                await self._connection.close(timeout=5)
            except Exception:  # noqa: BLE001  # it is closing either way
                self._drop_connection()
        self._connection = None

    def _drop_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.terminate()


async def take_lane(connection: Any) -> int:
    """The lowest lane that nobody has, until the connection ends; the last one may be shared.

    A lane is held by an advisory lock of the connection. PostgreSQL gives it back at once when the
    connection ends, however it ends, so there is no time to wait and no clock to trust; should two
    writers ever have the same lane, they would take turns, and nothing else would change.
    """
    lane = 1
    while lane < MOST_LANES - 1 and not await connection.fetchval(_TAKE, _LOCK, lane):
        lane += 1
    await connection.execute(_MAKE, lane, first_position(lane))
    return lane
