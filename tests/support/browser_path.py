"""Where the browser is that tests drive."""

from __future__ import annotations

import os
import shutil

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def find_chromium() -> str:
    """Path of a Chromium. A missing one is a failure, never a skip."""
    named = os.environ.get("HARKEN_TEST_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None or not os.access(found, os.X_OK):
        pytest.fail(
            f"No Chromium ({found or ', '.join(BROWSERS)}): install one, or set "
            "HARKEN_TEST_CHROMIUM to its path.",
            pytrace=False,
        )
    return found
