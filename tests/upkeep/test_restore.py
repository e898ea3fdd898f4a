"""A backup of either database comes back in either, whole or not at all."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
from api_client import Api
from every_table import ROWS, filled, lines_of, without_entries

from harken_server.database.lanes import first_position
from harken_server.database.migrate import migrate
from harken_server.database.opening import open_database
from harken_server.database.values import to_uuid
from harken_server.events.store.events import StoredEvent, add_events, list_events
from harken_server.kernel.clock import system_clock
from harken_server.kernel.errors import StorageError
from harken_server.kernel.settings import Settings
from harken_server.tables import TABLES
from harken_server.upkeep.archive import BackupError, read_manifest
from harken_server.upkeep.backup import back_up
from harken_server.upkeep.restore import BEYOND_CURSORS, restore

Load = Callable[[str], Settings]


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

    before = await lines_of(database_url)
    after = without_entries(await lines_of(empty_url), "restore")
    assert after.pop("feed") != before.pop("feed")
    assert after == before
    assert f"{ROWS * len(TABLES)} rows of {len(TABLES)} tables" in said[0]
    await migrate(empty_url)


@pytest.mark.few(1)
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
    renewed = StoredEvent(
        workspace_id=home, id=uuid4(), respondent="c-42", name="subscription.renewed",
        at=live.clock(), value=4.5, properties={"plan": "pro"}, digest=uuid4(),
    )  # fmt: skip
    async with db.transaction() as tx:
        await add_events(tx, home, [renewed])

    await back_up(settings(db.url), path, system_clock())
    _, findings = await restore(settings(empty_url), path)

    assert findings.differences == []
    there = await open_database(empty_url)
    rows = await there.fetch("SELECT id, bytes FROM binary_object")
    events = await list_events(there, home, "c-42", limit=2)
    await there.close()
    assert {to_uuid(row[0]): bytes(row[1]) for row in rows} == contents
    assert events == [renewed]


async def test_after_a_restore_each_lane_goes_on_beyond_every_cursor_of_before(
    backup: Path, empty_url: str, settings: Load
) -> None:
    await restore(settings(empty_url), backup)

    db = await open_database(empty_url)
    ((lowest,),) = await db.fetch("SELECT min(position) FROM feed")
    await db.close()
    assert lowest >= BEYOND_CURSORS
    assert first_position(1) > BEYOND_CURSORS * 1000


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
