"""The README's Python runs as written, against a real server, and does what the README says."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError

import pytest
import zxingcpp
from drawn_symbols import drawn
from served import Served, clean_environ

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
MOST_LINES = 15


def block(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.+?)^```$", README, re.DOTALL | re.MULTILINE)
    return found


class Newcomer:
    """Somebody with a clone, a server and the key that it printed."""

    def __init__(self, folder: Path, command: str) -> None:
        (folder / "survey_templates").symlink_to(ROOT / "survey_templates")
        self.folder = folder
        self.server = Served(command, folder)

    def run(self, code: str) -> list[str]:
        """Run code as a user would, warnings as they are by default; the lines it printed."""
        key = re.findall(r"API key .*(hk_\w+)", self.server.printed())[0]
        environ = clean_environ(HARKEN_URL=self.server.url, HARKEN_API_KEY=key, PYTHONWARNINGS="")
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=self.folder,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout.splitlines()


@pytest.fixture
def newcomer(tmp_path: Path) -> Iterator[Newcomer]:
    """With an empty server."""
    someone = Newcomer(tmp_path, "serve")
    yield someone
    someone.server.stop()


@pytest.fixture
def demo_newcomer(tmp_path: Path) -> Iterator[Newcomer]:
    """With the demo."""
    someone = Newcomer(tmp_path, "demo")
    yield someone
    someone.server.stop()


def test_the_block_is_short() -> None:
    code = [line for line in block("python").splitlines() if line.strip()]

    assert len(code) <= MOST_LINES


@pytest.mark.processes
def test_the_block_asks_answers_and_takes_the_answer_away(newcomer: Newcomer) -> None:
    decision, score, *responses = newcomer.run(block("python"))

    assert decision == "True asked - Asked: survey post_purchase at touchpoint order.delivered."
    assert re.fullmatch(r"NPS 100 \(95 % -?\d+ to 100, n = 1\)", score)
    assert responses == ["c-42 {'store': 'oslo-3'} {'recommend': 9, 'why': 'A day early!'}"]
    path = newcomer.folder / "responses.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["recommend"], row["why"], row["respondent"]) == ("9", "A day early!", "c-42")
    assert (row["channel"], row["touchpoint"]) == ("receipt", "order.delivered")


@pytest.mark.processes
def test_the_saved_qr_leads_to_the_invitation_that_was_answered(newcomer: Newcomer) -> None:
    newcomer.run(block("python"))

    (found,) = zxingcpp.read_barcodes(drawn((newcomer.folder / "receipt.svg").read_text("utf-8")))

    assert re.fullmatch(re.escape(newcomer.server.url.upper()) + "/I/[0-9A-Z]{13}", found.text)
    with pytest.raises(HTTPError, match="410") as answered:
        newcomer.server.get("/i/" + found.text[-13:])
    assert "already answered" in answered.value.read().decode()


@pytest.mark.processes
def test_running_the_block_again_says_cooldown_and_stores_nothing(newcomer: Newcomer) -> None:
    first = newcomer.run(block("python"))

    again = newcomer.run(block("python"))

    assert again[0] == "False cooldown - Not asked: asked just now; the cooldown is 30 days."
    assert again[1:] == first[1:]


@pytest.mark.processes
def test_beside_the_demo_the_block_prints_what_the_readme_shows(demo_newcomer: Newcomer) -> None:
    printed = demo_newcomer.run(block("python"))

    shown = block("text").splitlines()
    assert list(map(without_numbers, printed)) == list(map(without_numbers, shown))


@pytest.mark.processes
def test_the_readme_of_the_sdk_runs_too(demo_newcomer: Newcomer) -> None:
    readme = (ROOT / "sdk" / "python" / "README.md").read_text("utf-8")
    blocks = re.findall(r"^```python\n(.+?)^```$", readme, re.DOTALL | re.MULTILINE)

    printed = demo_newcomer.run("\n".join(blocks))

    assert printed[0].startswith("asked Asked: survey post_purchase")
    assert printed[-1].startswith("NPS ")
    assert (demo_newcomer.folder / "responses.csv").stat().st_size > 0


def without_numbers(line: str) -> str:
    """The line of which only the wording is compared: sample scores move with the calendar."""
    return re.sub(r"-?\d+", "#", line)
