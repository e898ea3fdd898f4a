"""The tutorial works as written: its file, its commands, and what it says they print."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from served import Served, clean_environ

import harken

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial" / "first-survey.md"
LINK = re.compile(r"http://\S+/i/[0-9A-Z]{13}")


def blocks(language: str) -> list[str]:
    text = TUTORIAL.read_text("utf-8")
    return re.findall(rf"^```{language}\n(.+?)^```$", text, re.DOTALL | re.MULTILINE)


def command(start: str) -> str:
    (found,) = [block for block in blocks("console") if block.startswith(start)]
    return found


class Reader:
    """Somebody who follows the tutorial in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = Served("serve", folder)
        (self.key,) = re.findall(r"hk_\w+", self.server.printed())
        (survey,) = blocks("yaml")
        (folder / "coffee.survey.yaml").write_text(survey, "utf-8")

    def run(self, start: str) -> str:
        """Run the tutorial's command that starts so, in a shell; what it printed."""
        environ = clean_environ(
            HARKEN_URL=self.server.url,
            HARKEN_API_KEY=self.key,
            PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            PYTHONWARNINGS="",
        )
        done = subprocess.run(
            ["/bin/sh", "-c", command(start)],
            cwd=self.folder,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def shown(self, start: str) -> str:
        """What the tutorial says this command prints, with this server's address."""
        (found,) = [block for block in blocks("text") if block.startswith(start)]
        port = str(self.server.port)
        return found.replace("8300", port)


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    someone = Reader(tmp_path)
    yield someone
    someone.server.stop()


@pytest.mark.processes
def test_the_file_is_published_and_answered_on_its_page(reader: Reader) -> None:
    printed = reader.run("harken push")

    status, page = reader.server.get("/s/coffee")
    assert printed == reader.shown("coffee.survey.yaml")
    assert status == 200
    assert "How did you like your coffee?" in page.decode()


@pytest.mark.processes
def test_a_customer_is_asked_once(reader: Reader) -> None:
    reader.run("harken push")

    first = reader.run("harken trigger")
    again = reader.run("harken trigger")

    assert LINK.sub("", first) == LINK.sub("", reader.shown("asked"))
    assert LINK.search(first)
    assert (reader.folder / "invitation.svg").read_text("utf-8").startswith("<svg")
    assert again.startswith("cooldown: Not asked")


@pytest.mark.processes
def test_the_score_and_the_file_have_the_answer(reader: Reader) -> None:
    reader.run("harken push")
    with harken.Client(reader.server.url, reader.key) as client:
        client.responses.submit("coffee", {"taste": 5})

    score = reader.run("harken score")
    reader.run("harken export")

    assert score == reader.shown("taste")
    header, row = (reader.folder / "coffee.csv").read_text("utf-8").splitlines()
    assert dict(zip(header.split(","), row.split(","), strict=True))["taste"] == "5"


@pytest.mark.processes
def test_the_signed_link_opens_the_results(reader: Reader) -> None:
    reader.run("harken push")

    link = json.loads(reader.run("curl"))["url"]

    assert link.startswith(f"{reader.server.url}/results/coffee?token=")
    with urllib.request.urlopen(link) as page:
        assert "Your coffee" in page.read().decode()


def test_the_first_block_is_the_command_that_was_tested() -> None:
    assert blocks("console")[0] == "python3 bootstrap.py serve\n"
