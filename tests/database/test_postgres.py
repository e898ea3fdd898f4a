"""What PostgreSQL alone can do to us: connections cut, deadlocks, a server that goes read-only."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from harken_server.database.locations import parse_location
from harken_server.database.opening import open_database
from harken_server.database.postgres.connection import connect
from harken_server.kernel.errors import StorageError
from harken_server.responses.store.recount import recount
from harken_server.responses.store.writing import RESPONSES

pytestmark = pytest.mark.postgres

CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
ROWS_READ = """
SELECT sum(seq_tup_read) + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes
  WHERE relname = 'response') FROM pg_stat_user_tables WHERE relname = 'response'
"""


@pytest.fixture
def engine_name() -> str:
    """These failures are PostgreSQL's own."""
    return "postgres"


async def test_a_connection_cut_while_idle_is_replaced_unnoticed(database, make_response, other):
    await database.store(RESPONSES, make_response())
    await other.execute(CUT)
    await asyncio.sleep(0.1)

    assert (await database.store(RESPONSES, make_response())).kind == "stored"
    assert await database.fetch("SELECT count(*) FROM response") == [(2,)]


async def test_a_connection_is_given_back_without_a_further_question(database, other):
    await database.fetch("SELECT 'the only one'")

    last = "SELECT query FROM pg_stat_activity WHERE query LIKE '%the only one%'"
    assert [row["query"] for row in await other.fetch(f"{last} AND pid <> pg_backend_pid()")] == [
        "SELECT 'the only one'"
    ]


async def test_what_arrays_of_known_types_are_made_of_is_asked_once_for_all_connections(
    database_url,
):
    location = parse_location(database_url)
    said: list[str] = []
    for _ in range(2):
        said.clear()
        connection = await connect(location)
        connection.add_query_logger(lambda record: said.append(record.query))
        assert await connection.fetchval("SELECT $1::macaddr[]", []) == []
        await connection.close()

    assert said == ["SELECT $1::macaddr[]"]


async def test_types_of_a_database_of_its_own_are_asked_for(database_url, other):
    await other.execute("CREATE TYPE mood AS ENUM ('good', 'bad')")
    connection = await connect(parse_location(database_url))

    assert await connection.fetchval("SELECT $1::mood[]", ["good"]) == ["good"]

    await connection.close()


async def test_a_read_whose_connection_was_cut_is_done_again(database, other):
    for _ in range(10):
        await database.fetch("SELECT 1")
        await other.execute(CUT)

        assert await database.fetch("SELECT 2") == [(2,)]


async def test_a_connection_cut_inside_a_batch_is_an_unknown_outcome_and_heals(
    database, make_response, other
):
    new = make_response()
    await database.store(RESPONSES, make_response())
    async with other.transaction():
        await other.execute("SELECT * FROM feed FOR UPDATE")
        waiting = [asyncio.create_task(database.store(RESPONSES, new)) for _ in range(3)]
        await asyncio.sleep(0.2)
        await other.execute(CUT)
        results = await asyncio.gather(*waiting, return_exceptions=True)

    assert StorageError in {type(result) for result in results}
    again = await database.store(RESPONSES, new)
    assert again.kind == "stored"
    assert await recount(database, new.survey.workspace_id, new.survey.id) == []


async def test_a_group_that_meets_somebody_half_way_is_stored_when_they_are_done(
    database, make_response, other
):
    new = make_response(is_complete=False)
    await database.store(RESPONSES, new)
    await other.execute("SET deadlock_timeout = '60s'")  # so that ours is the one to give way
    async with other.transaction():
        await other.execute("SELECT 1 FROM response FOR UPDATE")
        waiting = asyncio.create_task(
            database.store(RESPONSES, make_response(id=new.id, sequence=2, replaces=1))
        )
        await asyncio.sleep(0.2)
        await other.execute("UPDATE feed SET position = position")
        assert not waiting.done()

    assert (await waiting).kind == "stored"
    assert await recount(database, new.survey.workspace_id, new.survey.id) == []


async def test_a_deadlock_is_tried_again(database, make_response, other):
    await database.store(RESPONSES, make_response())
    await other.execute(
        "CREATE FUNCTION fail_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF nextval('tries') < 3 THEN RAISE EXCEPTION 'in the way' USING ERRCODE = '40P01'; "
        "END IF; RETURN NEW; END $$"
    )
    await other.execute("CREATE SEQUENCE tries")
    await other.execute(
        "CREATE TRIGGER fail_once BEFORE INSERT ON response "
        "FOR EACH ROW EXECUTE FUNCTION fail_once()"
    )

    outcome = await database.store(RESPONSES, make_response())

    assert outcome.kind == "stored"
    assert await other.fetchval("SELECT last_value FROM tries") == 3


async def test_deadlocks_without_end_are_given_up(database, make_response, other):
    await other.execute(
        "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'in the way' USING ERRCODE = '40001'; END $$"
    )
    await other.execute(
        "CREATE TRIGGER fail BEFORE INSERT ON response FOR EACH ROW EXECUTE FUNCTION fail()"
    )

    with pytest.raises(StorageError) as caught:
        await database.store(RESPONSES, make_response())

    assert caught.value.code == "storage_busy"


async def cut(other) -> None:
    """End all other connections, and wait until their clients were told."""
    await other.execute(CUT)
    while await other.fetchval(CUT.replace("pg_terminate_backend(pid)", "count(*)")):
        pass
    await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def demoted(other) -> AsyncIterator[None]:
    """For a while the server takes no writes of connections that are made then."""
    name = await other.fetchval("SELECT current_database()")
    await other.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    await cut(other)
    yield
    await other.execute("SET default_transaction_read_only = off")
    await other.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")


async def test_a_server_gone_read_only_is_a_storage_failure(database, make_response, other):
    await database.store(RESPONSES, make_response())
    async with demoted(other):
        with pytest.raises(StorageError, match="read-only"):
            await database.store(RESPONSES, make_response())
        with pytest.raises(StorageError, match="read-only"):
            await database.check_writable()
        assert await database.fetch("SELECT count(*) FROM response") == [(1,)]

    await cut(other)
    assert (await database.store(RESPONSES, make_response())).kind == "stored"


async def test_after_one_refusal_connections_to_a_demoted_server_are_not_used_again(
    database, make_response, other
):
    """The connections stay as they were made; new ones find a server that can be written to."""
    await database.store(RESPONSES, make_response())
    async with demoted(other):
        with pytest.raises(StorageError, match="read-only"):
            await database.store(RESPONSES, make_response())
        await database.fetch("SELECT 1")

    with pytest.raises(StorageError, match="read-only"):
        await database.check_writable()
    await database.check_writable()
    assert (await database.store(RESPONSES, make_response())).kind == "stored"


async def test_each_commit_waits_for_the_disk(database):
    assert await database.fetch("SHOW synchronous_commit") == [("on",)]


async def test_a_group_reads_the_rows_it_names_however_fast_the_table_grew(
    database_url, make_response, other
):
    db = await open_database(database_url)
    for _ in range(300):
        await asyncio.gather(*(db.store(RESPONSES, make_response()) for _ in range(8)))
    await db.close()  # what it read is told then

    all_of_it_each_time = 8 * 300**2 / 2
    assert await other.fetchval(ROWS_READ) < all_of_it_each_time / 2
