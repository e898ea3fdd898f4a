"""The page about printing: its commands run, and its tables are the code's."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from harken.cli import main
from harken.printing import FORMATS, PAPERS

PAGE = (Path(__file__).parents[3] / "docs" / "how-to" / "print-qr.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.+?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def test_every_command_of_the_page_writes_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("stores.csv").write_text(blocks("csv")[0], encoding="utf-8")
    lines = "".join(blocks("console")).replace("\\\n", "").splitlines()
    commands = [shlex.split(line) for line in lines if line.startswith("harken qr ")]

    for command in commands:
        assert main(command[1:]) == 0, command
        assert Path(command[command.index("-o") + 1]).stat().st_size > 50
    assert len(commands) == 8


def test_the_program_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (program,) = blocks("python")
    names: dict[str, object] = {}

    exec(compile(program, "print-qr.md", "exec"), names)

    assert Path("receipt.pdf").read_bytes().startswith(b"%PDF-")
    assert b"\x1dv0" in names["receipt"]


@pytest.mark.parametrize("name", [*FORMATS, *PAPERS])
def test_every_format_and_paper_is_on_the_page(name: str) -> None:
    assert f"`{name}`" in PAGE
