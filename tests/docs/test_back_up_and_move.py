"""What the page on backups says that its commands print is what they print."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from served import COMMAND, Served, clean_environ

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "back-up-and-move.md").read_text("utf-8")
BLOCKS = re.findall(r"^```console\n\$ harken-server (.+)\n((?:.+\n)+)```$", PAGE, re.MULTILINE)


def without_figures(text: str) -> list[str]:
    """Lines whose numbers, fingerprints, times and places are the same in every run."""
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:]+\+00:00", "TIME", text)
    text = re.sub(r"\b[0-9a-f]{8}\b", "MARK", text)
    text = re.sub(
        r"(sqlite://|postgresql://)?[\w./:@-]*(copy\.sqlite3|example\.com/harken)", "TO", text
    )
    text = re.sub(r"[\w./-]*harken-data", "DATA", text)
    return re.sub(r"\b\d[\d,]*", "N", text).splitlines()


@pytest.mark.processes
def test_the_commands_print_what_the_page_says(tmp_path: Path) -> None:
    assert [command.split()[0] for command, _ in BLOCKS] == ["backup", "restore", "move", "doctor"]
    server = Served("serve", tmp_path)
    assert server.stop() == 0
    (tmp_path / "elsewhere").mkdir()

    for command, printed in BLOCKS:
        name, *arguments = command.split()
        if name == "move":
            arguments[-1] = "sqlite:///copy.sqlite3"
        folder = tmp_path
        if name == "restore":
            folder, arguments = tmp_path / "elsewhere", ["../harken.zip"]
        done = subprocess.run(
            [*COMMAND, name, *arguments],
            cwd=folder,
            env=clean_environ(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

        assert (done.returncode, done.stderr) == (0, "")
        said = done.stdout.replace("../harken.zip", "harken.zip")
        assert without_figures(said) == without_figures(printed)


def test_a_link_to_each_part_of_the_page_leads_there() -> None:
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "run-it-for-real.md").read_text("utf-8")

    for part in re.findall(r"back-up-and-move\.md#([\w-]+)", page):
        assert f"## {part.replace('-', ' ')}" in PAGE.lower()
