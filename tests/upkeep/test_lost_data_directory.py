"""The data directory is lost, or the data moves: a user gets everything back by the commands."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import signal
import sqlite3
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest
from served import COMMAND, Served, clean_environ

import harken

pytestmark = pytest.mark.processes

SURVEY: dict[str, Any] = {
    "key": "post_purchase",
    "title": "Your order",
    "touchpoints": ["order.delivered"],
    "questions": [
        {"type": "nps", "key": "recommend", "text": "Would you recommend us?"},
        {"type": "long_text", "key": "why", "text": "Why?"},
    ],
}
ENOUGH = 30_000
"""Responses: a move of them takes seconds."""


class Owner:
    """Somebody who runs a server, and knows of it what a user knows."""

    def __init__(self, folder: Path, **environ: str) -> None:
        self.folder = folder
        self.environ = environ
        self.server = Served("serve", folder, **environ)
        (self.key,) = re.findall(r"hk_\w+", self.server.printed())
        self.cursor: str | None = None

    def command(self, *arguments: str, status: int = 0) -> str:
        """Run a command as a user would; what it printed."""
        done = subprocess.run(
            [*COMMAND, *arguments],
            cwd=self.folder,
            env=clean_environ(**self.environ),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == status, (done.stdout, done.stderr)
        return done.stdout + done.stderr

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Begin a command."""
        return subprocess.Popen(
            [*COMMAND, *arguments],
            cwd=self.folder,
            env=clean_environ(**self.environ),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def restart(self, **environ: str) -> None:
        """Start again, on another database if it says so."""
        self.environ |= environ
        self.server = Served("serve", self.folder, **self.environ)

    def pull(self) -> list[dict[str, Any]]:
        """The answers that were stored or changed since the last pull."""
        answers, self.cursor = self.pull_after(self.cursor)
        return answers

    def pull_after(self, cursor: str | None) -> tuple[list[dict[str, Any]], str | None]:
        """The answers behind a cursor, and the cursor behind them."""
        with harken.Client(self.server.url, self.key) as client:
            responses = client.responses("post_purchase", after=cursor)
            answers = [dict(response.answers) for response in responses]
            return answers, responses.cursor

    def submit(self, *ratings: int) -> None:
        with harken.Client(self.server.url, self.key) as client:
            for rating in ratings:
                client.responses.submit("post_purchase", {"recommend": rating, "why": "Grüße"})

    def invite(self, respondent: str) -> str:
        """The path of a personal link."""
        with harken.Client(self.server.url, self.key) as client:
            invitation = client.trigger("order.delivered", respondent=respondent).invitation
        assert invitation is not None
        return f"/i/{invitation.code}"

    def sign_a_link(self) -> str:
        """The path of a link to an export, which the secret key signs."""
        request = urllib.request.Request(
            f"{self.server.url}/v1/surveys/post_purchase/export-link",
            b'{"days": 365}',
            {"authorization": f"Bearer {self.key}", "content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=20) as reply:
            place = urlsplit(json.load(reply)["url"])
        return f"{place.path}?{place.query}"

    def export(self, link: str) -> str:
        return self.server.get(link)[1].decode("utf-8-sig")

    def answer(self, link: str, rating: int) -> None:
        """Answer by a personal link, in a browser without script."""
        form_id = self.server.get(link)[1].decode().partition('name="r" value="')[2][:59]
        form = f"r={form_id}&v=1&after=&a_recommend={rating}&go=next".encode()
        urllib.request.urlopen(self.server.url + link, form, timeout=20).close()

    def count(self) -> int:
        with harken.Client(self.server.url, self.key) as client:
            return client.scores("post_purchase").scores[0].n


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[Owner]:
    """A server on SQLite with a survey, two responses pulled, one not, and an open invitation."""
    someone = Owner(tmp_path)
    with harken.Client(someone.server.url, someone.key) as client:
        client.surveys.push(SURVEY)
    someone.submit(9, 3)
    assert len(someone.pull()) == 2
    someone.submit(7)
    yield someone
    if someone.server.process.poll() is None:
        someone.server.stop()


def check_that_all_is_back(owner: Owner, link: str) -> None:
    """Key, cursor, counts and personal link of before work on."""
    assert [answers["recommend"] for answers in owner.pull()] == [7]
    assert owner.count() == 3
    owner.answer(link, 10)
    assert [answers["recommend"] for answers in owner.pull()] == [10]
    owner.submit(1)
    assert [answers["recommend"] for answers in owner.pull()] == [1]
    assert owner.count() == 5
    assert "nothing is wrong" in owner.command("doctor")


@pytest.mark.parametrize(
    "kind",
    ["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.nightly])],
)
def test_who_loses_the_data_directory_gets_everything_back(
    owner: Owner, kind: str, request: pytest.FixtureRequest
) -> None:
    link, signed = owner.invite("c-42"), owner.sign_a_link()
    data = owner.folder / "harken-data"
    said = owner.command("backup", "backup.zip")  # while it runs
    copy = re.search(r"keep a copy of (\S+) \(\w{8}\) apart", said)
    assert copy
    shutil.copy(owner.folder / copy[1], owner.folder / "kept.key")
    owner.submit(5)
    _, later = owner.pull_after(owner.cursor)
    owner.server.kill()
    shutil.rmtree(data)
    if kind == "postgres":
        owner.environ["HARKEN_DATABASE_URL"] = request.getfixturevalue("empty_postgres_url")

    restored = owner.command("restore", "backup.zip")
    shutil.copy(owner.folder / "kept.key", data / "secret.key")
    owner.restart()

    assert "is missing (none is here)" in restored
    assert "nothing is wrong" in restored
    assert "hk_" not in owner.server.printed()
    check_that_all_is_back(owner, link)
    behind, _ = owner.pull_after(later)  # a cursor that is newer than the backup
    assert [answers["recommend"] for answers in behind] == [10, 1]
    assert owner.export(signed).startswith("response_id,")
    assert owner.server.stop() == 0
    assert "is not empty" in owner.command("restore", "backup.zip", status=73)


def test_a_command_that_writes_waits_for_the_server_to_stop(owner: Owner, tmp_path: Path) -> None:
    refused = owner.command("move", "--to", f"sqlite:///{tmp_path}/copy.sqlite3", status=69)

    assert refused.count("\n") == 1
    assert "stop" in refused
    assert not (tmp_path / "copy.sqlite3").exists()


def test_differences_that_the_doctor_finds_end_it_with_status_65(owner: Owner) -> None:
    assert owner.server.stop() == 0
    script = (
        "UPDATE answer_count SET counts = json_set(counts, '$.9', 4)"
        " WHERE question = 'recommend' AND json_extract(counts, '$.9') = 1"
    )
    file = owner.folder / "harken-data" / "harken.sqlite3"
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as db:
        db.execute(script)

    said = owner.command("doctor", status=65)

    assert "default/post_purchase: question recommend, value '9': counted 4, found 1" in said
    assert said.splitlines()[-1].endswith(": 1 differences.")


@pytest.mark.postgres
@pytest.mark.nightly
async def test_a_move_that_was_killed_goes_on_and_nothing_is_lost(
    owner: Owner, empty_postgres_url: str
) -> None:
    link = owner.invite("c-42")
    assert owner.server.stop() == 0
    add_many(owner.folder / "harken-data" / "harken.sqlite3")

    there = await kill_a_move_midway(owner, empty_postgres_url)
    environ = owner.environ
    owner.environ = {**environ, "HARKEN_DATABASE_URL": empty_postgres_url}
    assert "half filled" in owner.command("serve", status=65)
    owner.environ = environ
    said = owner.command("move", "--to", empty_postgres_url)

    assert 0 < there < ENOUGH
    assert "nothing is wrong" in said
    assert f"of {ENOUGH + 3:,} responses to 2 surveys" in said
    owner.restart(HARKEN_DATABASE_URL=empty_postgres_url)
    check_that_all_is_back(owner, link)


def add_many(file: Path) -> None:
    """Many responses to another survey, behind the server's back."""
    with contextlib.closing(sqlite3.connect(file)) as db:
        columns = [row[1] for row in db.execute("PRAGMA table_info(response)")]
        db.execute("INSERT INTO survey SELECT zeroblob(16), 1000, workspace_id, 'large', status,"
                   " version, created_at, updated_at, targets FROM survey")  # fmt: skip
        replaced = {
            "number": "1000 + i", "position": "1000 + i", "id": "randomblob(16)",
            "survey_number": "1000", "invitation_id": "NULL", "answers": "'{}'",
        }  # fmt: skip
        db.execute(
            f"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ENOUGH})"
            f" INSERT INTO response ({', '.join(columns)})"
            f" SELECT {', '.join(replaced.get(name, name) for name in columns)}"
            " FROM n, (SELECT * FROM response LIMIT 1)"
        )
        db.execute("UPDATE feed SET position = (SELECT max(position) FROM response)")
        db.commit()


async def kill_a_move_midway(owner: Owner, url: str) -> int:
    """SIGKILL when some responses are there; how many."""
    process = owner.start("move", "--to", url)
    connection = await asyncpg.connect(url)
    count, until = 0, time.monotonic() + 60
    while not count and time.monotonic() < until:
        assert process.poll() is None, "it was done before it could be killed"
        if await connection.fetchval("SELECT to_regclass('response') IS NOT NULL"):
            count = await connection.fetchval("SELECT count(*) FROM response")
    process.send_signal(signal.SIGKILL)
    process.wait()
    count = await connection.fetchval("SELECT count(*) FROM response")
    await connection.close()
    return count
