"""A copy of the tree to try a change on: steps of a page, checks in processes of their own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from source_files import ROOT

COPIED = ("server", "sdk", "tests", "docs")
"""Folders that a change may touch; the others are the real ones."""
LINKED = ("bench", "examples", "journey_templates", "survey_templates", "widget")
PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]+\.\w+)`")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Step(NamedTuple):
    """A block of a page: a whole file, a change of one, or commands."""

    kind: str
    path: str
    """The file that the text before the block named last; empty for commands."""
    text: str


def steps_of(page: str) -> list[Step]:
    """Every block of a page, in order."""
    steps: list[Step] = []
    end = 0
    for found in BLOCK.finditer(page):
        named = PATH.findall(page[end : found.start()])
        is_command = found[1] == "console"
        if not is_command and not named:
            raise AssertionError(f"the page does not say where this goes: {found[2]!r}")
        steps.append(Step(found[1], "" if is_command else named[-1], found[2]))
        end = found.end()
    return steps


class Tree:
    """A copy of what is needed to check and to run the server."""

    def __init__(self, root: Path) -> None:
        self.root = root
        ignored = shutil.ignore_patterns("__pycache__", "recorded", "node_modules")
        for name in COPIED:
            shutil.copytree(ROOT / name, root / name, ignore=ignored)
        for name in LINKED:
            (root / name).symlink_to(ROOT / name)
        for file in ROOT.iterdir():
            if file.is_file() and not file.name.startswith("."):
                shutil.copy(file, root)

    def take(self, step: Step) -> None:
        """Do what a step of the page says."""
        if step.kind == "console":
            for line in step.text.splitlines():
                done = self.run(*line.removeprefix("python ").split())
                assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
            return
        file = self.root / step.path
        if step.kind != "diff":
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(step.text, "utf-8")
            return
        for hunk in re.split(r"^@@.*\n", step.text, flags=re.MULTILINE):
            self.change(step.path, hunk)

    def change(self, path: str, hunk: str) -> None:
        """Apply a hunk of a diff; what surrounds it must be there once."""
        lines = hunk.splitlines(keepends=True)
        before = "".join(line[1:] or "\n" for line in lines if line[0] != "+")
        after = "".join(line[1:] or "\n" for line in lines if line[0] != "-")
        text = (self.root / path).read_text("utf-8")
        assert text.count(before) == 1, f"{path} has changed: {before!r} is not there once"
        (self.root / path).write_text(text.replace(before, after), "utf-8")

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Python in the copy; SQLite only."""
        paths = [str(self.root / "server"), str(self.root / "sdk" / "python" / "src")]
        environ = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(paths),
            "PYTEST_ADDOPTS": "-k 'not postgres' -x -q -p no:xdist",
        }
        return subprocess.run(
            [sys.executable, *arguments], cwd=self.root, env=environ,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
