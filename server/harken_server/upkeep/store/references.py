"""Whether what a row names by its id is there, in the same workspace.

A column `survey_id` names a row of the table `survey`, and so on, and `survey_number` one by its
number: what is declared is looked at.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from piccolo.columns import Column
from piccolo.table import Table

from harken_server.database.columns import Id
from harken_server.database.ddl import all_tables, meta
from harken_server.database.opening import Snapshot
from harken_server.database.values import to_uuid


class Reference(NamedTuple):
    """A column with ids, or numbers, of another table."""

    table: str
    column: str
    to: str
    key: str
    """The column that they are in there."""
    same: str
    """What else must hold of the row `t` and the row `r` that it names: SQL, or nothing."""


def all_references() -> list[Reference]:
    """Those of every table of every slice."""
    return references_of(all_tables())


def references_of(tables: Iterable[type[Table]]) -> list[Reference]:
    """Every column that holds ids of another table, or the numbers that its rows have."""
    columns: dict[str, list[Column]] = {
        meta(table).tablename: meta(table).columns for table in tables
    }
    names = {table: {meta(each).name for each in its} for table, its in columns.items()}
    found: list[Reference] = []
    for table, its in columns.items():
        for column in its:
            name = meta(column).name
            to, _, key = name.rpartition("_")
            is_number = key == "number" and key in names.get(to, ())
            if is_number or (to and key == "id" and isinstance(column, Id)):
                same = _same_owner(names[table], to, names.get(to, set()))
                found.append(Reference(table, name, to, key, same))
    return found


def _same_owner(names: set[str], to: str, names_there: set[str]) -> str:
    if to == "response":  # its id is its sender's, and one survey's alone
        return (
            "r.survey_number = (SELECT s.number FROM survey s"
            " WHERE s.id = t.survey_id AND s.workspace_id = t.workspace_id)"
        )
    if "workspace_id" not in names_there:
        return ""
    if "workspace_id" in names:
        return "r.workspace_id = t.workspace_id"
    if "survey_number" in names and to != "survey":
        return "r.workspace_id = (SELECT workspace_id FROM survey WHERE number = t.survey_number)"
    return ""


async def orphans(seen: Snapshot, reference: Reference) -> list[str]:
    """Each id or number that leads nowhere."""
    same = reference.same and f" AND {reference.same}"
    column = f't."{reference.column}"'
    rows = await seen.fetch(
        f'SELECT {column}, count(*) FROM "{reference.table}" t WHERE {column} IS NOT NULL'  # noqa: S608  # declared names
        f' AND NOT EXISTS (SELECT 1 FROM "{reference.to}" r'
        f' WHERE r."{reference.key}" = {column}{same})'
        f" GROUP BY {column} ORDER BY {column}"
    )
    return [
        f"{reference.table}: {count:,} rows with {reference.column} "
        f"{found if isinstance(found, int) else to_uuid(found)}, and there is "
        f"no such {reference.to}"
        for found, count in rows
    ]
