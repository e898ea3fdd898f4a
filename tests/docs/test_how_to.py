"""The how-to pages: their snippets run, and the lists in them are the code's."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from served import Served, clean_environ

import harken
from harken_server.configuration import OWNERS
from harken_server.exports.rules import METADATA_COLUMNS
from harken_server.kernel.settings import options_of

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"
SURVEY = {
    "key": "post_purchase",
    "title": "Your order",
    "questions": [{"type": "nps", "key": "recommend", "text": "Would you recommend us?"}],
}


def blocks(page: str, language: str) -> list[str]:
    text = (HOW_TO / page).read_text("utf-8")
    return re.findall(rf"^```{language}\n(.+?)^```$", text, re.DOTALL | re.MULTILINE)


class Reader:
    """Somebody with a server, its key and a live survey."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = Served("serve", folder)
        (self.key,) = re.findall(r"hk_\w+", self.server.printed())
        self.client = harken.Client(self.server.url, self.key)
        self.client.surveys.push(SURVEY)

    def run(self, *command: str) -> str:
        """Run a command as a user would; what it printed."""
        environ = clean_environ(
            HARKEN_URL=self.server.url, HARKEN_API_KEY=self.key, PYTHONWARNINGS=""
        )
        done = subprocess.run(
            command, cwd=self.folder, env=environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    someone = Reader(tmp_path)
    yield someone
    someone.client.close()
    someone.server.stop()


@pytest.mark.processes
def test_a_pull_keeps_a_copy_true(reader: Reader) -> None:
    (pull,) = blocks("pull-responses.md", "python")
    first = reader.client.responses.submit("post_purchase", {"recommend": 9})
    second = reader.client.responses.submit("post_purchase", {"recommend": 3}, complete=False)
    reader.run(sys.executable, "-c", pull)

    reader.client.responses.submit("post_purchase", {"recommend": 4}, id=second.id, sequence=2)
    reader.client.responses.erase("post_purchase", first.id)
    third = reader.client.responses.submit("post_purchase", {"recommend": 10})
    printed = reader.run(sys.executable, "-c", pull)

    assert printed == "2 responses\n"
    assert json.loads((reader.folder / "post_purchase.json").read_text("utf-8")) == {
        second.id: {"recommend": 4},
        third.id: {"recommend": 10},
    }


@pytest.mark.processes
def test_the_export_link_opens_with_the_columns_that_the_page_lists(reader: Reader) -> None:
    command = blocks("spreadsheets.md", "console")[0]
    link = json.loads(reader.run("/bin/sh", "-c", command))["url"]

    with urllib.request.urlopen(f"{link}&from=2026-05-01&channel=receipt") as file:
        header = file.read().decode("utf-8-sig").strip()

    assert header == ",".join((*METADATA_COLUMNS, "recommend"))
    page = (HOW_TO / "spreadsheets.md").read_text("utf-8")
    listed = re.search(r"Twenty-three come first[^:]*: (.+?)\. The questions", page, re.DOTALL)
    assert listed
    assert tuple(re.findall(r"`(\w+)`", listed[1])) == METADATA_COLUMNS


def test_every_setting_on_the_pages_exists() -> None:
    options = [option for owner in OWNERS for option in options_of(owner)]
    known = {option.name for option in options}
    known |= {f"{option.name}_FILE" for option in options if option.is_secret}
    known |= {"HARKEN_URL", "HARKEN_API_KEY"}

    used = {
        name
        for page in HOW_TO.glob("*.md")
        for name in re.findall(r"\bHARKEN_[A-Z_]+", page.read_text("utf-8"))
    }

    assert used
    assert used - known == set()


@pytest.mark.processes
@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    unit, secrets, several = blocks("run-it-for-real.md", "ini")
    start = "/opt/harken/bin/harken-server serve"
    assert start in unit
    text = unit.replace(start, shutil.which("true") or "")
    name = tmp_path / "harken@8301.service"
    name.write_text(text.replace("[Install]", f"{secrets}{several}[Install]"), "utf-8")

    checked = subprocess.run(
        ["systemd-analyze", "verify", name], capture_output=True, text=True, check=False
    )

    assert (checked.returncode, checked.stderr) == (0, "")
