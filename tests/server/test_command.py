"""The command as its user meets it: what it prints, and with which status it ends."""

from __future__ import annotations

import os
import re
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from ports import free_port
from served import Served, run

from harken_server.start import is_journal

pytestmark = pytest.mark.processes


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    server = Served("serve", tmp_path)
    yield server
    if server.process.poll() is None:
        server.stop()


def test_serve_prints_a_first_key_once_and_ends_cleanly(served: Served, tmp_path: Path) -> None:
    printed = served.printed()
    assert re.search(r"hk_[a-z2-7]{32}", printed)
    assert f"http://127.0.0.1:{served.port}" in printed

    status = served.stop()

    assert status == 0
    assert not list((tmp_path / "harken-data").glob("*-wal"))
    again = Served("serve", tmp_path)
    assert "hk_" not in again.printed()
    assert again.stop() == 0


def test_a_first_key_that_no_log_is_to_hold_lies_in_a_file_of_its_owner(tmp_path: Path) -> None:
    """A16.13."""
    server = Served("serve", tmp_path, HARKEN_FIRST_KEY="file")
    printed = server.printed()
    assert server.stop() == 0

    path = tmp_path / "harken-data" / "first-api-key"
    assert "hk_" not in printed
    assert "harken-data/first-api-key" in printed
    assert re.fullmatch(r"hk_[a-z2-7]{32}\n", path.read_text())
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_journal_of_systemd_is_told_from_a_terminal_and_a_pipe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "stream").open("w") as output:
        status = os.fstat(output.fileno())
        monkeypatch.setenv("JOURNAL_STREAM", f"{status.st_dev}:{status.st_ino}")
        assert is_journal(output)
        monkeypatch.setenv("JOURNAL_STREAM", f"{status.st_dev}:{status.st_ino + 1}")
        assert not is_journal(output)
        monkeypatch.delenv("JOURNAL_STREAM")
        assert not is_journal(output)


def test_a_port_in_use_is_one_line_and_status_69(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        ended = run("serve", cwd=tmp_path, HARKEN_PORT=str(port))

    assert ended.returncode == 69
    assert f"Port {port} is in use" in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


def test_a_data_directory_that_cannot_be_used_is_one_line_and_status_73(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    ended = run("serve", cwd=tmp_path, HARKEN_DATA_DIR="file/data", HARKEN_PORT=str(free_port()))

    assert ended.returncode == 73
    assert "file/data" in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


def test_a_database_from_a_newer_version_is_refused_with_status_65(tmp_path: Path) -> None:
    assert run("migrate", cwd=tmp_path).returncode == 0
    with sqlite3.connect(tmp_path / "harken-data" / "harken.sqlite3") as db:
        db.execute(
            "INSERT INTO migration (name, app_name, ran_on) VALUES ('2099-01-01', 'harken', "
            "'2099-01-01T00:00:00')"
        )
    db.close()

    ended = run("serve", cwd=tmp_path, HARKEN_PORT=str(free_port()))

    assert ended.returncode == 65
    assert "newer" in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


def test_an_unreachable_postgresql_is_one_line_and_status_69(tmp_path: Path) -> None:
    url = f"postgresql://nobody@127.0.0.1:{free_port()}/nothing"

    ended = run("serve", cwd=tmp_path, HARKEN_DATABASE_URL=url, HARKEN_PORT=str(free_port()))

    assert ended.returncode == 69
    assert "127.0.0.1" in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


def test_migrate_says_what_it_did_and_then_that_nothing_is_left(tmp_path: Path) -> None:
    first = run("migrate", cwd=tmp_path)
    second = run("migrate", cwd=tmp_path)

    assert first.stdout.startswith("applied ")
    assert "nothing to do" in second.stdout


def test_keys_create_prints_a_key_and_schema_prints_the_schema(tmp_path: Path) -> None:
    key = run("keys", "create", "--scope", "read", cwd=tmp_path)
    schema = run("schema", cwd=tmp_path)

    assert re.fullmatch(r"hk_[a-z2-7]{32}\n", key.stdout), key
    assert '"$id": "https://harken.dev/schema/survey-1.json"' in schema.stdout


def test_keys_create_takes_origins_and_names_what_is_none(tmp_path: Path) -> None:
    made = run(
        "keys", "create", "--scope", "public", "--origin", "https://shop.example",
        "--origin", "http://localhost:3000", cwd=tmp_path,
    )  # fmt: skip
    wrong = run("keys", "create", "--scope", "public", "--origin", "shop.example/", cwd=tmp_path)

    assert re.fullmatch(r"hk_[a-z2-7]{32}\n", made.stdout), made
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr.startswith("harken-server: origins[0] must be a scheme and a host")
    assert "'shop.example/'" in wrong.stderr
    assert wrong.stderr.count("\n") == 1
