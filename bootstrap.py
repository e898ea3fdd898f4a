#!/usr/bin/env python3
"""Install Harken into .venv and run it: `demo`, `serve` or any other command, or `test`.

Needs Python 3.11 or later and nothing else. On Debian, as root, it installs what the system lacks
(python3-venv; for the tests also Chromium, Firefox, PHP, curl and a C compiler); otherwise it says
what to install. nginx and Caddy it only unpacks, into .venv.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
INSTALLED = VENV / "harken-installed"
PROXIES = VENV / "proxies"
SDK = ROOT / "sdk" / "python"
LOCKS = ROOT / "requirements"
SHELL = "chromium-headless-shell"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FIREFOXES = ("firefox-esr", "firefox")
RUN, TEST = "run", "run test"
LOCKED = {RUN: ("server", "sdk"), TEST: ("test",)}
"""Which locks hold what each purpose needs."""
PATIENCE_S = 120
"""How long may take what is only wanted."""


def main(arguments: list[str]) -> int:
    """Install what is missing, then run; gives the exit status."""
    if sys.version_info < (3, 11):  # noqa: UP036  (the very thing to tell an older Python)
        return fail(f"Python 3.11 or later is needed; this is {sys.version.split()[0]}.")
    if not arguments:
        return fail("Say what to run: demo, serve, test, or another harken-server command.")
    try:
        make_environment()
        if arguments[0] != "test":
            install(RUN)
            start(arguments)
        install(TEST)
        make_browsers()
        make_tools()
        return run_tests(arguments[1:])
    except KeyboardInterrupt:
        return 130


def start(arguments: list[str]) -> NoReturn:
    """Become `harken-server`, so that signals reach it."""
    command = VENV / "bin" / "harken-server"
    os.execv(command, [str(command), *arguments])


def make_environment() -> None:
    """Make .venv with pip in it."""
    if (VENV / "bin" / "pip").exists() and PYTHON.exists():
        return
    say("Making .venv …")
    if subprocess.call([sys.executable, "-c", "import ensurepip"], stderr=subprocess.DEVNULL):
        apt_install("python3-venv", "the Python module venv")
    subprocess.check_call([sys.executable, "-m", "venv", "--clear", VENV])


def install(purpose: str) -> None:
    """Install the server and the SDK, unless that was done and nothing changed since."""
    state = digest_of_inputs()
    before = INSTALLED.read_text("utf-8") if INSTALLED.exists() else ""
    if before.startswith(f"{state} {purpose}"):
        return
    say("Installing into .venv, which takes a minute or two the first time …")
    began = time.monotonic()
    INSTALLED.unlink(missing_ok=True)
    install_locked("build")
    install_locked(*LOCKED[purpose])
    run_pip("install", "--no-deps", "--no-build-isolation", "-e", ".", "-e", "sdk/python[qr]")
    INSTALLED.write_text(f"{state} {purpose}", "utf-8")
    say(f"Installed in {time.monotonic() - began:.0f} s.")


def install_locked(*names: str) -> None:
    """Install what locks list, whole as they are, and only files with the digests that stand there.

    What has no wheel is built with what the lock `build` brought: pip would fetch it unchecked.
    """
    locks = [part for name in names for part in ("-r", str(LOCKS / f"{name}.lock"))]
    run_pip("install", "--no-deps", "--require-hashes", "--no-build-isolation", *locks)


def digest_of_inputs() -> str:
    """Changes with what would be installed, and with where this folder is."""
    digest = hashlib.sha256(str(ROOT).encode())
    locks = sorted(LOCKS.glob("*.lock"))
    for path in (ROOT / "pyproject.toml", SDK / "pyproject.toml", *locks):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def run_pip(*arguments: str) -> None:
    """Run pip with one line of progress; what it said is shown only when it fails."""
    command = [PYTHON, "-m", "pip", "--disable-pip-version-check", *arguments]
    said: deque[str] = deque(maxlen=20)
    with subprocess.Popen(
        [*command, "--progress-bar", "off"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as pip:
        for line in pip.stdout or ():
            said.append(line)
            show_progress(line.strip())
    show_progress("")
    if pip.returncode:
        say("".join(said).rstrip())
        raise SystemExit(fail("pip could not install everything; what it said is above."))


def show_progress(line: str) -> None:
    """Replace the terminal's current line; nothing when nobody watches."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{line[:78]}", end="", file=sys.stderr, flush=True)


def make_browsers() -> None:
    """The browser tests drive a real Chromium, and for the widget also a real Firefox.

    Beside the whole Chromium its shell without windows is wanted, which opens a page at half the
    cost; where it cannot be had, the whole browser does for all.
    """
    missing: list[str] = []
    is_named = bool(os.environ.get("HARKEN_TEST_CHROMIUM"))
    if not is_named and not any(map(shutil.which, BROWSERS)):
        missing += ["chromium", "fonts-dejavu-core"]
    if not os.environ.get("HARKEN_TEST_FIREFOX") and not any(map(shutil.which, FIREFOXES)):
        missing += ["firefox-esr"]
    if missing:
        apt_install(" ".join(missing), "the browsers that tests drive (Chromium, Firefox)")
    if not is_named and shutil.which(SHELL) is None:
        try_to_install(SHELL)


def make_tools() -> None:
    """A test counts fsyncs with a preloaded library of C; others type what the pages say."""
    if not any(map(shutil.which, ("cc", "gcc", "clang"))):
        apt_install("gcc libc6-dev", "a C compiler, with which a test counts fsyncs")
    if shutil.which("curl") is None:
        apt_install("curl", "curl, with which tests follow the documents")
    make_proxies()
    if shutil.which("php") is None:
        apt_install("php-cli", "PHP, with which tests run the plugin for WooCommerce")


def make_proxies() -> None:
    """nginx and Caddy are unpacked beside the tests and not installed, so that none is started."""
    names = ("nginx", "caddy")
    if all(shutil.which(name) or any(PROXIES.glob(f"usr/*bin/{name}")) for name in names):
        return
    say("Fetching nginx and Caddy, behind which tests put the server …")
    PROXIES.mkdir(parents=True, exist_ok=True)
    try:
        if may_install():
            run_apt([])
        subprocess.check_call(["apt-get", "-qq", "download", *names], cwd=PROXIES)
        for package in PROXIES.glob("*.deb"):
            subprocess.check_call(["dpkg", "-x", package, PROXIES])
    except (OSError, subprocess.SubprocessError):
        hint = "Missing: nginx and Caddy. Install them first: apt-get install nginx caddy"
        raise SystemExit(fail(hint)) from None


def apt_install(packages: str, reason: str) -> None:
    """Install Debian packages as root; otherwise say what is needed and stop."""
    if not may_install():
        raise SystemExit(fail(f"Missing: {reason}. Install it first: apt-get install {packages}"))
    say(f"Installing {packages} …")
    run_apt(packages.split())


def try_to_install(package: str) -> None:
    """Install a Debian package that is wanted, not needed."""
    if may_install():
        say(f"Trying to install {package} …")
        with contextlib.suppress(subprocess.SubprocessError):
            run_apt([package], stderr=subprocess.DEVNULL, timeout=PATIENCE_S)


def may_install() -> bool:
    """Whether this is Debian or its like, and we are root."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def run_apt(packages: Sequence[str], **options: Any) -> None:
    """Install Debian packages; raises what subprocess raises."""
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        command = ["apt-get", "-qq", *arguments]
        subprocess.check_call(command, env=environ, stdout=subprocess.DEVNULL, **options)


def run_tests(given: list[str]) -> int:
    """Run pytest; gives its exit status.

    The many processes that tests start need not compile the same files again, whatever is wanted
    elsewhere.
    """
    environ = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.call([PYTHON, "-m", "pytest", *pytest_options(given)], cwd=ROOT, env=environ)


def pytest_options(given: list[str]) -> list[str]:
    """What pytest is run with: several processes unless only files are named; `given` wins.

    How many `auto` is, the tests say (tests/support/tiers.py). Each has a PostgreSQL and browsers
    of its own, and more than eight gain nothing.
    """
    named = [path for path in (ROOT / each.partition("::")[0] for each in given) if path.exists()]
    is_small = bool(named) and all(path.is_file() for path in named)
    processes = ["-n", "auto", "--maxprocesses", "8", "--dist", "worksteal"]
    return [*([] if is_small else processes), "--durations", "10", *given]


def say(line: str) -> None:
    """Progress goes to standard error, so that output stays clean."""
    print(line, file=sys.stderr, flush=True)


def fail(line: str) -> int:
    """One clear line, and exit status 2."""
    say(f"bootstrap: {line}")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
