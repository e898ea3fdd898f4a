"""Migrations: once, locked, silent, repeatable, and never downwards."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from harken_server.database.migrate import check_schema, known_migrations, migrate
from harken_server.database.opening import open_database
from harken_server.kernel.errors import StorageError

PROGRAM = textwrap.dedent("""
    import asyncio, sys
    from harken_server.database.migrate import migrate

    print("ready", flush=True)
    sys.stdin.readline()
    print(len(asyncio.run(migrate(sys.argv[1]))))
""")


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'new.sqlite3'}"


@pytest.fixture
def empty_url(engine_name: str, request: pytest.FixtureRequest) -> str:
    return request.getfixturevalue(f"empty_{engine_name}_url")


async def test_the_first_run_applies_everything_and_the_second_nothing(empty_url, capfd):
    first = await migrate(empty_url)
    second = await migrate(empty_url)

    assert first == known_migrations()
    assert second == ()
    assert capfd.readouterr() == ("", "")


async def test_the_environment_and_the_path_stay_as_they_were(empty_url):
    before = (dict(os.environ), list(sys.path))

    await migrate(empty_url)

    assert (dict(os.environ), sys.path) == before


@pytest.mark.processes
def test_of_processes_that_start_together_one_migrates_and_the_others_wait(empty_url):
    processes = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", PROGRAM, empty_url],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(3)
    ]  # fmt: skip
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"

    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    results = [process.communicate(timeout=60) for process in processes]

    assert [error for _, error in results] == ["", "", ""]
    applied = sorted(int(said) for said, _ in results)
    assert applied == [0, 0, len(known_migrations())]


async def test_an_empty_database_needs_a_migration(empty_url):
    db = await open_database(empty_url)

    with pytest.raises(StorageError) as caught:
        await check_schema(db)
    await db.close()

    assert caught.value.code == "database_needs_migration"
    assert known_migrations()[0] in caught.value.message


async def test_a_migrated_database_fits(database):
    await check_schema(database)


async def test_a_database_of_a_newer_version_is_refused_and_left_alone(database, database_url):
    await database.execute(
        "INSERT INTO migration (name, app_name, ran_on) "
        "VALUES ('m9999_from_the_future', 'harken', CURRENT_TIMESTAMP)"
    )

    with pytest.raises(StorageError) as checked:
        await check_schema(database)
    with pytest.raises(StorageError) as migrated:
        await migrate(database_url)

    for caught in (checked, migrated):
        assert caught.value.code == "database_too_new"
        assert "m9999_from_the_future" in caught.value.message
        assert "\n" not in caught.value.message


@pytest.mark.parametrize("name", ["m0001_first_schema", "m0001_first_schema_00000000"])
async def test_a_database_of_before_the_first_release_is_refused_in_one_sentence(
    database, database_url, name
):
    await database.execute("UPDATE migration SET name = $1", name)

    with pytest.raises(StorageError) as checked:
        await check_schema(database)
    with pytest.raises(StorageError) as migrated:
        await migrate(database_url)

    for caught in (checked, migrated):
        assert caught.value.code == "database_unreleased"
        assert "before the first release" in caught.value.message
        assert caught.value.message.count(".") == 1


async def test_a_migration_that_fails_leaves_nothing_behind(empty_url, monkeypatch):
    from piccolo.apps.migrations.auto import migration_manager

    async def fail_at_the_end(*_: object, **__: object) -> None:
        raise RuntimeError("cut")

    with monkeypatch.context() as patch:
        patch.setattr(
            migration_manager.MigrationManager, "_run_drop_indexes", fail_at_the_end, False
        )
        patch.setattr(migration_manager.MigrationManager, "_run_drop_tables", fail_at_the_end)
        with pytest.raises(StorageError, match="The migration failed and changed nothing: cut"):
            await migrate(empty_url)
    db = await open_database(empty_url)
    with pytest.raises(StorageError):
        await check_schema(db)
    await db.close()

    assert await migrate(empty_url) == known_migrations()


async def test_a_folder_that_is_not_there_is_one_clear_line(tmp_path):
    with pytest.raises(StorageError) as caught:
        await migrate(f"sqlite:///{tmp_path}/missing/a.sqlite3")

    assert f"{tmp_path}/missing/a.sqlite3" in caught.value.message
    assert "No such file" in caught.value.message


@pytest.mark.processes
def test_a_folder_without_write_permission_is_one_clear_line(tmp_path):
    """In a process of its own, which gives up root's rights when it has them."""
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(0o555)
    program = textwrap.dedent("""
        import asyncio, os, sys
        from harken_server.kernel.errors import StorageError
        from harken_server.database.migrate import migrate

        if os.geteuid() == 0:
            os.setgid(65534), os.setuid(65534)
        try:
            asyncio.run(migrate(sys.argv[1]))
        except StorageError as error:
            print(error.message)
    """)
    for parent in folder.parents:
        if parent.name.startswith(("pytest-", "test_")):  # made by pytest, private to the user
            parent.chmod(parent.stat().st_mode | 0o011)

    done = subprocess.run(
        [sys.executable, "-c", program, f"sqlite:///{folder}/a.sqlite3"],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip

    assert done.stdout == f"The database {folder}/a.sqlite3 cannot be opened: Permission denied.\n"


async def test_a_server_that_cannot_be_reached_is_one_clear_line(unused_tcp_port):
    with pytest.raises(StorageError, match=f"127.0.0.1:{unused_tcp_port}"):
        await migrate(f"postgresql://nobody@127.0.0.1:{unused_tcp_port}/none")


async def test_a_waiting_migration_does_not_block_the_loop(empty_sqlite_url):
    await migrate(empty_sqlite_url)

    results = await asyncio.gather(*[migrate(empty_sqlite_url) for _ in range(3)])

    assert results == [(), (), ()]


@pytest.mark.processes
def test_settings_can_be_read_without_piccolo():
    program = "import sys, harken_server.configuration; print('piccolo' in sys.modules)"

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout == "False\n"


async def test_a_migrated_file_is_in_wal_mode(sqlite_url):
    connection = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))

    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
