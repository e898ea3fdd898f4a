"""Whether what a row names by its id is there, in the same workspace; and what else leads nowhere.

A column `survey_id` names a row of the table `survey`, and so on, and `survey_number` one by its
number: what is declared is looked at. To a change beyond its lane's position no cursor would ever
come, and work that was given up nobody will do.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from piccolo.columns import Column
from piccolo.table import Table

from harken_server.database.columns import Id
from harken_server.database.ddl import all_tables, meta
from harken_server.database.lanes import lane_of
from harken_server.database.opening import Snapshot
from harken_server.database.values import to_uuid

_GIVEN_UP = """
WITH over AS (
  SELECT kind, count(*) AS n, max(finished_at) AS latest FROM outbox
  WHERE finished_at IS NOT NULL AND last_error IS NOT NULL GROUP BY kind
)
SELECT over.kind, over.n, max(o.last_error) FROM over
JOIN outbox o ON o.kind = over.kind AND o.finished_at = over.latest AND o.last_error IS NOT NULL
GROUP BY over.kind, over.n ORDER BY over.kind
"""

_BEYOND = """
SELECT w.slug, s.key, r.{column}, f.position
FROM response r LEFT JOIN feed f ON f.lane = (r.{column} >> 40)
  LEFT JOIN survey s ON s.number = r.survey_number LEFT JOIN workspace w ON w.id = s.workspace_id
WHERE f.position IS NULL OR r.{column} > f.position ORDER BY r.{column}
"""


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


async def given_up(seen: Snapshot) -> list[str]:
    """A line a kind: how many, and why the latest one was."""
    return [
        f"work given up: {count:,} of {kind}, the last one with: {error}"
        for kind, count, error in await seen.fetch(_GIVEN_UP)
    ]


async def beyond_the_feed(seen: Snapshot) -> list[str]:
    """Responses that were stored or changed at a position that their lane has not reached."""
    different: list[str] = []
    for column in ("number", "position"):
        different += [
            f"{workspace}/{survey}: a response has {column} {found}, and lane {lane_of(found)} is "
            f"at {'nothing' if position is None else position}"
            for workspace, survey, found, position in await seen.fetch(
                _BEYOND.format(column=column)
            )
        ]
    return different


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
