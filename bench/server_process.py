"""Start servers in processes of their own, on a core of their own, and look at them."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

ROOT = Path(__file__).parents[1]
START_WITHIN_S = 30


def pin(role: Literal["server", "client"]) -> None:
    """Keep servers on the first core and the client on the second, when there are two."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) >= 2:
        os.sched_setaffinity(0, {cores[0] if role == "server" else cores[1]})


def peak_rss_mb() -> float:
    """Most memory this program ever held; getrusage would also count the parent's before exec."""
    status = Path("/proc/self/status").read_text()
    return round(int(status.split("VmHWM:")[1].split()[0]) / 1024, 1)


class ServerProcess:
    """One server; `with` starts it without waiting and ends it with SIGTERM."""

    def __init__(
        self, command: list[str], port: int, *, environ: dict[str, str] | None = None,
        ready_path: str = "/healthz", counters: Path | None = None,
    ) -> None:  # fmt: skip
        self.port = port
        self._command = command
        paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        self._environ = {**os.environ, **(environ or {}), "PYTHONPATH": os.pathsep.join(paths)}
        self._ready_path = ready_path
        self._counters = counters

    def __enter__(self) -> ServerProcess:
        self._began = time.perf_counter()
        self._process = subprocess.Popen(
            self._command, env=self._environ, cwd=ROOT,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()

    @property
    def rss_mb(self) -> float:
        """Resident memory now."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    @property
    def cpu_s(self) -> float:
        """Processor time used so far."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def counters(self) -> dict[str, Any]:
        """What the server counted so far; servers of this package write it when asked."""
        assert self._counters is not None
        self._counters.unlink(missing_ok=True)
        self._process.send_signal(signal.SIGUSR1)
        for _ in range(100):
            time.sleep(0.02)
            with contextlib.suppress(FileNotFoundError, ValueError):
                return json.loads(self._counters.read_text())
        raise RuntimeError("the server gave no counters")

    def wait_until_ready(self, within_s: float = START_WITHIN_S) -> float:
        """Seconds from the start to the first answer."""
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                assert self._process.stderr is not None
                raise RuntimeError(f"server ended: {self._process.stderr.read().decode()[-2000:]}")
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", self._ready_path)
                if connection.getresponse().status < 500:
                    connection.close()
                    return time.perf_counter() - self._began
            time.sleep(0.005)
        raise RuntimeError(f"no answer from {' '.join(self._command)}")


def bench_server(
    kind: str, folder: Path, *, url: str = "", environ: dict[str, str] | None = None, **options: str
) -> ServerProcess:
    """A server of `bench.servers`, with its files in `folder`."""
    port = free_port()
    counters = folder / "counters.json"
    folder.mkdir(parents=True, exist_ok=True)
    arguments = [f"{name}={value}" for name, value in options.items()]
    command = [sys.executable, "-m", "bench.servers", kind, str(port), str(folder), url, *arguments]
    return ServerProcess(command, port, environ=environ, counters=counters)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
