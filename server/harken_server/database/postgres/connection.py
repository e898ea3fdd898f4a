"""PostgreSQL: the pool, single connections, and named failures."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial
from typing import Any

import asyncpg

from harken_server.database.database import READ_WITHIN_S
from harken_server.database.failures import ConstraintError, closed
from harken_server.database.locations import PostgresLocation
from harken_server.database.postgres.hosts import connect_to_one
from harken_server.database.postgres.known_types import KnowingConnection
from harken_server.kernel.errors import OverloadedError, StorageError

CONNECT_TIMEOUT_S = 10
STATEMENT_TIMEOUT_S = READ_WITHIN_S
ACQUIRE_TIMEOUT_S = 5
_SERVER_SETTINGS = {
    "application_name": "harken",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "idle_in_transaction_session_timeout": "60000",
}
_STORAGE_STATES = ("08", "25006", "53", "57", "58", "XX")
"""SQLSTATE prefixes: connection, read-only, resources, intervention, system, internal errors."""
_LEAVING_STATES = ("25006", "57P")
"""SQLSTATE prefixes: a primary that became a standby, a server that ends or is not ready."""
_CONNECTION_FAILURES = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the server's farewell arrived while a statement was starting
)
_RETRY_STATES = frozenset({"40001", "40P01"})
"""Serialization failure and deadlock: nothing was stored, the same may succeed again."""


class PostgresPool:
    """The connections that queries share, and those of long reads."""

    def __init__(self, location: PostgresLocation, pool: Any) -> None:
        self.location = location
        self.pool = pool
        self.is_closed = False
        self._in_use: set[Any] = set()

    @classmethod
    async def open(cls, location: PostgresLocation, size: int) -> PostgresPool:
        """Start it; StorageError with one clear line when the server cannot be used."""
        first = await connect(location)
        await first.close()
        # Of its own accord the pool keeps no connection: it would log a trace of each failure.
        driver: Any = asyncpg
        pool = await driver.create_pool(
            **connect_options(location),
            min_size=0,
            max_size=size,
            connect=partial(connect_to_one, location),
        )
        return cls(location, pool)

    @contextmanager
    def using(self, connection: Any) -> Generator[None, None, None]:
        """Let `leave` end the connection too, until the block ends."""
        self._in_use.add(connection)
        try:
            yield
        finally:
            self._in_use.discard(connection)

    async def leave(self) -> None:
        """End every connection to a server that answers no more; new ones look for another."""
        await self.pool.expire_connections()
        for connection in list(self._in_use):
            with suppress(asyncpg.InterfaceError):
                connection.terminate()

    async def close(self) -> None:
        """When all connections are given back, or do not come: a server may be silent."""
        self.is_closed = True
        with suppress(TimeoutError):
            async with asyncio.timeout(ACQUIRE_TIMEOUT_S):
                await self.pool.close()  # cancelled, it ends them all


def connect_options(location: PostgresLocation) -> dict[str, Any]:
    """Options of every connection."""
    return {
        "dsn": location.url,
        "timeout": CONNECT_TIMEOUT_S,
        "command_timeout": STATEMENT_TIMEOUT_S,
        "server_settings": _SERVER_SETTINGS,
        "connection_class": KnowingConnection,
    }


async def connect(
    location: PostgresLocation,
    *,
    statement_limit_s: float | None = STATEMENT_TIMEOUT_S,
    server_settings: Mapping[str, str] | None = None,
) -> Any:
    """A connection outside of the pool; without a limit a statement may take any time."""
    options = connect_options(location)
    options["command_timeout"] = statement_limit_s
    options["server_settings"] = _SERVER_SETTINGS | dict(server_settings or {})
    async with named_failures(location):
        return await connect_to_one(location, **options)


@asynccontextmanager
async def acquired(pool: PostgresPool) -> AsyncGenerator[Any, None]:
    """A connection of the pool; OverloadedError when none is free in time."""
    if pool.is_closed:
        raise closed()
    async with named_failures(pool.location):
        try:
            connection = await pool.pool.acquire(timeout=ACQUIRE_TIMEOUT_S)
        except TimeoutError as error:
            message = f"No database connection was free for {ACQUIRE_TIMEOUT_S} s; try again."
            raise OverloadedError(message) from error
    try:
        with pool.using(connection):
            yield connection
    except BaseException as error:
        if _is_lost(error.__cause__ or error):
            await pool.pool.expire_connections()  # where one was cut, the others probably were too
            with suppress(asyncpg.InterfaceError):  # the pool may have noticed by itself
                connection.terminate()
        raise
    finally:
        with suppress(asyncpg.PostgresError, *_CONNECTION_FAILURES):  # it was ended, not kept
            await pool.pool.release(connection, timeout=ACQUIRE_TIMEOUT_S)


@asynccontextmanager
async def named_failures(location: PostgresLocation) -> AsyncGenerator[None, None]:
    """Turn the driver's errors into the failures that callers handle."""
    try:
        yield
    except (asyncpg.PostgresError, *_CONNECTION_FAILURES) as error:
        translated = from_postgres(error, location)
        if translated is error:
            raise
        raise translated from error


def from_postgres(error: BaseException, location: PostgresLocation) -> BaseException:
    """The failure a caller should see for an error raised while using PostgreSQL."""
    refusals = asyncpg.IntegrityConstraintViolationError | asyncpg.StringDataRightTruncationError
    if isinstance(error, refusals):
        return ConstraintError(str(error.args[0]))  # without the detail, which shows the values
    if is_connection_failure(error) or is_storage_state(error):
        reason = str(error).strip().rstrip(".") or type(error).__name__
        return StorageError(f"The database {location.shown} cannot be used now: {reason}.")
    if can_retry(error):
        return StorageError(f"Another transaction was in the way: {error}.", code="storage_busy")
    return error


def is_connection_failure(error: BaseException) -> bool:
    """Whether the connection is of no more use."""
    if isinstance(error, asyncpg.DataError):
        return False
    return isinstance(error, (asyncpg.PostgresConnectionError, *_CONNECTION_FAILURES))


def _is_lost(error: BaseException) -> bool:
    """Whether another connection may do what this one cannot."""
    state: str = getattr(error, "sqlstate", None) or ""
    return is_connection_failure(error) or state.startswith(_LEAVING_STATES)


def is_storage_state(error: BaseException) -> bool:
    """Whether the server says that it cannot work now, or refuses us altogether."""
    state: str = getattr(error, "sqlstate", None) or ""
    refusals = asyncpg.InvalidAuthorizationSpecificationError | asyncpg.InvalidCatalogNameError
    return state.startswith(_STORAGE_STATES) or isinstance(error, refusals)


def is_unusable(error: BaseException) -> bool:
    """Whether the connection must be dropped."""
    return (
        isinstance(error, StorageError) or is_connection_failure(error) or is_storage_state(error)
    )


def is_taken(error: BaseException) -> bool:
    """Whether something unique is there already."""
    return getattr(error, "sqlstate", None) == "23505"


def can_retry(error: BaseException) -> bool:
    """Whether nothing was stored and the same may succeed when tried again."""
    return getattr(error, "sqlstate", None) in _RETRY_STATES
