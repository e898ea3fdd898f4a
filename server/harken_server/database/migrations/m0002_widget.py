"""What the web widget adds: origins of keys, what became of invitations, proved respondents.

Only additions, each with a value for the rows that are there. SQLite cannot say "unless it exists"
of a column, so it is asked first; then this is safe to run again on both.
"""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.conf.apps import Finder

ID = "m0002_widget"
VERSION = "1.38.0"
DESCRIPTION = "Origins of keys, shown and dismissed invitations, proved respondents"

COLUMNS = (
    # table, column, on SQLite, on PostgreSQL
    ("api_key", "origins", "TEXT NOT NULL DEFAULT ''", "text COLLATE \"C\" NOT NULL DEFAULT ''"),
    ("invitation", "shown_at", "TEXT NULL", "timestamptz NULL"),
    ("invitation", "dismissed_at", "TEXT NULL", "timestamptz NULL"),
    ("response", "is_verified", "INTEGER NOT NULL DEFAULT 0", "boolean NOT NULL DEFAULT false"),
)

OPEN_INVITATIONS = (
    "CREATE INDEX IF NOT EXISTS invitation_open"
    " ON invitation (workspace_id, respondent, channel, created_at)"
    " WHERE respondent IS NOT NULL AND dismissed_at IS NULL"
)


async def forwards():
    """Give Piccolo the migration to run in a transaction of its own."""
    manager = MigrationManager(migration_id=ID, app_name="harken", description=DESCRIPTION)

    async def add():
        await add_to_schema(Finder().get_engine())

    manager.add_raw(add)
    return manager


async def add_to_schema(engine):
    """Add what is missing."""
    is_sqlite = engine.engine_type == "sqlite"
    for table, column, on_sqlite, on_postgres in COLUMNS:
        if not is_sqlite:
            await engine.run_ddl(
                f'ALTER TABLE "{table}" ADD COLUMN IF NOT EXISTS "{column}" {on_postgres}'
            )
        elif column not in await _columns_on_sqlite(engine, table):
            await engine.run_ddl(f'ALTER TABLE "{table}" ADD COLUMN "{column}" {on_sqlite}')
    await engine.run_ddl(OPEN_INVITATIONS)


async def _columns_on_sqlite(engine, table):
    rows = await engine.run_ddl(f"SELECT name FROM pragma_table_info('{table}')")
    return {row["name"] for row in rows}
