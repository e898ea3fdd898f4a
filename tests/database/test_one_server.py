"""One serving process a SQLite file, and what a lock costs nobody else."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from harken_server.database.failures import MIN_FREE_BYTES, from_sqlite, require_free_space
from harken_server.database.sqlite.one_server import only_server
from harken_server.kernel.errors import StorageError


def test_a_file_has_one_server_at_a_time(tmp_path: Path) -> None:
    path = str(tmp_path / "a.sqlite3")

    with (
        only_server(path),
        pytest.raises(StorageError, match="Another Harken server") as refused,
        only_server(path),
    ):
        pass
    with only_server(path):
        pass

    assert refused.value.code == "database_in_use"


def test_two_files_have_two_servers(tmp_path: Path) -> None:
    with only_server(f"{tmp_path}/a.db"), only_server(f"{tmp_path}/b.db"):
        pass


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = f"{tmp_path}/missing/a.sqlite3"

    with pytest.raises(StorageError, match="missing") as refused, only_server(path):
        pass

    assert refused.value.code == "data_dir_unusable"


@pytest.mark.parametrize(
    ("free", "said"), [(0, "the disk is full"), (1, "reading or writing it failed")]
)
def test_an_error_of_a_full_disk_is_told_from_a_broken_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, said: str
) -> None:
    found = os.statvfs(tmp_path)
    fields = list(found)
    fields[4] = free  # f_bavail
    monkeypatch.setattr(os, "statvfs", lambda _: os.statvfs_result(fields))
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE

    translated = from_sqlite(error, str(tmp_path / "a.sqlite3"))

    assert isinstance(translated, StorageError)
    assert said in translated.message


def test_a_nearly_full_disk_is_not_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    require_free_space(str(tmp_path / "a.sqlite3"))
    found = os.statvfs(tmp_path)
    fields = list(found)
    fields[4] = MIN_FREE_BYTES // found.f_frsize - 1
    monkeypatch.setattr(os, "statvfs", lambda _: os.statvfs_result(fields))

    with pytest.raises(StorageError, match="1024 KiB are needed"):
        require_free_space(str(tmp_path / "a.sqlite3"))
