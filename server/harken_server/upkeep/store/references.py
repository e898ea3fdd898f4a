"""Whether what a row names by its id is there, in the same workspace.

A column `survey_id` names a row of the table `survey`, and so on: what is declared is looked at.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from piccolo.table import Table

from harken_server.database.columns import Id
from harken_server.database.ddl import all_tables, meta
from harken_server.database.snapshots import Snapshot
from harken_server.database.values import to_uuid


class Reference(NamedTuple):
    """A column with ids of another table."""

    table: str
    column: str
    to: str
    shares: tuple[str, ...]
    """Columns that must be the same in both rows."""


def all_references() -> list[Reference]:
    """Those of every table of every slice."""
    return references_of(all_tables())


def references_of(tables: Iterable[type[Table]]) -> list[Reference]:
    """Every column that holds ids of another table."""
    columns = {
        meta(table).tablename: [
            meta(column).name for column in meta(table).columns if isinstance(column, Id)
        ]
        for table in tables
    }
    found: list[Reference] = []
    for table, ids in columns.items():
        for column in ids:
            to = column.removesuffix("_id")
            if to != column:
                # A response's id is its sender's, and one survey's alone.
                scope = ("workspace_id", "survey_id") if to == "response" else ("workspace_id",)
                shares = tuple(n for n in scope if n in ids and n in columns.get(to, ()))
                found.append(Reference(table, column, to, shares))
    return found


async def orphans(seen: Snapshot, reference: Reference) -> list[str]:
    """Each id that leads nowhere."""
    same = "".join(f' AND r."{name}" = t."{name}"' for name in reference.shares)
    column = f't."{reference.column}"'
    rows = await seen.fetch(
        f'SELECT {column}, count(*) FROM "{reference.table}" t WHERE {column} IS NOT NULL'  # noqa: S608  # declared names
        f' AND NOT EXISTS (SELECT 1 FROM "{reference.to}" r WHERE r.id = {column}{same})'
        f" GROUP BY {column} ORDER BY {column}"
    )
    return [
        f"{reference.table}: {count:,} rows with {reference.column} {to_uuid(id_)}, and there is "
        f"no such {reference.to}"
        for id_, count in rows
    ]
