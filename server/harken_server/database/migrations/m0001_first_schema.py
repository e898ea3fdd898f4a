"""The first schema: every table as its class declares it.

Until the first release this one migration is what the classes say now, and its name carries a
digest of its statements, so that a database of an earlier state is known and refused. With the
first release its statements are written down here and never change again.
"""

from __future__ import annotations

import hashlib

from harken_server.database.ddl import all_tables, all_views, statements_of, statements_of_views

FEED_ROW = "INSERT INTO feed (lane, position) VALUES (0, 0) ON CONFLICT (lane) DO NOTHING"


def schema_statements(*, is_sqlite: bool) -> list[str]:
    """The whole schema as statements for one of the two databases."""
    return [
        *statements_of(all_tables(), is_sqlite=is_sqlite),
        *statements_of_views(all_views(), is_sqlite=is_sqlite),
        FEED_ROW,
    ]


def digest_of(statements: list[str]) -> str:
    """Eight hex digits that another schema does not share."""
    return hashlib.sha256("\n".join(statements).encode()).hexdigest()[:8]


_BOTH = [*schema_statements(is_sqlite=True), *schema_statements(is_sqlite=False)]
ID = f"m0001_first_schema_{digest_of(_BOTH)}"
VERSION = "1.38.0"
DESCRIPTION = "The first schema"


async def forwards():
    """Give Piccolo the migration to run in a transaction of its own."""
    # Only here: they bring a code formatter, and every start asks this module for its name.
    from piccolo.apps.migrations.auto.migration_manager import MigrationManager
    from piccolo.conf.apps import Finder

    manager = MigrationManager(migration_id=ID, app_name="harken", description=DESCRIPTION)

    async def create_schema():
        engine = Finder().get_engine()
        for statement in schema_statements(is_sqlite=engine.engine_type == "sqlite"):
            await engine.run_ddl(statement)

    manager.add_raw(create_schema)
    return manager
