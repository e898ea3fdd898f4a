"""Node and npm are found where the system has none, or only an old one."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from node import ROOT, WIDGET

pytestmark = pytest.mark.processes

SCRIPT = WIDGET / "with_node.py"


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A system whose only program is the shell."""
    folder = tmp_path / "programs"
    folder.mkdir()
    (folder / "sh").symlink_to(shutil.which("sh") or "/bin/sh")
    return folder


def add_node(programs: Path, version: str) -> None:
    """A `node` that says its version, and a `npm` that says that it ran."""
    for name, line in (("node", f"echo v{version}"), ("npm", "echo the npm of the system: $@")):
        program = programs / name
        program.write_text(f"#!/bin/sh\n{line}\n", "utf-8")
        program.chmod(0o755)


def run(programs: Path, *arguments: str, folder: Path = WIDGET) -> str:
    done = subprocess.run(
        [sys.executable, SCRIPT, *arguments], cwd=folder, env={**os.environ, "PATH": str(programs)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def major(version: str) -> int:
    return int(version.removeprefix("v").partition(".")[0])


def test_without_a_node_of_the_system_the_wheels_runs(programs: Path) -> None:
    assert major(run(programs, "node", "--version")) >= 20
    assert major(run(programs, "npm", "--version")) >= 9


def test_an_old_node_of_the_system_is_passed_over(programs: Path) -> None:
    add_node(programs, "18.20.4")

    assert major(run(programs, "node", "--version")) >= 20
    assert "system" not in run(programs, "npm", "--version")


def test_a_new_node_of_the_system_is_taken(programs: Path) -> None:
    add_node(programs, "20.0.0")

    assert run(programs, "npm", "run", "check") == "the npm of the system: run check\n"


def test_the_scripts_of_a_package_find_the_same_node(programs: Path, tmp_path: Path) -> None:
    manifest = {"scripts": {"tell": "node --print process.execPath"}}
    (tmp_path / "package.json").write_text(json.dumps(manifest), "utf-8")

    said = run(programs, "npm", "run", "--silent", "tell", folder=tmp_path)

    assert said == run(programs, "node", "--print", "process.execPath")


def test_the_commands_of_the_repository_call_no_npm_of_their_own() -> None:
    """`just widget-check` runs on a machine that has the Node of the wheel alone."""
    text = (ROOT / "justfile").read_text("utf-8")

    assert 'npm := "../.venv/bin/python with_node.py npm"' in text
    assert len(re.findall(r"^    cd widget && \{\{npm\}\} ci ", text, re.MULTILINE)) == 2
    assert re.findall(r"^    .*\bnpm (?!:=).*$", text, re.MULTILINE) == []
