"""The command as its user meets it: what it prints, and with which status it ends."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import sqlite3
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from ports import free_port
from served import COMMAND, Served, clean_environ

pytestmark = pytest.mark.processes

ANSWERED = "SELECT channel, standing, touchpoint FROM responses_flat WHERE NOT is_sample"
PLACES = ("journey", "store", "till", "device")


def run(*arguments: str, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        env=clean_environ(**environ),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    server = Served("serve", tmp_path)
    yield server
    if server.process.poll() is None:
        server.stop()


def rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    """What the server in this folder has stored."""
    (file,) = folder.glob("harken-*/*.sqlite3")
    with contextlib.closing(sqlite3.connect(file)) as connection:
        return connection.execute(sql).fetchall()


def pairs(server: Served, code: str) -> bool:
    """Whether a tablet on which the code is typed becomes a kiosk."""
    body = json.dumps({"code": code}).encode()
    request = urllib.request.Request(
        server.url + "/v1/public/kiosk/pair", body, {"content-type": "application/json"}
    )
    try:
        urllib.request.urlopen(request, timeout=20).close()
    except urllib.error.HTTPError as refused:
        refused.close()
        return False
    return True


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


def test_the_demo_prints_links_that_work(tmp_path: Path) -> None:
    server = Served("demo", tmp_path)
    try:
        printed = server.printed()
        links = re.findall(rf"http://127\.0\.0\.1:{server.port}(/\S+)", printed)
        pages = [
            path
            for path in links
            if path.startswith((
                "/s/", "/results/", "/export/", "/docs", "/widget/", "/kiosk", "/mail-preview/"
            ))
        ]  # fmt: skip
        assert len(pages) >= 8
        for path in pages:
            status, body = server.get(path)
            assert status == 200, path
            assert body
        csv_link = next(path for path in pages if ".csv" in path)
        rows = server.get(csv_link)[1].decode("utf-8-sig").splitlines()
        assert len(rows) > 150
        assert "█" in printed or "▀" in printed
        playground = next(path for path in pages if path.startswith("/widget/"))
        assert b"How was your order?</option>" in server.get(playground)[1]
    finally:
        assert server.stop() == 0


def test_a_second_demo_has_the_keys_of_the_first(tmp_path: Path) -> None:
    server = Served("demo", tmp_path)
    (first,) = re.findall(r"/widget/playground\?key=(hk_\w+)", server.printed())
    assert server.stop() == 0

    again = Served("demo", tmp_path)
    try:
        (second,) = re.findall(r"/widget/playground\?key=(hk_\w+)", again.printed())
        assert first == second
        assert b'"problem":' not in again.get(f"/widget/v1.js?key={second}")[1]
    finally:
        assert again.stop() == 0


def test_the_receipt_that_the_demo_prints_is_answered_once(tmp_path: Path) -> None:
    server = Served("demo", tmp_path)
    try:
        (path,) = re.findall(r"  Receipt +http://127\.0\.0\.1:\d+(/r/\w{26}) ", server.printed())
        page = server.get(path)[1].decode()
        assert "How was your visit" in page
        assert rows(tmp_path, ANSWERED) == []
        begun = page.partition('name="r" value="')[2].partition('"')[0]

        for stars in (5, 1):
            form = f"r={begun}&v=1&after=&a_overall={stars}&go=next".encode()
            urllib.request.urlopen(server.url + path, form, timeout=20).close()

        assert rows(tmp_path, ANSWERED) == [("receipt", "counted", "receipt.printed")]
    finally:
        assert server.stop() == 0


def test_a_second_demo_goes_on_in_the_places_of_the_first(tmp_path: Path) -> None:
    codes, places = [], []
    for _ in range(2):
        server = Served("demo", tmp_path)
        try:
            codes += re.findall(r"  Kiosk .+ \(code (\d{4} \d{4}),", server.printed())
            paired = [pairs(server, code) for code in codes] if len(codes) == 2 else []
        finally:
            assert server.stop() == 0
        places.append([rows(tmp_path, f"SELECT id FROM {table}") for table in PLACES])

    assert paired == [False, True]
    assert places[0] == places[1]
    assert [len(ids) for ids in places[0]] == [1, 1, 1, 1]
    stages = "SELECT COUNT(DISTINCT stage), COUNT(*) FROM touchpoint WHERE journey IS NOT NULL"
    assert rows(tmp_path, stages) == [(7, 16)]


@pytest.mark.parametrize(
    ("setting", "value", "named"),
    [
        ("HARKEN_PORT", "99999", "1 to 65535"),
        ("HARKEN_PORT", "many", "HARKEN_PORT"),
        ("HARKEN_SECRET_KEY", "short", "32 characters"),
        ("HARKEN_POTR", "1", "HARKEN_POTR"),
        ("HARKEN_PUBLIC_URL", "feedback.example", "HARKEN_PUBLIC_URL"),
        ("HARKEN_PUBLIC_URL", 'http://a/"><script>', "HARKEN_PUBLIC_URL"),
        ("HARKEN_PUBLIC_URL", "http://user:password@a", "HARKEN_PUBLIC_URL"),
        ("HARKEN_SHORT_URL", "http://a\r\nb", "HARKEN_SHORT_URL"),
        ("HARKEN_SECRET_KEY", "x" * 40 + ",", "32 characters"),
        ("HARKEN_DATABASE_URL", "mysql://x", "HARKEN_DATABASE_URL"),
        ("HARKEN_LOG_FORMAT", "xml", "pretty, json"),
        ("HARKEN_SECRET_KEY_FILE", "/nowhere/at/all", "HARKEN_SECRET_KEY"),
    ],
)
def test_a_bad_setting_is_one_line_and_status_78(
    tmp_path: Path, setting: str, value: str, named: str
) -> None:
    ended = run("serve", cwd=tmp_path, **{setting: value})

    assert ended.returncode == 78
    assert named in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


def test_several_bad_settings_are_named_together(tmp_path: Path) -> None:
    ended = run("config", "check", cwd=tmp_path, HARKEN_PORT="x", HARKEN_LOG_LEVEL="loud")

    assert ended.returncode == 78
    assert "HARKEN_PORT" in ended.stderr
    assert "HARKEN_LOG_LEVEL" in ended.stderr


def test_config_check_shows_effective_values_without_secrets(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cr3t-" * 6 + "\n")

    ended = run(
        "config",
        "check",
        cwd=tmp_path,
        HARKEN_SECRET_KEY_FILE=str(secret),
        HARKEN_DATABASE_URL="postgresql://harken:hunter2@db/harken",
    )

    assert ended.returncode == 0
    assert "8300" in ended.stdout
    assert "s3cr3t" not in ended.stdout
    assert "hunter2" not in ended.stdout
    assert "db/harken" in ended.stdout


def test_config_check_asks_for_the_names_that_people_read(tmp_path: Path) -> None:
    url = {"HARKEN_PUBLIC_URL": "https://feedback.shop.example"}
    mail = {"HARKEN_SMTP_URL": "smtp://mx.example", "HARKEN_MAIL_FROM": "hello@shop.example"}

    unnamed = run("config", "check", cwd=tmp_path, **url, **mail).stdout
    named = run("config", "check", cwd=tmp_path, **url, **mail, HARKEN_NAME="The Shop").stdout
    both = {**mail, "HARKEN_NAME": "The Shop", "HARKEN_MAIL_FROM": "Shop <hello@shop.example>"}

    assert "HARKEN_NAME is not set" in unnamed
    assert "“feedback.shop.example”" in unnamed
    assert "HARKEN_NAME is not set" not in named
    assert "HARKEN_MAIL_FROM has no name" in named
    assert "“The Shop”" in named
    assert "“" not in run("config", "check", cwd=tmp_path, **url, **both).stdout


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
