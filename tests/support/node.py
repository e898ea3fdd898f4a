"""Node and npm for the tests of the widget, and packages installed once."""

from __future__ import annotations

import fcntl
import hashlib
import subprocess
from pathlib import Path

from with_node import find_node

ROOT = Path(__file__).parents[2]
WIDGET = ROOT / "widget"
FILES = ROOT / "server" / "harken_server" / "channels" / "widget" / "files"


def run_node(*arguments: str | Path, folder: Path = WIDGET, stdin: str = "") -> str:
    """Run `node` in a folder; gives what it printed, or fails with what it said."""
    return _run("node", *arguments, folder=folder, stdin=stdin)


def run_npm(*arguments: str | Path, folder: Path = WIDGET) -> str:
    """Run `npm` in a folder; gives what it printed, or fails with what it said."""
    return _run("npm", *arguments, folder=folder)


def install_packages(folder: Path = WIDGET) -> Path:
    """Install what the folder's `package-lock.json` names, unless that was done; gives where.

    Test processes that come at the same time wait for the first one.
    """
    modules = folder / "node_modules"
    mark = modules / ".harken-installed"
    digest = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    with (folder / "package-lock.json").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not mark.exists() or mark.read_text("ascii") != digest:
            run_npm("ci", "--ignore-scripts", folder=folder)
            mark.write_text(digest, "ascii")
    return modules


def _run(program: str, *arguments: str | Path, folder: Path, stdin: str = "") -> str:
    done = subprocess.run(
        find_node().command(program, *arguments),
        cwd=folder,
        input=stdin,
        env=find_node().environ(),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, f"{program} {arguments} failed:\n{done.stdout}\n{done.stderr}"
    return done.stdout
