"""django-survey-and-report, installed from PyPI into a folder of its own and asked to store forms."""

from __future__ import annotations

import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from bench.processes import ServerProcess, free_port
from bench.report import rounded

PACKAGES = ("django-survey-and-report==1.5.0", "django<5.3", "gunicorn>=23")
PROJECT = Path(__file__).with_name("baselines") / "django_survey"
INSTALL_WITHIN_S = 240
SECONDS = 5.0
CLIENTS = 4


def measure_django_survey(folder: Path, own_rate: float) -> dict[str, Any]:
    """Stored forms per second, or why it was skipped."""
    try:
        python = _install(folder / "django")
    except (subprocess.SubprocessError, OSError) as error:
        return {"skipped": f"it could not be installed: {error}"}
    rate = _measure(python, folder / "django")
    return {"stored_per_s": rounded(rate), "ratio": rounded(own_rate / rate)}
