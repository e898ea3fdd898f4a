"""Where the browsers are that tests drive."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

SHELL = "chromium-headless-shell"
"""The same browser without windows, which opens a page at half the cost."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FIREFOXES = ("firefox-esr", "firefox")
NEVER_SEEN = "WebUIOmniboxPopup,WebUIOmniboxAimPopup"
"""Hidden pages that Chromium loads with every window, for what drops down below its address line:
half of what opening a page costs (measured with Chromium 156), and no test looks there."""
LEAN = """#!/bin/sh
for argument do
  shift
  case $argument in --disable-features=*) argument=$argument,{features} ;; esac
  set -- "$@" "$argument"
done
exec "{chromium}" "$@"
"""


def find_chromium(*, is_whole: bool = False) -> str:
    """Path of a Chromium. A missing one is a failure, never a skip.

    The shell is preferred unless it has to be the whole browser.
    """
    programs = BROWSERS if is_whole else (SHELL, *BROWSERS)
    return _find("Chromium", "HARKEN_TEST_CHROMIUM", programs)


def lean_chromium(folder: Path, *, is_whole: bool = False) -> str:
    """Path of a program that starts the Chromium without the pages `NEVER_SEEN`.

    Of two lists of features to disable Chromium takes the last, and Playwright gives one; so this
    lengthens that one.
    """
    program = folder / "lean-chromium"
    chromium = find_chromium(is_whole=is_whole)
    program.write_text(LEAN.format(features=NEVER_SEEN, chromium=chromium), "utf-8")
    program.chmod(0o755)
    return str(program)


def find_firefox() -> str:
    """Path of a Firefox. A missing one is a failure, never a skip."""
    return _find("Firefox", "HARKEN_TEST_FIREFOX", FIREFOXES)


def _find(name: str, variable: str, programs: tuple[str, ...]) -> str:
    named = os.environ.get(variable)
    found = named or next(filter(None, map(shutil.which, programs)), None)
    if found is None or not os.access(found, os.X_OK):
        pytest.fail(
            f"No {name} ({found or ', '.join(programs)}): install one, or set "
            f"{variable} to its path.",
            pytrace=False,
        )
    return found
