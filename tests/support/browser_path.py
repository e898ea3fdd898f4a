"""Where the browsers are that tests drive."""

from __future__ import annotations

import os
import shutil

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FIREFOXES = ("firefox-esr", "firefox")


def find_chromium() -> str:
    """Path of a Chromium. A missing one is a failure, never a skip."""
    return _find("Chromium", "HARKEN_TEST_CHROMIUM", BROWSERS)


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
