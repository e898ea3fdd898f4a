"""What long exports do to the latency of submissions on the same server: one, and fifty readers."""

from __future__ import annotations

import http.client
import random
import statistics
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.load import LoadClient
from bench.report import rounded
from bench.server_process import ServerProcess, bench_server
from bench.survey import KEY, SUBMISSION

CLIENTS = 8
HEAVY_READERS = 50
PAUSE_S = 0.2
"""Before a reader that was refused asks again, half more or less; it was told ten seconds."""
SECONDS = 1.5
KINDS = ("export.csv", "scores?standing=excluded")


def measure_submit_during_export(
    folder: Path,
    size: int,
    rounds: int,
    *,
    url: str = "",
    readers: int = 1,
    kinds: Sequence[str] = KINDS,
) -> dict[str, Any]:
    """p99 of submissions at 8 clients, idle and during exports, in turns.

    So many read at once, each kind in turn; whoever is refused asks again.
    """
    home = folder / f"server-{readers}-{'postgres' if url else 'sqlite'}-{kinds[0]}"
    client = LoadClient()
    idle: list[float] = []
    busy: list[float] = []
    with bench_server("harken", home, url=url, fill=str(size)) as server:
        server.wait_until_ready()
        secret = (home / "api.key").read_text()
        client.run(server.port, SUBMISSION, seconds=0.5, connections=CLIENTS)
        for _ in range(rounds):
            idle.append(_p99_ms(client, server))
            with _Exporting(server.port, secret, readers, kinds) as exporting:
                busy.append(_p99_ms(client, server))
            exported, refused = exporting.size, exporting.refused
    client.close()
    return {
        "clients": CLIENTS,
        "readers": readers,
        "p99_idle_ms": statistics.median(idle),
        "p99_during_export_ms": statistics.median(busy),
        "ratio": rounded(statistics.median(busy) / statistics.median(idle)),
        "exported_mb": round(exported / 1e6, 1),
        "refused": refused,
    }


def _p99_ms(client: LoadClient, server: ServerProcess) -> float:
    return client.run(server.port, SUBMISSION, seconds=SECONDS, connections=CLIENTS).p99_ms


class _Exporting:
    """Readers that download a file, or ask for scores, over and over until the block ends."""

    def __init__(self, port: int, secret: str, readers: int, kinds: Sequence[str]) -> None:
        self.size = 0
        self.refused = 0
        self._port = port
        self._headers = {"authorization": f"Bearer {secret}"}
        self._is_over = threading.Event()
        self._threads = [
            threading.Thread(target=self._read, args=(kinds[number % len(kinds)],), daemon=True)
            for number in range(readers)
        ]

    def __enter__(self) -> _Exporting:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join(30)

    def _read(self, kind: str) -> None:
        while not self._is_over.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
            connection.request("GET", f"/v1/surveys/{KEY}/{kind}", headers=self._headers)
            reply = connection.getresponse()
            if reply.status == 429:
                self.refused += 1
                self._is_over.wait(random.uniform(0.5, 1.5) * PAUSE_S)  # not all at once
            elif reply.status != 200:
                raise RuntimeError(f"{kind} answered {reply.status}")
            while not self._is_over.is_set() and (chunk := reply.read(1 << 16)):
                self.size += len(chunk)
            connection.close()
