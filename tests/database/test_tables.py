"""The real columns and keys of both databases are those that the table classes declare."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

import pytest
from piccolo.columns import Column
from piccolo.table import Table

from harken_server.database.database import Database
from harken_server.database.migrate import known_migrations
from harken_server.database.migrations import m0001_first_schema
from harken_server.database.opening import open_database
from harken_server.tables import TABLES
from harken_server.workspaces.store.workspaces import add_workspace

NAMED: dict[str, type[Table]] = {table._meta.tablename: table for table in TABLES}

SQLITE_TYPES = {
    "Id": "BLOB",
    "Bytea": "BLOB",
    "Varchar": "TEXT",
    "Text": "TEXT",
    "Json": "TEXT",
    "Words": "TEXT",
    "Encoded": "TEXT",
    "Document": "TEXT",
    "Time": "INTEGER",
    "Integer": "INTEGER",
    "SmallInt": "INTEGER",
    "BigInt": "INTEGER",
    "Boolean": "INTEGER",
    "DoublePrecision": "REAL",
}
POSTGRES_TYPES = {
    "Id": "uuid",
    "Bytea": "bytea",
    "Varchar": "character varying",
    "Text": "text",
    "Json": "text",
    "Words": "text",
    "Encoded": "text",
    "Document": "jsonb",
    "Time": "timestamp with time zone",
    "Integer": "integer",
    "SmallInt": "smallint",
    "BigInt": "bigint",
    "Boolean": "boolean",
    "DoublePrecision": "double precision",
}


class RealColumn(NamedTuple):
    name: str
    type: str
    length: int | None
    is_nullable: bool
    is_key: bool


async def test_the_real_columns_are_the_declared_ones(database: Database) -> None:
    types = SQLITE_TYPES if database.dialect == "sqlite" else POSTGRES_TYPES
    declared = {
        name: [_declared(column, types) for column in table._meta.columns]
        for name, table in NAMED.items()
    }

    assert {name: await _real_columns(database, name) for name in NAMED} == declared


async def test_there_is_no_table_that_nobody_declared(database: Database) -> None:
    if database.dialect == "sqlite":
        sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    else:
        sql = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"

    names = {row[0] for row in await database.fetch(sql)}

    assert names - {"migration"} == {table._meta.tablename for table in TABLES}


async def test_single_unique_columns_are_the_declared_ones(database: Database) -> None:
    declared = {
        name: {(column._meta.name,) for column in table._meta.columns if column._meta.unique}
        for name, table in NAMED.items()
    }

    unique = {name: await _unique_column_sets(database, name) for name in NAMED}

    assert {
        name: {columns for columns in sets if len(columns) == 1} for name, sets in unique.items()
    } == declared


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("survey", ("workspace_id", "key")),
        ("survey_version", ("survey_id", "number")),
        ("touchpoint", ("workspace_id", "key")),
        ("suppression", ("workspace_id", "respondent")),
        ("decision", ("workspace_id", "idempotency_key")),
        ("response", ("survey_number", "id")),
    ],
)
async def test_natural_keys_are_unique(
    database: Database, table: str, columns: tuple[str, ...]
) -> None:
    assert columns in await _unique_column_sets(database, table)


async def test_the_feed_starts_with_one_row_at_zero(database: Database) -> None:
    assert [tuple(row) for row in await database.fetch("SELECT lane, position FROM feed")] == [
        (0, 0)
    ]


async def test_the_first_migration_can_run_again_and_changes_nothing(database: Database) -> None:
    before = [await _real_columns(database, table._meta.tablename) for table in TABLES]
    statements = m0001_first_schema.schema_statements(is_sqlite=database.dialect == "sqlite")

    for statement in statements:
        await database.execute(statement)

    assert before == [await _real_columns(database, table._meta.tablename) for table in TABLES]
    assert len(await database.fetch("SELECT lane FROM feed")) == 1


async def test_text_sorts_by_its_bytes_on_both_databases(database: Database) -> None:
    slugs = ["Zebra", "apple", "a_b", "a-b", "ähnlich"]
    for number, slug in enumerate(slugs):
        await add_workspace(database, UUID(int=number), slug, "x", datetime(2026, 1, 1, tzinfo=UTC))

    rows = await database.fetch("SELECT slug FROM workspace WHERE name = 'x' ORDER BY slug")

    assert [row[0] for row in rows] == sorted(slugs, key=str.encode)


async def test_postgres_compares_all_text_by_its_bytes(postgres_url: str) -> None:
    database = await open_database(postgres_url)

    rows = await database.fetch(
        "SELECT DISTINCT collation_name FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND table_name <> 'migration'"
        " AND table_name IN (SELECT tablename FROM pg_tables)"
        " AND data_type IN ('text', 'character varying')"
    )

    await database.close()

    assert [row[0] for row in rows] == ["C"]


def test_the_migration_has_another_name_for_another_schema() -> None:
    declared = m0001_first_schema.schema_statements(is_sqlite=True)

    assert known_migrations() == (m0001_first_schema.ID,)
    assert m0001_first_schema.ID.startswith("m0001_first_schema_")
    assert m0001_first_schema.digest_of(declared) != m0001_first_schema.digest_of(declared[:-1])


async def _real_columns(database: Database, table: str) -> list[RealColumn]:
    if database.dialect == "sqlite":
        return await _sqlite_columns(database, table)
    keys = await database.fetch(
        "SELECT a.attname FROM pg_index i JOIN pg_attribute a"
        " ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)"
        " WHERE i.indisprimary AND i.indrelid = to_regclass($1)",
        table,
    )
    rows = await database.fetch(
        "SELECT column_name, data_type, character_maximum_length, is_nullable"
        " FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position",
        table,
    )
    key_names = {row[0] for row in keys}
    return [RealColumn(r[0], r[1], r[2], r[3] == "YES", r[0] in key_names) for r in rows]


async def _sqlite_columns(database: Database, table: str) -> list[RealColumn]:
    rows = await database.fetch(
        'SELECT name, type, "notnull", pk FROM pragma_table_info($1)', table
    )
    sql = (await database.fetch("SELECT sql FROM sqlite_master WHERE name = $1", table))[0][0]
    return [
        RealColumn(name, type_, _checked_length(sql, name), not not_null, pk > 0)
        for name, type_, not_null, pk in rows
    ]


def _checked_length(sql: str, column: str) -> int | None:
    before, check, after = sql.partition(f'length("{column}") <= ')
    return int(after.split(")")[0]) if before and check else None


def _declared(column: Column, types: dict[str, str]) -> RealColumn:
    return RealColumn(
        column._meta.name,
        types[type(column).__name__],
        getattr(column, "length", None),
        column._meta.null,
        column._meta.primary_key,
    )


async def _unique_column_sets(database: Database, table: str) -> set[tuple[str, ...]]:
    """The column sets of unique indexes, the primary key left out."""
    if database.dialect == "sqlite":
        sql = (
            "SELECT l.name, i.name FROM pragma_index_list($1) l, pragma_index_info(l.name) i"
            " WHERE l.\"unique\" = 1 AND l.origin <> 'pk' ORDER BY l.name, i.seqno"
        )
    else:
        sql = (
            "SELECT i.indexrelid::text, a.attname FROM pg_index i"
            " JOIN unnest(i.indkey) WITH ORDINALITY AS k(attnum, place) ON true"
            " JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum"
            " WHERE i.indisunique AND NOT i.indisprimary AND i.indrelid = to_regclass($1)"
            " ORDER BY 1, k.place"
        )
    indexes: dict[str, tuple[str, ...]] = {}
    for index, column in await database.fetch(sql, table):
        indexes[index] = (*indexes.get(index, ()), column)
    return set(indexes.values())
