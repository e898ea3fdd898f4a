"""What asking at the touchpoint needs: journeys, eligibility, mail, receipts, devices.

Only additions, each with a value for the rows that are there; safe to run again on both databases.
"""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.conf.apps import Finder

from harken_server.database.migrations.m0001_first_schema import _part

ID = "m0003_touchpoints"
VERSION = "1.38.0"
DESCRIPTION = "Journeys, eligibility, mail, receipts and devices"

COLUMNS = (
    # table, column, on SQLite, on PostgreSQL
    ("workspace", "asking", "TEXT NOT NULL DEFAULT '{}'", "text COLLATE \"C\" NOT NULL DEFAULT '{}'"),
    ("touchpoint", "title", "TEXT NOT NULL DEFAULT ''", "text COLLATE \"C\" NOT NULL DEFAULT ''"),
    ("touchpoint", "journey", "TEXT NULL", 'text COLLATE "C" NULL'),
    ("touchpoint", "stage", "TEXT NULL", 'text COLLATE "C" NULL'),
    ("touchpoint", "place", "INTEGER NOT NULL DEFAULT 0", "integer NOT NULL DEFAULT 0"),
    ("touchpoint", "weight", "REAL NOT NULL DEFAULT 1", "double precision NOT NULL DEFAULT 1"),
    ("touchpoint", "owner", "TEXT NOT NULL DEFAULT ''", "text COLLATE \"C\" NOT NULL DEFAULT ''"),
    ("touchpoint", "question", "TEXT NOT NULL DEFAULT ''", "text COLLATE \"C\" NOT NULL DEFAULT ''"),
    ("touchpoint", "asking", "TEXT NOT NULL DEFAULT '{}'", "text COLLATE \"C\" NOT NULL DEFAULT '{}'"),
    ("decision", "facts", "TEXT NOT NULL DEFAULT '{}'", "text COLLATE \"C\" NOT NULL DEFAULT '{}'"),
    ("invitation", "wave", "TEXT NOT NULL DEFAULT ''", "text COLLATE \"C\" NOT NULL DEFAULT ''"),
    ("invitation", "quotas", "TEXT NOT NULL DEFAULT ''", "text COLLATE \"C\" NOT NULL DEFAULT ''"),
    ("response", "standing", "TEXT NOT NULL DEFAULT 'counted'",
     "text COLLATE \"C\" NOT NULL DEFAULT 'counted'"),
    ("response", "flags", "TEXT NOT NULL DEFAULT ''", "text COLLATE \"C\" NOT NULL DEFAULT ''"),
)  # fmt: skip

TABLES = {
    "journey": """
        id uuid primary key
        workspace_id uuid
        key varchar(64)
        definition text
        updated_at time
        unique (workspace_id, key)
    """,
    "respondent": """
        workspace_id uuid
        respondent varchar(200)
        email varchar(320) null
        phone varchar(40) null
        locale varchar(12) null
        timezone varchar(64) null
        consent boolean null
        traits text
        updated_at time
        primary key (workspace_id, respondent)
    """,
    "escalation": """
        id uuid primary key
        workspace_id uuid
        respondent varchar(200)
        detail text
        opened_at time
        closed_at time null
    """,
    "programme": """
        id uuid primary key
        workspace_id uuid
        key varchar(64)
        definition text
        is_active boolean
        created_at time
        updated_at time
        unique (workspace_id, key)
    """,
    "programme_member": """
        programme_id uuid
        workspace_id uuid
        respondent varchar(200)
        slot integer
        last_wave integer
        primary key (programme_id, respondent)
    """,
    "delivery": """
        id uuid primary key
        workspace_id uuid
        survey_id uuid
        invitation_id uuid
        channel varchar(64)
        respondent varchar(200)
        wave varchar(80)
        kind varchar(12)
        address varchar(320)
        state varchar(12)
        attempts integer
        created_at time
        due_at time
        handed_over_at time null
        finished_at time null
        message_id varchar(200)
        last_error text null
        unique (workspace_id, survey_id, respondent, wave, kind)
    """,
    "mail_event": """
        id uuid primary key
        workspace_id uuid
        name varchar(200)
        kind varchar(12)
        address varchar(320)
        delivery_id uuid null
        detail text
        occurred_at time
        created_at time
        unique (workspace_id, name)
    """,
    "message": """
        id uuid primary key
        workspace_id uuid
        invitation_id uuid
        question varchar(32)
        is_skip boolean
        received_at time
    """,
    "link_visit": """
        id uuid primary key
        workspace_id uuid
        invitation_id uuid
        kind varchar(12)
        value varchar(64)
        visited_at time
    """,
    "survey_suppression": """
        workspace_id uuid
        respondent varchar(200)
        survey_id uuid
        created_at time
        primary key (workspace_id, respondent, survey_id)
    """,
    "suppression_digest": """
        workspace_id uuid
        digest varchar(64)
        reason varchar(20)
        created_at time
        primary key (workspace_id, digest)
    """,
    "store": """
        id uuid primary key
        workspace_id uuid
        code varchar(16) unique
        name varchar(120)
        details text
        generation integer
        created_at time
    """,
    "till": """
        id uuid primary key
        workspace_id uuid
        store_id uuid
        number integer unique
        touchpoint varchar(64)
        name varchar(120)
        key_number integer
        revoked_keys text
        locale varchar(12) null
        closed_at time null
        created_at time
    """,
    "place_code": """
        code varchar(16) primary key
        workspace_id uuid
        touchpoint varchar(64)
        till_id uuid null
        store_id uuid null
        label varchar(120)
        created_at time
        retired_at time null
    """,
    "sighting": """
        id uuid primary key
        workspace_id uuid
        place varchar(64)
        device varchar(64)
        survey_id uuid
        response_id uuid
        seen_at time
    """,
    "device": """
        id uuid primary key
        workspace_id uuid
        name varchar(120)
        touchpoint varchar(64)
        settings text
        pairing_code varchar(16) null
        pairing_expires_at time null
        secret_digest varchar(64) null
        created_at time
        registered_at time null
        last_seen_at time null
        revoked_at time null
        report text null
        unique (pairing_code)
        unique (secret_digest)
    """,
}

WITHOUT_ROWID = {"respondent", "programme_member", "survey_suppression", "suppression_digest"}

INDEXES = {
    "invitation_respondent": "invitation (workspace_id, respondent) WHERE respondent IS NOT NULL",
    "invitation_wave": "invitation (workspace_id, wave) WHERE wave <> ''",
    "invitation_quota": "invitation (survey_id) WHERE quotas <> '' AND response_id IS NOT NULL",
    "response_apart": "response (survey_id, standing) WHERE standing <> 'counted'",
    "response_flagged": "response (workspace_id, number) WHERE flags <> ''",
    "respondent_phone": "respondent (workspace_id, phone) WHERE phone IS NOT NULL",
    "respondent_email": "respondent (workspace_id, email) WHERE email IS NOT NULL",
    "programme_due": "programme_member (programme_id, last_wave, slot)",
    "delivery_invitation": "delivery (invitation_id)",
    "delivery_sent": "delivery (workspace_id, channel, handed_over_at) WHERE handed_over_at IS NOT NULL",
    "message_invitation": "message (invitation_id)",
    "link_visit_invitation": "link_visit (invitation_id, visited_at)",
    "delivery_message": "delivery (workspace_id, message_id) WHERE message_id <> ''",
    "delivery_address": "delivery (workspace_id, address)",
    "mail_event_address": "mail_event (workspace_id, address, occurred_at)",
    "sighting_place": "sighting (workspace_id, place, seen_at)",
    "outbox_of_kind": "outbox (kind, due_at) WHERE finished_at IS NULL",
}
UNIQUE_INDEXES = {
    "escalation_open": "escalation (workspace_id, respondent) WHERE closed_at IS NULL",
}


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
    for statement in new_statements(is_sqlite=is_sqlite):
        await engine.run_ddl(statement)


def new_statements(*, is_sqlite):
    """New tables and indexes as statements for one of the two databases."""
    tables = [_create_table(name, text, is_sqlite=is_sqlite) for name, text in TABLES.items()]
    indexes = [f"CREATE INDEX IF NOT EXISTS {name} ON {what}" for name, what in INDEXES.items()]
    unique = [
        f"CREATE UNIQUE INDEX IF NOT EXISTS {name} ON {what}"
        for name, what in UNIQUE_INDEXES.items()
    ]
    return [*tables, *indexes, *unique]


def _create_table(name, text, *, is_sqlite):
    lines = [line.strip() for line in text.strip().splitlines()]
    body = ", ".join(_part(line, is_sqlite=is_sqlite) for line in lines)
    options = ""
    if is_sqlite:
        options = " STRICT, WITHOUT ROWID" if name in WITHOUT_ROWID else " STRICT"
    return f'CREATE TABLE IF NOT EXISTS "{name}" ({body}){options}'


async def _columns_on_sqlite(engine, table):
    rows = await engine.run_ddl(f"SELECT name FROM pragma_table_info('{table}')")
    return {row["name"] for row in rows}
