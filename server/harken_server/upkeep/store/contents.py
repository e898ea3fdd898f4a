"""What a database holds: how many rows of each table, and the rows themselves as lines."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from harken_server.database.database import Database
from harken_server.database.locations import SqliteLocation, parse_location
from harken_server.database.migrate import applied_migrations
from harken_server.database.opening import Snapshot
from harken_server.database.values import to_time, to_uuid
from harken_server.upkeep.store.portable import FILE, FILES_AT_ONCE, Form, all_forms

MADE_BY_MIGRATING = {"feed": 1}
"""Rows that an empty database has."""
_ERASURES = """
SELECT count(*), max(created_at) FROM audit_entry
WHERE action IN ('erase_respondent', 'erase_response')
"""


async def count_rows(db: Database | Snapshot, table: str) -> int:
    """All rows of a table."""
    rows = await db.fetch(f'SELECT count(*) FROM "{table}"')  # noqa: S608  # a declared name
    return rows[0][0]


async def count_all(db: Database | Snapshot, forms: Sequence[Form]) -> dict[str, int]:
    """Rows of each table."""
    return {form.table: await count_rows(db, form.table) for form in forms}


async def what_is_there(db: Database | Snapshot) -> str:
    """What of a user's a database holds, in words: `1 workspace, 20 response`; empty: nothing."""
    if not await applied_migrations(db):
        return ""
    counted = await count_all(db, all_forms())
    return ", ".join(
        f"{count:,} {table}"
        for table, count in counted.items()
        if count > MADE_BY_MIGRATING.get(table, 0)
    )


class SurveyOf(NamedTuple):
    """A survey and the workspace that it is in."""

    workspace_id: UUID
    workspace: str
    survey_id: UUID
    survey: str


async def list_surveys(seen: Snapshot) -> list[SurveyOf]:
    """Every survey of every workspace."""
    rows = await seen.fetch(
        "SELECT w.id, w.slug, s.id, s.key FROM survey s JOIN workspace w ON w.id = s.workspace_id"
        " ORDER BY w.slug, s.key"
    )
    return [SurveyOf(to_uuid(row[0]), row[1], to_uuid(row[2]), row[3]) for row in rows]


async def read_lines(seen: Snapshot, form: Form) -> AsyncGenerator[list[bytes]]:
    """All rows of a table as lines, in the order of its key."""
    line = form.encoder(seen.dialect)
    chunk = FILES_AT_ONCE if FILE in form.columns else None
    async with aclosing(seen.stream(form.select, chunk=chunk)) as chunks:
        async for rows in chunks:
            yield [line(row) for row in rows]


class Place(NamedTuple):
    """Where a database is."""

    identity: str
    """The same for the same database, wherever the command is run."""
    shown: str
    """For messages: without a password."""

    @classmethod
    def of(cls, url: str) -> Place:
        """StorageError (`bad_database_url`) when it cannot be read."""
        location = parse_location(url)
        if isinstance(location, SqliteLocation):
            return cls(str(Path(location.path).resolve()), location.shown)
        return cls(location.shown, location.shown)


async def told_of_erasures(seen: Snapshot) -> list[str]:
    """What is left of erased people where this database cannot reach; nothing without erasures."""
    ((count, last),) = await seen.fetch(_ERASURES)
    if not count:
        return []
    lines = [
        (
            f"{count:,} erasures, the last at {to_time(last):%Y-%m-%d %H:%M} UTC: backups, exports "
            "and copies made before it hold what was erased; keep none longer than you promised."
        )
    ]
    if seen.dialect == "postgres":
        lines.append(
            "PostgreSQL keeps erased rows in its files until VACUUM has run and their place is "
            "used again (VACUUM FULL: at once), and in its log and on replicas as long as these."
        )
    return lines
