"""Many rows in one statement, on both databases: as arrays on PostgreSQL, as values on SQLite."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import msgspec

from harken_server.database.database import Executor, Transaction

Columns: TypeAlias = tuple[tuple[str, str], ...]
"""Name and PostgreSQL type of each column."""


def among(db: Executor, place: int, kind: str) -> str:
    """SQL that is true of a value among those of parameter `place`, as made by `array_of`."""
    if db.dialect == "sqlite":
        return f"IN (SELECT value FROM json_each(${place}))"  # noqa: S608  # a number
    return f"= ANY(${place}::{kind}[])"


def array_of(db: Executor, values: Sequence[Any]) -> str | Sequence[Any]:
    """Many values as one parameter."""
    return msgspec.json.encode(values).decode() if db.dialect == "sqlite" else values


async def insert_many(  # what goes where
    tx: Transaction,
    table: str,
    columns: Columns,
    rows: Sequence[Sequence[Any]],
    clash: str = "DO NOTHING",
) -> int:
    """Add rows: together at most 32,766 values, what SQLite takes in one statement.

    Rows that clash with stored ones are left out, or treated as `clash` says. How many were
    added or changed.
    """
    if not rows:
        return 0
    if tx.dialect == "sqlite":
        values = [value for row in rows for value in row]
        await tx.execute(_sqlite_insert(table, columns, len(rows), clash), *values)
        counted = await tx.fetch("SELECT changes()")
    else:
        counted = await tx.fetch(_postgres_insert(table, columns, clash), *zip(*rows, strict=True))
    return counted[0][0]


@lru_cache(maxsize=256)
def _sqlite_insert(table: str, columns: Columns, count: int, clash: str) -> str:
    width = len(columns)
    rows = ", ".join(
        f"({', '.join(f'${row * width + place}' for place in range(1, width + 1))})"
        for row in range(count)
    )
    return f"INSERT INTO {table} ({_names(columns)}) VALUES {rows} ON CONFLICT {clash}"  # noqa: S608  # our own words


@lru_cache(maxsize=16)
def _postgres_insert(table: str, columns: Columns, clash: str) -> str:
    arrays = ", ".join(f"${place}::{kind}[]" for place, (_, kind) in enumerate(columns, 1))
    return (
        f"WITH added AS (INSERT INTO {table} ({_names(columns)})"  # noqa: S608  # our own words
        f" SELECT * FROM unnest({arrays}) ON CONFLICT {clash} RETURNING 1)"
        " SELECT count(*) FROM added"
    )


def _names(columns: Columns) -> str:
    return ", ".join(name for name, _ in columns)
