"""Cold start to the first answer and idle memory, beside an empty Litestar application."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.report import paired_ratio, result, rounded
from bench.server_process import ServerProcess, bench_server, free_port

ROUNDS, QUICK_ROUNDS = 9, 5
SETTLE_S = 0.5


def run(quick: bool) -> dict[str, Any]:
    """`value` is milliseconds to the first 200 of /healthz on a first start, which migrates."""
    kinds = ("empty_litestar", "migrated_litestar", "first", "again")
    starts: dict[str, list[float]] = {kind: [] for kind in kinds}
    memory: dict[str, list[float]] = {kind: [] for kind in kinds}
    with tempfile.TemporaryDirectory(prefix="harken-bench-") as name:
        folder = Path(name)
        for round_number in range(QUICK_ROUNDS if quick else ROUNDS):
            home = folder / str(round_number)
            for kind, server in (
                ("empty_litestar", bench_server("empty_litestar", folder)),
                ("migrated_litestar", bench_server("migrated_litestar", _new(home))),
                ("first", _harken(home)),
                ("again", _harken(home)),
            ):
                with server:
                    starts[kind].append(server.wait_until_ready() * 1000)
                    time.sleep(SETTLE_S)
                    memory[kind].append(server.rss_mb)
    ms = {kind: rounded(statistics.median(taken)) for kind, taken in starts.items()}
    mb = {kind: rounded(statistics.median(taken)) for kind, taken in memory.items()}
    details = {
        "start_ms": ms,
        "idle_rss_mb": mb,
        "ratio_again_to_empty": rounded(paired_ratio(starts["again"], starts["empty_litestar"])),
        "ms_of_migrations": rounded(ms["first"] - ms["again"]),
        "mb_above_empty_litestar": rounded(mb["again"] - mb["empty_litestar"]),
    }
    return result(
        "start", "ms to the first answer of a first start", ms["first"],
        "an empty Litestar application that migrates first", ms["migrated_litestar"], details,
        ratio=paired_ratio(starts["first"], starts["migrated_litestar"]),
    )  # fmt: skip


def _new(home: Path) -> Path:
    folder = home.with_name(f"{home.name}-migrated")
    folder.mkdir()
    return folder


def _harken(home: Path) -> ServerProcess:
    """The product as people start it."""
    port = free_port()
    command = [sys.executable, "-m", "harken_server.cli", "serve"]
    environ = {"HARKEN_DATA_DIR": str(home), "HARKEN_PORT": str(port)}
    return ServerProcess(command, port, environ=environ)
