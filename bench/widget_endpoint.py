"""The widget's config under load: warm, and asked for by a thousand pages of a fresh server."""

from __future__ import annotations

import http.client
import statistics
from pathlib import Path
from typing import Any

from bench.load import LoadClient
from bench.report import paired_ratio, rounded
from bench.server_process import ServerProcess, bench_server
from bench.widget_burst import burst
from bench.widget_server import prepare, widget_server

EMPTY = "/healthz"
SURVEYS = 10
CLIENTS = 1_000
COLD_STARTS, QUICK_COLD_STARTS = 5, 1
ROUNDS, QUICK_ROUNDS = 7, 2
SECONDS, QUICK_SECONDS = 2.0, 0.5


def measure_endpoint(folder: Path, *, quick: bool) -> dict[str, Any]:
    """Bursts on fresh servers, then windows of load in turn with an empty Litestar handler."""
    home = folder / "endpoint"
    key = prepare(home, surveys=SURVEYS)
    paths = {"config": f"/widget/config?key={key}", "script": f"/widget/v1.js?key={key}"}
    starts = QUICK_COLD_STARTS if quick else COLD_STARTS
    shown: dict[str, Any] = {"surveys": SURVEYS, "clients": CLIENTS}
    for name, path in paths.items():
        shown[f"{name}_cold"] = typical([_cold(home, path) for _ in range(starts)])
    with bench_server("empty_litestar", folder / "empty") as empty:
        empty.wait_until_ready()
        shown["empty_handler"] = typical(
            [burst(empty.port, EMPTY, count=CLIENTS) for _ in range(starts)]
        )
        with widget_server(home) as server:
            server.wait_until_ready()
            shown |= _warm(server, empty, paths, quick=quick)
            shown["config_revalidated"] = _revalidated(server, paths["config"])
    return shown


def typical(bursts: list[dict[str, Any]]) -> dict[str, Any]:
    """Medians; statuses are added up, and of reads the most counts."""
    shown: dict[str, Any] = {"statuses": {}}
    for taken in bursts:
        for status, count in taken["statuses"].items():
            shown["statuses"][status] = shown["statuses"].get(status, 0) + count
    for name in bursts[0]:
        values = [taken[name] for taken in bursts]
        if name == "statuses":
            continue
        shown[name] = max(values) if name in {"reads", "writes", "bytes"} else _median(values)
    return shown


def _cold(home: Path, path: str) -> dict[str, Any]:
    with widget_server(home) as server:
        server.wait_until_ready()
        before = server.counters()
        taken = burst(server.port, path, count=CLIENTS)
        after = server.counters()
    return taken | {name: after[name] - before[name] for name in after}


def _revalidated(server: ServerProcess, path: str) -> dict[str, Any]:
    """The same burst by browsers that have the config already."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", path, headers={"accept-encoding": "gzip, br"})
    reply = connection.getresponse()
    reply.read()
    etag = reply.getheader("etag") or ""
    connection.close()
    return burst(server.port, path, f"if-none-match: {etag}", count=CLIENTS)


def _warm(
    server: ServerProcess, empty: ServerProcess, paths: dict[str, str], *, quick: bool
) -> dict[str, Any]:
    rounds, seconds = (QUICK_ROUNDS, QUICK_SECONDS) if quick else (ROUNDS, SECONDS)
    lanes = {name: (server, path) for name, path in paths.items()} | {"empty": (empty, EMPTY)}
    rates: dict[str, list[float]] = {name: [] for name in lanes}
    latencies: list[float] = []
    client = LoadClient()
    before = server.counters()
    try:
        for _ in range(rounds):
            for name, (at, path) in lanes.items():
                window = client.run(at.port, b"", seconds=seconds, path=path)
                if set(window.statuses) - {"200"}:
                    raise RuntimeError(f"{path} answered {window.statuses}")
                rates[name].append(window.rate)
                if name == "config":
                    latencies.append(window.p99_ms)
    finally:
        client.close()
    reads = server.counters()["reads"] - before["reads"]
    return {
        "config_per_s": _median(rates["config"]),
        "script_per_s": _median(rates["script"]),
        "empty_handler_per_s": _median(rates["empty"]),
        "config_to_empty_handler": rounded(paired_ratio(rates["config"], rates["empty"])),
        "script_to_empty_handler": rounded(paired_ratio(rates["script"], rates["empty"])),
        "config_p99_ms_at_64_clients": _median(latencies),
        "reads_per_second_under_load": rounded(reads / (2 * rounds * seconds)),
    }


def _median(values: list[float]) -> float:
    return rounded(statistics.median(values))
