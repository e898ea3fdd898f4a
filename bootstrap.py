#!/usr/bin/env python3
"""Install Harken into .venv and run it: `demo`, `serve` or any other command, or `test`.

Needs Python 3.11 or later and nothing else. On Debian, as root, it installs what the system
lacks (python3-venv; for the tests also Chromium); otherwise it says what to install.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
PINNED = ROOT / "requirements" / "constraints.txt"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main(arguments: list[str]) -> int:
    """Install what is missing, then run; gives the exit status."""
    if sys.version_info < (3, 11):  # noqa: UP036  (the very thing to tell an older Python)
        return fail(f"Python 3.11 or later is needed; this is {sys.version.split()[0]}.")
    if not arguments:
        return fail("Say what to run: demo, serve, test, or another harken-server command.")
    make_environment()
    if arguments[0] != "test":
        return start(arguments)
    install("-e", ".[test]", "-e", "sdk/python")
    make_browser()
    return subprocess.call([PYTHON, "-m", "pytest", *arguments[1:]], cwd=ROOT)


def start(arguments: list[str]) -> NoReturn:
    """Become `harken-server`, so that signals reach it."""
    command = VENV / "bin" / "harken-server"
    if not command.exists():
        install("-e", ".")
    os.execv(command, [str(command), *arguments])


def make_environment() -> None:
    """Make .venv with pip in it."""
    if (VENV / "bin" / "pip").exists():
        return
    say("Making .venv …")
    if subprocess.call([sys.executable, "-c", "import ensurepip"], stderr=subprocess.DEVNULL):
        apt_install("python3-venv", "the Python module venv")
    subprocess.check_call([sys.executable, "-m", "venv", "--clear", VENV])


def install(*what: str) -> None:
    """Install into .venv, with the pinned versions that the tests passed with."""
    say(f"Installing {' '.join(what)} (a minute or two the first time) …")
    pins = ["-c", str(PINNED)] if PINNED.exists() else []
    subprocess.check_call(
        [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *pins, *what],
        cwd=ROOT,
    )


def make_browser() -> None:
    """The browser tests drive a real Chromium."""
    if os.environ.get("HARKEN_TEST_CHROMIUM") or any(map(shutil.which, BROWSERS)):
        return
    apt_install("chromium", "Chromium, which the browser tests drive")


def apt_install(package: str, reason: str) -> None:
    """Install a Debian package as root; otherwise say what is needed and stop."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise SystemExit(fail(f"Missing: {reason}. Install it first: apt-get install {package}"))
    say(f"Installing {package} …")
    quiet = {"stdout": subprocess.DEVNULL}
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.check_call(["apt-get", "update", "-qq"], env=environ, **quiet)
    subprocess.check_call(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package],
        env=environ,
        **quiet,
    )


def say(line: str) -> None:
    """Progress goes to standard error, so that output stays clean."""
    print(line, file=sys.stderr, flush=True)


def fail(line: str) -> int:
    """One clear line, and exit status 2."""
    say(f"bootstrap: {line}")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
