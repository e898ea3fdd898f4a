"""The real command in a process of its own, for tests that need a whole server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from ports import free_port

COMMAND = [sys.executable, "-m", "harken_server.cli"]


def clean_environ(**environ: str) -> dict[str, str]:
    """This environment without Harken's settings, and with warnings as errors."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HARKEN_")}
    sooner = {"HARKEN_PROGRAM_STRICTNESS": "0"}  # tests press sooner than people
    return {**kept, "PYTHONWARNINGS": "error", **sooner, **environ}


class Served:
    """A running server and what it printed."""

    def __init__(
        self, command: str, cwd: Path, *, program: Sequence[str] = COMMAND, **environ: str
    ) -> None:
        self.port = int(environ.pop("HARKEN_PORT", "0")) or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = cwd / "server.log"
        self.out = cwd / "server.out"
        with self.log.open("wb") as log, self.out.open("wb") as out:
            self.process = subprocess.Popen(
                [*program, command], cwd=cwd, stdout=out, stderr=log,
                env=clean_environ(HARKEN_PORT=str(self.port), **environ),
            )  # fmt: skip
        self._wait_until_ready()

    def printed(self) -> str:
        """What stood on standard output."""
        return self.out.read_text()

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body of a GET."""
        with urllib.request.urlopen(self.url + path, timeout=20) as reply:
            return reply.status, reply.read()

    def stop(self) -> int:
        """SIGTERM; the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()
        self.process.wait()

    def _wait_until_ready(self) -> None:
        for _ in range(1000):
            assert self.process.poll() is None, self.log.read_text()
            try:
                self.get("/readyz")
            except OSError:
                time.sleep(0.03)
            else:
                return
        raise AssertionError(self.log.read_text())


def run(*arguments: str, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """The command until it ends."""
    return subprocess.run(
        [*COMMAND, *arguments], cwd=cwd, env=clean_environ(**environ), capture_output=True,
        text=True, timeout=60, check=False,
    )  # fmt: skip
