"""The second migration: a database of the first release keeps its rows and gains the rest."""

from __future__ import annotations

import functools
import importlib.util
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from uuid import UUID

import pytest

from harken_server.database.database import Database
from harken_server.database.migrate import known_migrations, migrate
from harken_server.database.piccolo import app as piccolo_app
from harken_server.invitations.store import find_invitation
from harken_server.responses.store.read import get_response
from harken_server.workspaces.store.keys import find_key, list_keys

FOLDER = Path(piccolo_app.__file__).parent.parent / "migrations"
NOW = datetime(2026, 3, 1, 12, 0, 0, 123000, tzinfo=UTC)
HOME, KEY, SURVEY, INVITED, GIVEN = (UUID(int=number) for number in range(1, 6))
SECRET = "hk_abcdefghijkl"
OLD_KEY = (
    "INSERT INTO api_key (id, workspace_id, name, prefix, digest, scopes, created_at)"
    " VALUES ($1, $2, 'till', 'hk_abcde', $3, 'read,write', $4)"
)
OLD_INVITATION = (
    "INSERT INTO invitation (id, workspace_id, survey_id, code, touchpoint, channel,"
    " respondent, context, is_single_use, created_at) VALUES ($1, $2, $3, '0123456789ABC',"
    " 'store.till', 'widget', 'kim', '{\"a\":1}', $4, $5)"
)
OLD_RESPONSE = (
    "INSERT INTO response (number, id, workspace_id, survey_id, version, position, state,"
    " sequence, digest, touchpoint, channel, locale, respondent, context, submitted_at,"
    " updated_at, day, is_sample) VALUES (7, $1, $2, $3, 1, 7, 'partial', 1, 'd', '', 'web',"
    " 'en', 'kim', '{}', $4, $4, 739676, $5)"
)
OLD_ROWS = (
    (OLD_KEY, (KEY, HOME, sha256(SECRET.encode()).hexdigest(), NOW)),
    (OLD_INVITATION, (INVITED, HOME, SURVEY, True, NOW)),
    (OLD_RESPONSE, (GIVEN, HOME, SURVEY, NOW, False)),
)


@pytest.fixture
def empty_url(engine_name: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    if engine_name == "sqlite":
        return f"sqlite:///{tmp_path / 'old.sqlite3'}"
    return request.getfixturevalue("empty_postgres_url")


@pytest.fixture
async def old_url(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database as the first release left it, with something in it."""
    from piccolo.apps.migrations.commands import forwards

    first = functools.partial(forwards.run_forwards, migration_id="m0001_first_schema")
    with monkeypatch.context() as patch:
        patch.setattr(forwards, "run_forwards", first)
        await migrate(empty_url)
    db = await Database.open(empty_url)
    for sql, params in OLD_ROWS:
        await db.execute(sql, *params)
    await db.close()
    return empty_url


async def test_rows_of_the_first_release_are_kept_with_plain_values(old_url: str) -> None:
    applied = await migrate(old_url)

    assert applied == known_migrations()[1:]
    db = await Database.open(old_url)
    (key,) = await list_keys(db, HOME)
    invitation = await find_invitation(db, "0123456789ABC")
    response = await get_response(db, HOME, SURVEY, GIVEN)
    await db.close()
    assert (key.id, key.scopes, key.origins) == (KEY, ("read", "write"), ())
    assert invitation is not None
    assert (invitation.respondent, invitation.context) == ("kim", {"a": 1})
    assert (invitation.shown_at, invitation.dismissed_at) == (None, None)
    assert response is not None
    assert (response.respondent, response.is_verified) == ("kim", False)


async def test_the_upgraded_schema_is_the_new_one(old_url: str, database: Database) -> None:
    await migrate(old_url)

    upgraded = await Database.open(old_url)
    tables = ("api_key", "invitation", "response")
    found = [[await _columns(db, table) for table in tables] for db in (upgraded, database)]
    await upgraded.close()

    assert found[0] == found[1]


async def test_it_can_run_again_and_changes_nothing(database: Database) -> None:
    migration = _second_migration()
    before = await _columns(database, "api_key")

    async with database.engine.transaction():
        await migration.add_to_schema(database.engine)

    assert await _columns(database, "api_key") == before


async def test_an_upgrade_that_was_interrupted_is_repeated(old_url: str) -> None:
    """Somebody added a column by hand, or a copy was restored half way."""
    db = await Database.open(old_url)
    kind = "TEXT" if db.dialect == "sqlite" else "timestamptz"
    await db.execute(f"ALTER TABLE invitation ADD COLUMN shown_at {kind} NULL")
    await db.close()

    assert await migrate(old_url) == known_migrations()[1:]


async def test_the_index_finds_a_respondents_queue(database: Database) -> None:
    sql = (
        "SELECT id FROM invitation i WHERE i.workspace_id = $1 AND i.respondent = $2"
        " AND i.channel = $3 AND i.dismissed_at IS NULL ORDER BY i.created_at"
    )
    explain = "EXPLAIN QUERY PLAN " if database.dialect == "sqlite" else "EXPLAIN "
    async with database.transaction() as tx:
        if database.dialect == "postgres":
            await tx.execute("SET LOCAL enable_seqscan = off")
        plan = await tx.fetch(explain + sql, HOME, "kim", "widget")

    assert "invitation_open" in " ".join(str(cell) for row in plan for cell in row)


async def test_a_key_of_the_first_release_still_opens(old_url: str) -> None:
    await migrate(old_url)
    db = await Database.open(old_url)

    found = await find_key(db, SECRET)
    await db.close()

    assert found is not None
    assert found.id == KEY


def test_the_file_is_named_after_its_id() -> None:
    assert _second_migration().ID == "m0002_widget"


async def _columns(db: Database, table: str) -> list[tuple[str, ...]]:
    if db.dialect == "sqlite":
        sql = 'SELECT name, type, "notnull", dflt_value FROM pragma_table_info($1)'
    else:
        sql = (
            "SELECT column_name, data_type, is_nullable, column_default, collation_name"
            " FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position"
        )
    return [tuple(str(cell) for cell in row) for row in await db.fetch(sql, table)]


def _second_migration() -> ModuleType:
    spec = importlib.util.spec_from_file_location("second", FOLDER / "m0002_widget.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
