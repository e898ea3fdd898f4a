"""Create every table of the first release, with the DDL of the database that runs it.

The schema is written once, below, and translated. A column is NOT NULL unless it says `null`.
SQLite gets STRICT tables and a CHECK for every `varchar(n)`, so that a value which PostgreSQL
would refuse is refused there too. PostgreSQL sorts and compares text by its bytes (COLLATE "C"),
as SQLite does: the same order on both, and indexes that no update of the system's language files
can break. Safe to run again: what is there stays as it is.
"""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.conf.apps import Finder

ID = "m0001_first_schema"
VERSION = "1.38.0"
DESCRIPTION = "Create every table of the first release"

TABLES = {
    "workspace": """
        id uuid primary key
        slug varchar(32) unique
        name varchar(120)
        created_at time
    """,
    "api_key": """
        id uuid primary key
        workspace_id uuid
        name varchar(120)
        prefix varchar(12)
        digest varchar(64) unique
        scopes varchar(64)
        created_at time
        revoked_at time null
    """,
    "survey": """
        id uuid primary key
        workspace_id uuid
        key varchar(64)
        status varchar(8)
        version integer
        created_at time
        updated_at time
        unique (workspace_id, key)
    """,
    "survey_version": """
        id uuid primary key
        workspace_id uuid
        survey_id uuid
        number integer
        definition text
        digest varchar(64)
        change varchar(9)
        published_at time
        unique (survey_id, number)
    """,
    "touchpoint": """
        id uuid primary key
        workspace_id uuid
        key varchar(64)
        survey varchar(64) null
        sample_rate double
        cooldown_days integer
        link_ttl_days integer
        updated_at time
        unique (workspace_id, key)
    """,
    "suppression": """
        id uuid primary key
        workspace_id uuid
        respondent varchar(200)
        reason varchar(20)
        created_at time
        unique (workspace_id, respondent)
    """,
    "invitation": """
        id uuid primary key
        workspace_id uuid
        survey_id uuid
        code varchar(16) unique
        touchpoint varchar(64)
        channel varchar(64)
        respondent varchar(200) null
        locale varchar(12) null
        context text
        is_single_use boolean
        created_at time
        expires_at time null
        response_id uuid null
    """,
    "decision": """
        id uuid primary key
        workspace_id uuid
        touchpoint varchar(64)
        channel varchar(64)
        respondent varchar(200) null
        survey_id uuid null
        is_asked boolean
        reason varchar(32)
        invitation_id uuid null
        idempotency_key varchar(128) null
        request_digest varchar(64)
        created_at time
        unique (workspace_id, idempotency_key)
    """,
    "feed": """
        id integer primary key
        position bigint
    """,
    "response": """
        number bigint primary key
        id uuid
        workspace_id uuid
        survey_id uuid
        version integer
        position bigint
        state varchar(8)
        sequence integer
        digest varchar(32)
        touchpoint varchar(64)
        channel varchar(64)
        locale varchar(12)
        respondent varchar(200) null
        invitation_id uuid null
        context text
        started_at time null
        submitted_at time
        updated_at time
        completed_at time null
        day integer
        is_sample boolean
        unique (survey_id, id)
    """,
    "answer": """
        response_number bigint
        question varchar(32)
        part varchar(32)
        rating integer null
        number double null
        choice varchar(32) null
        text text null
        is_hidden boolean
        primary key (response_number, question, part)
    """,
    "answer_count": """
        workspace_id uuid
        survey_id uuid
        question varchar(32)
        part varchar(32)
        value varchar(32)
        version integer
        touchpoint varchar(64)
        channel varchar(64)
        day integer
        n bigint
        primary key (survey_id, question, part, value, version, touchpoint, channel, day)
    """,
    "outbox": """
        id uuid primary key
        workspace_id uuid
        kind varchar(40)
        payload text
        created_at time
        due_at time
        attempts integer
        leased_until time null
        finished_at time null
        last_error text null
    """,
}

WITHOUT_ROWID = {"answer", "answer_count"}
"""Small rows reached by their composite key only: on SQLite the key is then the table."""

INDEXES = {
    "api_key_workspace": "api_key (workspace_id)",
    "decision_respondent": "decision (workspace_id, respondent, created_at)",
    "response_feed": "response (survey_id, position)",
    "response_respondent": "response (workspace_id, respondent) WHERE respondent IS NOT NULL",
    "outbox_due": "outbox (due_at) WHERE finished_at IS NULL",
}

FEED_ROW = "INSERT INTO feed (id, position) VALUES (1, 0) ON CONFLICT (id) DO NOTHING"

SQLITE_TYPES = {
    "uuid": "TEXT",
    "time": "TEXT",
    "text": "TEXT",
    "integer": "INTEGER",
    "bigint": "INTEGER",
    "boolean": "INTEGER",
    "double": "REAL",
}
POSTGRES_TYPES = {"time": "timestamptz", "double": "double precision"}


async def forwards():
    """Give Piccolo the migration to run in a transaction of its own."""
    manager = MigrationManager(migration_id=ID, app_name="harken", description=DESCRIPTION)

    async def create_schema():
        engine = Finder().get_engine()
        for statement in schema_statements(is_sqlite=engine.engine_type == "sqlite"):
            await engine.run_ddl(statement)

    manager.add_raw(create_schema)
    return manager


def schema_statements(*, is_sqlite: bool) -> list[str]:
    """The whole schema as statements for one of the two databases."""
    tables = [_create_table(name, is_sqlite=is_sqlite) for name in TABLES]
    indexes = [f"CREATE INDEX IF NOT EXISTS {name} ON {what}" for name, what in INDEXES.items()]
    return [*tables, *indexes, FEED_ROW]


def _create_table(name: str, *, is_sqlite: bool) -> str:
    lines = [line.strip() for line in TABLES[name].strip().splitlines()]
    body = ", ".join(_part(line, is_sqlite=is_sqlite) for line in lines)
    options = ""
    if is_sqlite:
        options = " STRICT, WITHOUT ROWID" if name in WITHOUT_ROWID else " STRICT"
    return f'CREATE TABLE IF NOT EXISTS "{name}" ({body}){options}'


def _part(line: str, *, is_sqlite: bool) -> str:
    """One column, or a table constraint, which is the same on both."""
    if line.startswith(("unique (", "primary key (")):
        return line.upper().split("(")[0] + line[line.index("(") :]
    column, type_name, *rest = line.split(" ", 2)
    extra = rest[0] if rest else ""
    null = "NULL" if extra == "null" else f"NOT NULL {extra.upper()}".rstrip()
    if not is_sqlite:
        collation = ' COLLATE "C"' if type_name.startswith(("varchar", "text")) else ""
        return f'"{column}" {POSTGRES_TYPES.get(type_name, type_name)}{collation} {null}'
    if not type_name.startswith("varchar"):
        return f'"{column}" {SQLITE_TYPES[type_name]} {null}'
    length = type_name.removeprefix("varchar(").removesuffix(")")
    return f'"{column}" TEXT {null} CHECK (length("{column}") <= {length})'
