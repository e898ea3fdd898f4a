"""django-survey-and-report, installed from PyPI into an environment of its own, storing forms."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.load import LoadClient
from bench.report import rounded
from bench.server_process import ServerProcess, free_port
from bench.survey import COMMENT

PACKAGES = ("django-survey-and-report==1.5.0", "django<5.3", "gunicorn>=23")
SITE = Path(__file__).with_name("baselines") / "django_survey_site.py"
INSTALL_WITHIN_S = 240
SECONDS = 5.0
CLIENTS = 4
FORM = urlencode({"question_1": "9", "question_2": "service", "question_3": COMMENT}).encode()


def measure_django_survey(client: LoadClient, folder: Path, own_rate: float) -> dict[str, Any]:
    """Stored forms per second beside ours, or why it was skipped."""
    home = folder / "django"
    try:
        programs = _install(home)
    except (subprocess.SubprocessError, OSError) as error:
        return {"skipped": f"it could not be installed: {error}"}
    port = free_port()
    command = [
        str(programs / "gunicorn"), "--chdir", str(SITE.parent), "-b", f"127.0.0.1:{port}",
        "-w", "1",
        "-k", "gthread", "--threads", "1", "--keep-alive", "30", f"{SITE.stem}:application",
    ]  # fmt: skip
    with ServerProcess(command, port, environ={"BENCH_FOLDER": str(home)}) as server:
        server.wait_until_ready()
        window = client.run(
            port, FORM, seconds=SECONDS, connections=CLIENTS, path="/survey/1/",
            content_type="application/x-www-form-urlencoded",
        )  # fmt: skip
    stored = window.statuses.get("302", 0)
    if not stored:
        return {"skipped": f"it stored nothing: {window.statuses}"}
    rate = stored / window.seconds
    return {
        "stored_per_s": rounded(rate),
        "ratio": rounded(own_rate / rate),
        "clients": CLIENTS,
        "p50_ms": window.p50_ms,
    }


def _install(home: Path) -> Path:
    """The folder with the programs of a new environment that has it."""
    subprocess.run([sys.executable, "-m", "venv", str(home)], check=True, timeout=INSTALL_WITHIN_S)
    programs = home / "bin"
    for command in (
        [str(programs / "python"), "-m", "pip", "install", "-q", *PACKAGES],
        [str(programs / "python"), str(SITE), str(home)],
    ):
        subprocess.run(
            command, check=True, timeout=INSTALL_WITHIN_S, capture_output=True,
            env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        )  # fmt: skip
    return programs
