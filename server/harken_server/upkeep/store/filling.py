"""Fill an empty database with the lines of another one; interrupted, it goes on where it was.

Rows are added in the order of the key, many in a transaction, so what is there already are the
first ones of each table. As long as it is not done the database carries a record, among those of
migrations, that says from what it is being filled: no server starts on it.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from harken_server.database.accompanied import Also
from harken_server.database.database import Database
from harken_server.database.failures import ConstraintError
from harken_server.database.locations import SqliteLocation, parse_location
from harken_server.database.many_rows import insert_many
from harken_server.database.migrate import UNFINISHED, applied_migrations, check_schema, migrate
from harken_server.database.opening import open_database, open_snapshot
from harken_server.kernel.errors import StorageError
from harken_server.upkeep.store.contents import count_rows, what_is_there
from harken_server.upkeep.store.portable import Form

_VALUES_AT_ONCE = {"sqlite": 2_000, "postgres": 32_000}
"""In a statement. SQLite takes five times as long for a row in one of 30,000 values, which is about
the most that it takes; PostgreSQL gets an array a column."""
_RECORD = "INSERT INTO migration (name, app_name, ran_on) VALUES ($1, 'harken', CURRENT_TIMESTAMP)"
_FORGET = "DELETE FROM migration WHERE name = $1 AND app_name = 'harken'"


class Filling:
    """An open database that is being filled."""

    def __init__(self, db: Database, record: str) -> None:
        self._db = db
        self._record = record

    async def rows_there(self, form: Form) -> int:
        """How many of a table's rows are in already: the first ones."""
        return await count_rows(self._db, form.table)

    async def add(self, form: Form, lines: Sequence[bytes]) -> None:
        """Add rows in one transaction; StorageError when one cannot be stored or is there."""
        decode = form.decoder(self._db.dialect)
        try:
            rows = [decode(line) for line in lines]
            await self._insert(form, rows)
        except (msgspec.DecodeError, msgspec.ValidationError, ConstraintError) as error:
            raise StorageError(
                f"A row of the table {form.table} cannot be stored: {error}.", code="copy_refused"
            ) from error

    async def finish(self, also: Also, *, leap: int = 0) -> None:
        """From now on it is a database like any other; its lanes go on so much further on.

        What `also` stores is there from then on, and not before.
        """
        async with self._db.transaction() as tx:
            await tx.execute("UPDATE feed SET position = position + $1", leap)
            await tx.execute(_FORGET, self._record)
            await also(tx)

    async def _insert(self, form: Form, rows: list[Any]) -> None:
        step = _VALUES_AT_ONCE[self._db.dialect] // len(form.columns)
        added = 0
        async with self._db.transaction() as tx:
            for start in range(0, len(rows), step):
                added += await insert_many(
                    tx, f'"{form.table}"', form.insert, rows[start : start + step]
                )
            if added != len(rows):
                raise StorageError(
                    f"{len(rows) - added} rows of the table {form.table} were there already: "
                    "somebody else writes to this database.",
                    code="copy_refused",
                )


@asynccontextmanager
async def open_filling(url: str, source: str) -> AsyncGenerator[Filling]:
    """Open a database that is empty, or half filled from the same source; `source` names it.

    Raises StorageError: `database_not_empty`, `database_unfinished` when it is half filled from
    something else.
    """
    record = f"{UNFINISHED}{source}"
    is_begun = await _is_begun(url, record)
    if not is_begun:
        await migrate(url)
    db = await open_database(url, readers=1, pool_size=2)
    try:
        if not is_begun:
            async with db.transaction() as tx:
                await tx.execute("DELETE FROM feed")
                await tx.execute(_RECORD, record)
        yield Filling(db, record)
    finally:
        await db.close()


async def _is_begun(url: str, record: str) -> bool:
    location = parse_location(url)
    if isinstance(location, SqliteLocation) and not location.is_there:
        return False
    async with open_snapshot(url) as seen:
        applied = await applied_migrations(seen)
        if record in applied:
            return True
        if any(name.startswith(UNFINISHED) for name in applied):
            raise StorageError(
                f"{location.shown} is half filled from something else: go on with that, or give "
                "an empty database.",
                code="database_unfinished",
            )
        if applied:
            await check_schema(seen)
        if found := await what_is_there(seen):
            raise StorageError(
                f"{location.shown} is not empty: it holds {found}. Nothing was changed; give an "
                "empty database.",
                code="database_not_empty",
            )
    return False
