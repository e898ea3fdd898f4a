"""A backup of either database comes back in either, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
from api_client import Api
from every_table import ROWS, filled, lines_of

from harken_server.database.lanes import first_position
from harken_server.database.migrate import migrate
from harken_server.database.opening import open_database
from harken_server.database.values import to_uuid
from harken_server.kernel.clock import system_clock
from harken_server.kernel.errors import StorageError
from harken_server.kernel.settings import Settings
from harken_server.tables import TABLES
from harken_server.upkeep.archive import BackupError, read_manifest
from harken_server.upkeep.backup import back_up
from harken_server.upkeep.doctor import examine
from harken_server.upkeep.restore import BEYOND_CURSORS, restore

Load = Callable[[str], Settings]


@pytest.fixture
async def backup(database_url: str, settings: Load, tmp_path: Path) -> Path:
    """A backup of a database with rows in every table."""
    path = tmp_path / "backup.zip"
    await back_up(settings(await filled(database_url)), path, system_clock())
    return path


def rewrite(path: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """A copy of a backup with its members changed; None leaves one out."""
    changed = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            if (content := change(name, old.read(name))) is not None:
                new.writestr(name, content)
    return changed


async def test_a_backup_comes_back_in_either_database(
    backup: Path, database_url: str, empty_url: str, settings: Load
) -> None:
    said, _ = await restore(settings(empty_url), backup)

    before, after = await lines_of(database_url), await lines_of(empty_url)
    assert after.pop("feed") != before.pop("feed")
    assert after == before
    assert f"{ROWS * len(TABLES)} rows of {len(TABLES)} tables" in said[0]
    await migrate(empty_url)


async def test_files_and_what_happened_come_back_byte_for_byte(
    live: Api, empty_url: str, settings: Load, tmp_path: Path
) -> None:
    db, home, path = live.runtime.db, live.runtime.home, tmp_path / "files.zip"
    contents = {uuid4(): bytes(range(256)) * (size << 8) for size in (0, 1, *(4,) * 20, 16)}
    for identity, content in contents.items():
        await db.execute(
            "INSERT INTO binary_object VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            identity, home, "c-42", hashlib.sha256(content).digest(), "image/png", len(content),
            content, live.clock(),
        )  # fmt: skip
    await db.execute(
        "INSERT INTO event VALUES ($1, $2, $3, $4, $5, $6, $7)",
        uuid4(), home, "c-42", "subscription.renewed", live.clock(), '{"plan":"pro"}', 4,
    )  # fmt: skip

    await back_up(settings(db.url), path, system_clock())
    _, findings = await restore(settings(empty_url), path)

    assert findings.differences == []
    there = await open_database(empty_url)
    rows = await there.fetch("SELECT id, bytes FROM binary_object")
    events = await there.fetch("SELECT respondent, name, properties, proof FROM event")
    await there.close()
    assert {to_uuid(row[0]): bytes(row[1]) for row in rows} == contents
    assert [tuple(row) for row in events] == [("c-42", "subscription.renewed", '{"plan":"pro"}', 4)]


@pytest.mark.parametrize("table", ["binary_object", "event"])
async def test_the_doctor_names_what_lies_in_no_workspace(live: Api, table: str) -> None:
    values = {
        "binary_object": ("$1, $2, NULL, $3, 'image/png', 0, $3, $4", b"", live.clock()),
        "event": ("$1, $2, 'c-42', 'renewed', $4, $3, 0", "{}", live.clock()),
    }
    marks, *given = values[table]
    stray = uuid4()
    await live.runtime.db.execute(f"INSERT INTO {table} VALUES ({marks})", uuid4(), stray, *given)

    (found,) = (await examine(live.runtime.db.url)).differences

    assert found == (f"{table}: 1 rows with workspace_id {stray}, and there is no such workspace")


async def test_after_a_restore_each_lane_goes_on_beyond_every_cursor_of_before(
    backup: Path, empty_url: str, settings: Load
) -> None:
    await restore(settings(empty_url), backup)

    db = await open_database(empty_url)
    ((lowest,),) = await db.fetch("SELECT min(position) FROM feed")
    await db.close()
    assert lowest >= BEYOND_CURSORS
    assert first_position(1) > BEYOND_CURSORS * 1000


async def test_a_backup_is_a_zip_whose_digests_anybody_can_check(backup: Path) -> None:
    manifest = read_manifest(backup)

    assert {table.name: table.rows for table in manifest.tables} == {
        table._meta.tablename: ROWS for table in TABLES
    }
    with zipfile.ZipFile(backup) as file:
        for table in manifest.tables:
            content = file.read(f"tables/{table.name}.jsonl")
            assert hashlib.sha256(content).hexdigest() == table.digest
    (written,) = [entry for entry in os.scandir(backup.parent) if ".zip" in entry.name]
    assert written.name == "backup.zip"
    assert written.stat().st_mode & 0o077 == 0


async def test_what_is_written_while_a_backup_is_made_is_in_it_whole_or_not_at_all(
    database_url: str, settings: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await filled(database_url)
    writer = await open_database(database_url)
    from harken_server.upkeep import backup as backing

    stock = backing.read_lines

    async def write_first(seen, form):
        async for lines in stock(seen, form):
            await writer.execute("DELETE FROM response")
            await writer.execute("DELETE FROM answer_count")
            yield lines

    monkeypatch.setattr(backing, "read_lines", write_first)

    await back_up(settings(database_url), tmp_path / "b.zip", system_clock())

    await writer.close()
    assert {table.rows for table in read_manifest(tmp_path / "b.zip").tables} == {ROWS}


async def test_another_file_is_never_replaced(
    sqlite_url: str, settings: Load, tmp_path: Path
) -> None:
    (tmp_path / "mine").write_text("precious")

    with pytest.raises(BackupError, match="is there already") as refused:
        await back_up(settings(sqlite_url), tmp_path / "mine", system_clock())

    assert refused.value.code == "backup_exists"
    assert (tmp_path / "mine").read_text() == "precious"


async def test_a_folder_that_is_not_there_is_named(
    sqlite_url: str, settings: Load, tmp_path: Path
) -> None:
    with pytest.raises(BackupError, match=r"nowhere/b\.zip cannot be written: No such file"):
        await back_up(settings(sqlite_url), tmp_path / "nowhere" / "b.zip", system_clock())


async def test_a_restore_never_overwrites(backup: Path, empty_url: str, settings: Load) -> None:
    await migrate(empty_url)
    await filled(empty_url)
    db = await open_database(empty_url)
    await db.execute("DELETE FROM workspace")
    await db.close()
    before = await lines_of(empty_url)

    with pytest.raises(StorageError, match=r"holds 4 api_key, .*4 survey, ") as refused:
        await restore(settings(empty_url), backup)

    assert refused.value.code == "database_not_empty"
    assert await lines_of(empty_url) == before


def change_a_word(name: str, content: bytes) -> bytes:
    return content.replace(b"plain", b"PLAIN") if name == "tables/survey.jsonl" else content


def lose_a_row(name: str, content: bytes) -> bytes:
    return content.partition(b"\n")[2] if name == "tables/response.jsonl" else content


def lose_a_table(name: str, content: bytes) -> bytes | None:
    return None if name == "tables/touchpoint.jsonl" else content


def lose_the_manifest(name: str, content: bytes) -> bytes | None:
    return None if name == "manifest.json" else content


@pytest.mark.parametrize(
    ("harm", "named"),
    [
        (change_a_word, "survey"),
        (lose_a_row, "3 rows of response"),
        (lose_a_table, "touchpoint"),
        (lose_the_manifest, "manifest"),
    ],
)
async def test_a_damaged_backup_is_refused_before_anything_is_written(
    sqlite_url: str, tmp_path: Path, settings: Load, harm: Callable[..., bytes | None], named: str
) -> None:
    path = tmp_path / "backup.zip"
    await back_up(settings(await filled(sqlite_url)), path, system_clock())

    with pytest.raises(BackupError, match=named) as refused:
        await restore(settings(f"sqlite:///{tmp_path}/copy.sqlite3"), rewrite(path, harm))

    assert refused.value.code == "backup_damaged"
    assert not (tmp_path / "copy.sqlite3").exists()


@pytest.mark.parametrize("share", [0, 10, 50, 99])
async def test_a_file_that_was_cut_is_refused(
    sqlite_url: str, tmp_path: Path, settings: Load, share: int
) -> None:
    path = tmp_path / "backup.zip"
    await back_up(settings(await filled(sqlite_url)), path, system_clock())
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * share // 100])

    with pytest.raises(BackupError, match="no backup of Harken, or damaged") as refused:
        await restore(settings(f"sqlite:///{tmp_path}/copy.sqlite3"), path)

    assert refused.value.code == "backup_damaged"


async def test_every_changed_byte_is_noticed_or_changes_nothing(
    sqlite_url: str, tmp_path: Path, settings: Load
) -> None:
    path = tmp_path / "backup.zip"
    await back_up(settings(await filled(sqlite_url)), path, system_clock())
    content = path.read_bytes()
    before = (await lines_of(sqlite_url))["response"]
    for number, place in enumerate(range(7, len(content), len(content) // 24)):
        path.write_bytes(content[:place] + bytes([content[place] ^ 0x41]) + content[place + 1 :])
        copy = f"sqlite:///{tmp_path}/copy{number}.sqlite3"
        try:
            await restore(settings(copy), path)
        except BackupError:
            continue
        assert (await lines_of(copy))["response"] == before


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"format": 2}, "format 2"),
        ({"migrations": ["m0002_later"]}, "another schema"),
    ],
)
async def test_a_backup_of_another_version_is_told_apart(
    sqlite_url: str, tmp_path: Path, settings: Load, changes: dict[str, object], named: str
) -> None:
    path = tmp_path / "backup.zip"
    await back_up(settings(sqlite_url), path, system_clock())

    def of_another(name: str, content: bytes) -> bytes:
        if name != "manifest.json":
            return content
        return msgspec.json.encode({**msgspec.json.decode(content), **changes})

    with pytest.raises(BackupError, match=named) as refused:
        await restore(settings(f"sqlite:///{tmp_path}/copy.sqlite3"), rewrite(path, of_another))

    assert refused.value.code == "backup_unusable"


async def test_the_secret_key_that_links_need_is_asked_for_by_its_fingerprint(
    sqlite_url: str, tmp_path: Path, settings: Load
) -> None:
    key = tmp_path / "data" / "secret.key"
    key.parent.mkdir()
    key.write_text("k" * 40)
    said = await back_up(settings(sqlite_url), tmp_path / "b.zip", system_clock())
    (mark,) = read_manifest(tmp_path / "b.zip").secret_keys

    fits, _ = await restore(settings(f"sqlite:///{tmp_path}/1.sqlite3"), tmp_path / "b.zip")
    key.write_text("another key that is long enough")
    differs, _ = await restore(settings(f"sqlite:///{tmp_path}/2.sqlite3"), tmp_path / "b.zip")
    key.unlink()
    none, _ = await restore(settings(f"sqlite:///{tmp_path}/3.sqlite3"), tmp_path / "b.zip")

    assert f"keep a copy of {key} ({mark}) apart" in said[-1]
    assert b"k" * 40 not in (tmp_path / "b.zip").read_bytes()
    assert fits[-1] == f"The secret key here ({mark}) is the one that its links need."
    assert f"The secret key {mark} is missing (" in differs[-1]
    assert f"{mark} is missing (none is here)" in none[-1]
    assert not key.exists()
