"""Bring a database to the newest schema: once, whoever starts first; everyone else waits.

The lock, all migrations and the record of them are one transaction, so an interrupted run leaves
nothing behind and can be repeated.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import functools
import importlib
import io
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from harken_server.database.database import Database
from harken_server.database.ddl import meta
from harken_server.database.failures import from_sqlite
from harken_server.database.locations import SqliteLocation, parse_location
from harken_server.database.opening import Snapshot, open_database
from harken_server.database.sqlite.one_server import open_lock_file
from harken_server.kernel.errors import HarkenError, StorageError

LOCK_WAIT_S = 60
UNFINISHED = "unfinished_"
"""What begins the record, beside the migrations, of a restore or move that has not ended: no
version of Harken serves such a database."""
_ADVISORY_LOCK = 0x6861726B656E  # "harken"
_FOLDER = Path(__file__).parent / "migrations"
_APP = "harken"
_CONFIGURATION = "harken_server.piccolo_conf"
"""Found by its name, as Piccolo finds it. It brings a code formatter: only migrations load it."""


async def migrate(url: str) -> tuple[str, ...]:
    """Apply what is missing and return the names, oldest first.

    Creates the SQLite file when there is none. Raises StorageError: `database_too_new` when it
    holds migrations that this version does not know, `database_unreleased` when it was made
    before the first release by another state of the code, `migration_locked` when another process
    holds the lock for over `LOCK_WAIT_S`.
    """
    async with _file_lock(url):
        db = await open_database(url, readers=1, pool_size=2)
        try:
            return await _migrate(db)
        except HarkenError:
            raise
        except Exception as error:
            raise StorageError(
                f"The migration failed and changed nothing: {error}.", code="migration_failed"
            ) from error
        finally:
            await db.close()


async def check_schema(db: Database | Snapshot) -> None:
    """Raise StorageError unless it fits, as `migrate`, or `database_needs_migration`."""
    if missing := await _missing(db):
        raise StorageError(
            f"The database lacks the migrations {', '.join(missing)}; "
            "run `harken-server migrate` first.",
            code="database_needs_migration",
        )


async def applied_migrations(db: Database | Snapshot) -> list[str]:
    """Names of what was applied to a database, and of what it is half filled from."""
    table = (
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migration'"
        if db.dialect == "sqlite"
        else "SELECT 1 FROM pg_catalog.pg_class WHERE oid = to_regclass('migration')"
    )
    if not await db.fetch(table):
        return []
    rows = await db.fetch("SELECT name FROM migration WHERE app_name = $1 ORDER BY name", _APP)
    return [row[0] for row in rows]


@functools.cache
def known_migrations() -> tuple[str, ...]:
    """Names of the migrations that this version carries, oldest first."""
    modules = sorted(path.stem for path in _FOLDER.glob("m[0-9]*.py"))
    package = "harken_server.database.migrations"
    return tuple(importlib.import_module(f"{package}.{name}").ID for name in modules)


async def _migrate(db: Database) -> tuple[str, ...]:
    if not await _missing(db):
        return ()
    async with _transaction(db) as engine:
        missing = await _missing(db)  # another process may have been first
        if missing:
            await _run_piccolo(engine)
    return missing


async def _missing(db: Database | Snapshot) -> tuple[str, ...]:
    applied = await applied_migrations(db)
    _refuse_others(applied, db)
    return tuple(name for name in known_migrations() if name not in applied)


@asynccontextmanager
async def _transaction(db: Database) -> AsyncGenerator[Any]:
    """Piccolo's engine in a transaction that no two processes have at once."""
    from piccolo.engine.sqlite import SQLiteEngine, TransactionType

    from harken_server.database.migration_engine import engine_for

    engine: Any = engine_for(db.url)
    is_sqlite = isinstance(engine, SQLiteEngine)
    async with engine.transaction(*[TransactionType.immediate] if is_sqlite else ()):
        if not is_sqlite:
            await engine.run_ddl(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
        yield engine


async def _run_piccolo(engine: Any) -> None:
    """Piccolo's own runner, without what it prints and without the traces it leaves."""
    from piccolo.apps.migrations.commands.forwards import run_forwards
    from piccolo.apps.migrations.tables import Migration

    setattr(importlib.import_module(_CONFIGURATION), "DB", engine)  # noqa: B010  # Piccolo looks for it there
    meta(Migration).db = engine
    variable, before, path = "PICCOLO_CONF", os.environ.get("PICCOLO_CONF"), list(sys.path)
    os.environ[variable] = _CONFIGURATION
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            result = await run_forwards(_APP)
    finally:
        sys.path[:] = path
        if before is None:
            del os.environ[variable]
        else:
            os.environ[variable] = before
    if not result.success:
        raise StorageError(f"The migration failed: {result.message}.", code="migration_failed")


def _refuse_others(applied: list[str], db: Database | Snapshot) -> None:
    known = known_migrations()
    unknown = sorted(set(applied) - set(known))
    if any(name.startswith(UNFINISHED) for name in unknown):
        raise StorageError(
            f"The {db.dialect} database is half filled: run the `harken-server restore` or `move` "
            "that was interrupted again, and it goes on.",
            code="database_unfinished",
        )
    if any(name.startswith("m") and name[:5] <= known[-1][:5] for name in unknown):
        raise StorageError(
            f"The {db.dialect} database was made by a version of Harken before the first release "
            "and cannot be read by this one; start with a new database.",
            code="database_unreleased",
        )
    if unknown:
        raise StorageError(
            f"The {db.dialect} database was written by a newer version of Harken "
            f"(it holds {', '.join(unknown)}); install that version or a later one.",
            code="database_too_new",
        )


@asynccontextmanager
async def _file_lock(url: str) -> AsyncGenerator[None, None]:
    """On SQLite one process at a time, by a lock file beside the database."""
    location = parse_location(url)
    if not isinstance(location, SqliteLocation):
        yield
        return
    descriptor = open_lock_file(location.path, "lock")
    try:
        await _wait_for(descriptor, location.path)
        yield
    finally:
        os.close(descriptor)


async def _wait_for(descriptor: int, path: str) -> None:
    deadline = asyncio.get_running_loop().time() + LOCK_WAIT_S
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if asyncio.get_running_loop().time() > deadline:
                raise StorageError(
                    f"Another process has been migrating {path} for over {LOCK_WAIT_S} s.",
                    code="migration_locked",
                ) from None
            await asyncio.sleep(0.05)
        except OSError as error:
            raise from_sqlite(error, path) from error
        else:
            return
