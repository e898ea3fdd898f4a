"""All that stands in a database, row by row."""

from __future__ import annotations

from typing import Any, TypeAlias

from harken_server.database.database import Database
from harken_server.tables import TABLES

Rows: TypeAlias = dict[str, list[dict[str, Any]]]


async def dump(db: Database) -> Rows:
    """Rows by table, each by column."""
    rows: Rows = {}
    for table in TABLES:
        names = [column._meta.db_column_name for column in table._meta.columns]
        listed = ", ".join(f'"{name}"' for name in names)
        found = await db.fetch(f'SELECT {listed} FROM "{table._meta.tablename}"')
        rows[table._meta.tablename] = [dict(zip(names, row, strict=True)) for row in found]
    return rows
