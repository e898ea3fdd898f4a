"""A backup: a zip that anybody can check, made while others write, that replaces nothing."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from every_table import ROWS, filled

from harken_server.database.opening import open_database
from harken_server.kernel.clock import system_clock
from harken_server.kernel.settings import Settings
from harken_server.tables import TABLES
from harken_server.upkeep.archive import BackupError, read_manifest
from harken_server.upkeep.backup import back_up

Load = Callable[[str], Settings]


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
