"""Starts that cannot be: each is one line on standard error and the status that names it."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from ports import free_port
from served import Served, run
from small_disk import small_disk
from tiers import first_of

pytestmark = pytest.mark.processes


def assert_refused(ended: subprocess.CompletedProcess[str], status: int, said: str) -> None:
    assert ended.returncode == status, ended
    assert said in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory that a server has used before."""
    folder = tmp_path_factory.mktemp("used")
    assert run("keys", "create", cwd=folder).returncode == 0
    return folder / "harken-data"


@pytest.fixture
def data(used: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(used, tmp_path / "harken-data")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MB."""
    with small_disk(tmp_path / "disk") as folder:
        yield folder


def test_a_second_server_on_the_same_file_is_refused(tmp_path: Path) -> None:
    first = Served("serve", tmp_path)
    link = tmp_path / "link.sqlite3"
    link.symlink_to(tmp_path / "harken-data" / "harken.sqlite3")
    try:
        second = run("serve", cwd=tmp_path, HARKEN_PORT=str(free_port()))
        linked = run(
            "serve", cwd=tmp_path, HARKEN_PORT=str(free_port()),
            HARKEN_DATABASE_URL=f"sqlite:///{link}",
        )  # fmt: skip
        key = run("keys", "create", cwd=tmp_path)
        migrated = run("migrate", cwd=tmp_path)
        assert first.get("/readyz")[0] == 200
    finally:
        status = first.stop()

    assert_refused(second, 69, "Another Harken server")
    assert_refused(linked, 69, "Another Harken server")
    assert key.stdout.startswith("hk_")
    assert "nothing to do" in migrated.stdout
    assert status == 0


def test_the_place_of_a_killed_server_is_free_at_once(tmp_path: Path) -> None:
    Served("serve", tmp_path).kill()

    assert Served("serve", tmp_path).stop() == 0


def test_random_bytes_for_a_database_are_refused_with_status_65(data: Path) -> None:
    file = data / "harken.sqlite3"
    file.write_bytes(random.Random(1).randbytes(50_000))

    ended = run("serve", cwd=data.parent, HARKEN_PORT=str(free_port()))

    assert_refused(ended, 65, "not a SQLite database")


def test_a_damaged_database_is_refused_with_status_65(data: Path) -> None:
    file = data / "harken.sqlite3"
    whole = file.read_bytes()
    file.write_bytes(whole[:200] + random.Random(1).randbytes(20_000) + whole[20_200:])

    ended = run("serve", cwd=data.parent, HARKEN_PORT=str(free_port()))

    assert_refused(ended, 65, "damaged")


@pytest.mark.parametrize("kept", first_of([b"short", b"", b"\n"], 1))
def test_a_damaged_secret_key_never_signs(data: Path, kept: bytes) -> None:
    (data / "secret.key").write_bytes(kept)

    ended = run("serve", cwd=data.parent, HARKEN_PORT=str(free_port()))

    assert_refused(ended, 65, "secret.key is damaged")


def test_files_with_answers_and_keys_are_their_owners_alone(tmp_path: Path) -> None:
    (tmp_path / "harken-data").mkdir(mode=0o755)
    server = Served("serve", tmp_path)
    try:
        modes = {
            path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "harken-data").iterdir()
        }
    finally:
        server.stop()

    assert {"harken.sqlite3", "harken.sqlite3-wal", "secret.key"} <= modes.keys()
    assert set(modes.values()) == {0o600}


def test_an_empty_setting_counts_as_not_set(tmp_path: Path) -> None:
    ended = run("config", "check", cwd=tmp_path, HARKEN_HOST="", HARKEN_PORT="")

    assert ended.returncode == 0
    assert "127.0.0.1" in ended.stdout
    assert "0.0.0.0" not in ended.stdout


@pytest.mark.parametrize(
    "command", first_of([["serve"], ["keys", "create"], ["demo"], ["migrate"]], 1)
)
def test_a_read_only_data_directory_is_refused_with_status_73(
    disk: Path, tmp_path: Path, command: list[str]
) -> None:
    place = {"HARKEN_DATA_DIR": str(disk / "data"), "HARKEN_PORT": str(free_port())}
    assert run("migrate", cwd=tmp_path, **place).returncode == 0
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)

    ended = run(*command, cwd=tmp_path, **place)

    assert_refused(ended, 73, "Read-only file system")


@pytest.mark.parametrize("is_new", [True, False])
@pytest.mark.few(1)
def test_a_full_disk_is_refused_with_status_69_and_leaves_nothing_in_the_way(
    disk: Path, tmp_path: Path, is_new: bool
) -> None:
    place = {"HARKEN_DATA_DIR": str(disk / "data"), "HARKEN_PORT": str(free_port())}
    if not is_new:
        assert run("keys", "create", cwd=tmp_path, **place).returncode == 0
    with (disk / "filler").open("wb", buffering=0) as filler:
        try:
            while filler.write(b"x" * 4096):
                pass
        except OSError:
            assert os.statvfs(disk).f_bavail == 0

    ended = run("serve", cwd=tmp_path, **place)
    (disk / "filler").unlink()
    again = run("keys", "create", cwd=tmp_path, **place)

    assert_refused(ended, 69, "the disk is full")
    assert again.stdout.startswith("hk_")
