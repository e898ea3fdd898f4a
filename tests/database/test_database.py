"""The Database facade: the same calls, the same results on both engines."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from harken_server.database.database import Database
from harken_server.database.failures import ConstraintError
from harken_server.database.locations import PostgresLocation, SqliteLocation, parse_location
from harken_server.database.opening import open_database
from harken_server.database.values import to_bool, to_time, to_uuid
from harken_server.kernel.errors import StorageError

NOON = datetime(2026, 3, 1, 12, 0, 0, 123000, tzinfo=UTC)
ADD = (
    "INSERT INTO outbox (id, workspace_id, kind, payload, created_at, due_at, attempts) "
    "VALUES ($1, $2, $3, '$9', $4, $4, 0) RETURNING id"
)


async def _add(target, kind: str = "note"):
    new_id = uuid4()
    await target.execute(ADD, new_id, new_id, kind, NOON)
    return new_id


async def test_parameters_and_values_survive_on_both_engines(database):
    new_id = await _add(database, "Æ 'quoted'")

    row = await database.fetch_one(
        "SELECT id, kind, payload, created_at, leased_until FROM outbox WHERE id = $1", new_id
    )

    assert row is not None
    assert type(row) is tuple
    assert to_uuid(row[0]) == new_id
    assert row[1:3] == ("Æ 'quoted'", "$9")
    assert to_time(row[3]) == NOON
    assert row[4] is None


async def test_returning_comes_back(database):
    new_id = uuid4()

    rows = await database.execute(ADD, new_id, new_id, "note", NOON)

    assert [to_uuid(row[0]) for row in rows] == [new_id]


async def test_nothing_found_is_none(database):
    assert await database.fetch_one("SELECT id FROM outbox WHERE id = $1", uuid4()) is None


async def test_booleans_are_told_from_both_forms():
    assert [to_bool(value) for value in (0, 1, False, True)] == [False, True, False, True]


async def test_a_transaction_is_all_or_nothing(database):
    with pytest.raises(ValueError, match="changed my mind"):
        await _fail_in_transaction(database)
    async with database.transaction() as tx:
        await _add(tx)
        assert await tx.fetch_one("SELECT count(*) FROM outbox") == (1,)

    assert await database.fetch("SELECT count(*) FROM outbox") == [(1,)]


async def _fail_in_transaction(database: Database) -> None:
    async with database.transaction() as tx:
        await _add(tx)
        raise ValueError("changed my mind")


async def test_a_broken_constraint_is_named_inside_and_outside_of_a_transaction(database):
    new_id = await _add(database)

    with pytest.raises(ConstraintError):
        await database.execute(ADD, new_id, new_id, "note", NOON)
    with pytest.raises(ConstraintError):
        async with database.transaction() as tx:
            await tx.execute(ADD, new_id, new_id, "note", NOON)

    assert await database.fetch("SELECT count(*) FROM outbox") == [(1,)]


async def test_a_stream_is_one_snapshot_in_chunks(database):
    async with database.transaction() as tx:
        for _ in range(1250):
            await _add(tx)
    sizes: list[int] = []

    async for rows in database.stream("SELECT id FROM outbox WHERE kind = $1", "note"):
        await _add(database)
        sizes.append(len(rows))

    assert sizes == [200] * 6 + [50]


async def test_a_stream_left_early_holds_nothing_up(database):
    for _ in range(5):
        await _add(database)

    async for _ in database.stream("SELECT id FROM outbox"):
        break

    await asyncio.wait_for(_add(database), 5)


async def test_a_bad_stream_raises_where_it_is_used(database):
    with pytest.raises(Exception, match="no_such_table"):
        async for _ in database.stream("SELECT * FROM no_such_table"):
            pass


async def test_writing_outside_of_the_own_transaction_is_refused_instead_of_waiting(sqlite_url):
    db = await open_database(sqlite_url)

    async with db.transaction() as tx:
        with pytest.raises(StorageError, match="use the transaction's own execute"):
            await _add(db)
        await _add(tx)

    assert await db.fetch("SELECT count(*) FROM outbox") == [(1,)]
    await db.close()


async def test_a_pool_serves_more_callers_than_it_has_connections(postgres_url):
    db = await open_database(postgres_url, pool_size=2)

    rows = await asyncio.gather(*[db.fetch("SELECT $1::int", number) for number in range(100)])

    assert [row[0][0] for row in rows] == list(range(100))
    await db.close()


async def test_of_several_hosts_the_one_that_answers_is_used(postgres_url, unused_tcp_port):
    scheme, _, rest = postgres_url.partition("://")
    place, _, behind = rest.partition("/")
    login, at, host = place.rpartition("@")
    nobody = f"127.0.0.1:{unused_tcp_port}"

    several = await open_database(f"{scheme}://{login}{at}{nobody},{host}/{behind}")
    rows = await several.fetch("SELECT count(*) FROM workspace")
    await several.close()

    assert rows == [(0,)]


async def test_a_writable_database_says_nothing(database):
    await database.check_writable()
    assert database.queue_depth == 0


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:///harken-data/a%20b.sqlite3", SqliteLocation("harken-data/a b.sqlite3")),
        ("sqlite:////var/lib/harken.sqlite3", SqliteLocation("/var/lib/harken.sqlite3")),
        (
            "postgresql://harken:secret@db.example:5433/harken?sslmode=require",
            PostgresLocation(
                "postgresql://harken:secret@db.example:5433/harken?sslmode=require",
                "postgresql://harken@db.example:5433/harken",
            ),
        ),
        (
            "postgres://[::1]/harken",
            PostgresLocation("postgres://[::1]/harken", "postgres://[::1]/harken"),
        ),
        (
            "postgresql://harken:s%40cret@a.example:5432,b.example:5433/harken",
            PostgresLocation(
                "postgresql://harken:s%40cret@a.example:5432,b.example:5433/harken"
                "?target_session_attrs=read-write",
                "postgresql://harken@a.example:5432,b.example:5433/harken",
                (
                    "postgresql://harken:s%40cret@a.example:5432/harken?target_session_attrs=read-write",
                    "postgresql://harken:s%40cret@b.example:5433/harken?target_session_attrs=read-write",
                ),
            ),
        ),
        (
            "postgresql://a,[::1]:5433/harken?sslmode=require&target_session_attrs=primary",
            PostgresLocation(
                "postgresql://a,[::1]:5433/harken?sslmode=require&target_session_attrs=primary",
                "postgresql://a,[::1]:5433/harken",
                (
                    "postgresql://a/harken?sslmode=require&target_session_attrs=primary",
                    "postgresql://[::1]:5433/harken?sslmode=require&target_session_attrs=primary",
                ),
            ),
        ),
        (
            "postgresql://a,b?user=harken",
            PostgresLocation(
                "postgresql://a,b/?user=harken&target_session_attrs=read-write",
                "postgresql://a,b",
                (
                    "postgresql://a/?user=harken&target_session_attrs=read-write",
                    "postgresql://b/?user=harken&target_session_attrs=read-write",
                ),
            ),
        ),
        (
            "postgresql://a,b/harken?target_session_attrs=prefer-standby",
            PostgresLocation(
                "postgresql://a,b/harken?target_session_attrs=prefer-standby",
                "postgresql://a,b/harken",
                ("postgresql://a,b/harken?target_session_attrs=prefer-standby",),
            ),
        ),
    ],
)
def test_urls_name_a_file_or_a_server(url, expected):
    assert parse_location(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "", "harken.sqlite3", "sqlite://", "sqlite:///", "sqlite://file", "sqlite:///folder/",
        "mysql://root:secret@host/db", "postgres://user:secret@host:port/db", "sqlite:///a\0b",
        "postgres://user:secret@a:1,b:x/db", "postgres://a:secret@b/c?target_session_attrs=master",
        "postgres://user:secret@/db?host=a,b",
    ],
)  # fmt: skip
def test_a_bad_url_is_refused_without_showing_it(url):
    with pytest.raises(StorageError) as caught:
        parse_location(url)

    assert caught.value.code == "bad_database_url"
    assert "secret" not in caught.value.message
    assert "\n" not in caught.value.message
