"""What a long export does to the latency of submissions on the same server."""

from __future__ import annotations

import http.client
import statistics
import threading
from pathlib import Path
from typing import Any

from bench.load import LoadClient
from bench.report import rounded
from bench.server_process import ServerProcess, bench_server
from bench.survey import KEY, SUBMISSION

CLIENTS = 8
SECONDS = 1.5


def measure_submit_during_export(folder: Path, size: int, rounds: int) -> dict[str, Any]:
    """p99 of submissions at 8 clients, idle and during exports, in turns."""
    home = folder / "server"
    client = LoadClient()
    idle: list[float] = []
    busy: list[float] = []
    with bench_server("harken", home, fill=str(size)) as server:
        server.wait_until_ready()
        secret = (home / "api.key").read_text()
        client.run(server.port, SUBMISSION, seconds=0.5, connections=CLIENTS)
        for _ in range(rounds):
            idle.append(_p99_ms(client, server))
            with _Exporting(server.port, secret) as exporting:
                busy.append(_p99_ms(client, server))
            exported = exporting.size
    client.close()
    return {
        "clients": CLIENTS,
        "p99_idle_ms": statistics.median(idle),
        "p99_during_export_ms": statistics.median(busy),
        "ratio": rounded(statistics.median(busy) / statistics.median(idle)),
        "exported_mb": round(exported / 1e6, 1),
    }


def _p99_ms(client: LoadClient, server: ServerProcess) -> float:
    return client.run(server.port, SUBMISSION, seconds=SECONDS, connections=CLIENTS).p99_ms


class _Exporting:
    """Downloads the CSV over and over until the block ends."""

    def __init__(self, port: int, secret: str) -> None:
        self.size = 0
        self._port = port
        self._headers = {"authorization": f"Bearer {secret}"}
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._download, daemon=True)

    def __enter__(self) -> _Exporting:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join(30)

    def _download(self) -> None:
        while not self._is_over.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
            connection.request("GET", f"/v1/surveys/{KEY}/export.csv", headers=self._headers)
            reply = connection.getresponse()
            if reply.status != 200:
                raise RuntimeError(f"the export answered {reply.status}")
            while not self._is_over.is_set() and (chunk := reply.read(1 << 16)):
                self.size += len(chunk)
            connection.close()
