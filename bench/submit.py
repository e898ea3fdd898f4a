"""Acknowledged, durable responses per second through real HTTP, beside what they could cost."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any, NamedTuple

from bench.django_survey import measure_django_survey
from bench.fsync_shim import build_shim, shim_environment
from bench.load import LoadClient
from bench.postgres import own_database, postgres
from bench.report import result, rounded
from bench.rounds import Contender, Contenders, Effort, described, ratio, take_turns
from bench.server_process import bench_server

QUICK = Effort(rounds=3, seconds=0.4)
FULL = Effort(rounds=7, seconds=2.0)
MANY_CLIENTS = 256
SMALL_QUEUE = 100


class Bench(NamedTuple):
    """What every part of the measure needs."""

    client: LoadClient
    effort: Effort
    folder: Path
    shim: Path


def run(quick: bool) -> dict[str, Any]:
    """`value` is acked responses per second at 64 clients, the baseline stubbed storage."""
    with tempfile.TemporaryDirectory(prefix="harken-bench-") as name:
        folder = Path(name)
        bench = Bench(LoadClient(), QUICK if quick else FULL, folder, build_shim(folder))
        try:
            return _measure(bench, quick=quick)
        finally:
            bench.client.close()


def _measure(bench: Bench, *, quick: bool) -> dict[str, Any]:
    details: dict[str, Any] = {}
    with _sqlite_contenders(bench, 0, "harken", "commit_each", "stubbed", "bare") as contenders:
        take_turns(bench.client, bench.effort, contenders.values())
        details["fsync_as_is"] = described(contenders)
        details["ratio_to_stubbed_storage"] = ratio(contenders, "harken", "stubbed")
        details["ratio_to_bare_decode"] = ratio(contenders, "harken", "bare")
        details |= _counted(contenders["harken"])
    for delay_ms in (2, 10):
        kinds = ["harken", "commit_each"] if quick else ["harken", "ungrouped", "commit_each"]
        with _sqlite_contenders(bench, delay_ms, *kinds) as slow:
            take_turns(bench.client, bench.effort, slow.values())
            details[f"fsync_plus_{delay_ms}_ms"] = described(slow)
            details[f"ratio_to_commit_each_plus_{delay_ms}_ms"] = ratio(
                slow, "harken", "commit_each"
            )
            if "ungrouped" in slow:
                details[f"ratio_to_ungrouped_plus_{delay_ms}_ms"] = ratio(
                    slow, "harken", "ungrouped"
                )
    details |= _measure_many_clients(bench) | _measure_postgres(bench)
    if not quick:
        details["django_survey"] = measure_django_survey(
            bench.client, bench.folder, contenders["harken"].rate
        )
    return result(
        "submit", "acked responses/s at 64 clients", contenders["harken"].rate,
        "the same server with storage stubbed out", contenders["stubbed"].rate, details,
        ratio=details["ratio_to_stubbed_storage"],
    )  # fmt: skip


@contextlib.contextmanager
def _sqlite_contenders(
    bench: Bench, delay_ms: float, *kinds: str, **options: str
) -> Generator[Contenders]:
    with contextlib.ExitStack() as stack:
        contenders: Contenders = {}
        for kind in kinds:
            home = Path(tempfile.mkdtemp(dir=bench.folder))
            file = home / "fsyncs"
            environ = shim_environment(bench.shim, count_file=file, delay_ms=delay_ms)
            server = stack.enter_context(bench_server(kind, home, environ=environ, **options))
            contenders[kind] = Contender(server, file)
        yield contenders


def _counted(contender: Contender) -> dict[str, Any]:
    """What the product counted itself, warm-up included."""
    counters = contender.server.counters()
    stored = max(counters["stored"], 1)
    return {
        "sql_statements_per_response": rounded(counters["statements"] / stored),
        "responses_per_commit": rounded(stored / max(counters["commits"], 1)),
        "writer_cpu_us_per_response": rounded(counters["writer_cpu_ns"] / stored / 1000),
        "server_peak_rss_mb": counters["peak_rss_mb"],
    }


def _measure_many_clients(bench: Bench) -> dict[str, Any]:
    """The tail at 256 clients, with the usual queue and with one that must refuse."""
    shown: dict[str, Any] = {}
    for name, options in (
        ("many_clients", {}),
        ("many_clients_small_queue", {"HARKEN_QUEUE_LIMIT": str(SMALL_QUEUE)}),
    ):
        with _sqlite_contenders(bench, 2, "harken", **options) as contenders:
            take_turns(bench.client, Effort(1, 1.0), contenders.values(), MANY_CLIENTS)
            shown[name] = {"clients": MANY_CLIENTS, **contenders["harken"].described()}
    return shown


def _measure_postgres(bench: Bench) -> dict[str, Any]:
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(postgres())
        contenders: Contenders = {}
        for kind in ("harken", "ungrouped", "commit_each_postgres"):
            home = Path(tempfile.mkdtemp(dir=bench.folder))
            contenders[kind] = Contender(
                stack.enter_context(
                    bench_server(kind, home, url=own_database(url, f"bench_{kind}"))
                )
            )
        take_turns(bench.client, bench.effort, contenders.values())
        return {
            "postgres": described(contenders),
            "ratio_to_ungrouped_postgres": ratio(contenders, "harken", "ungrouped"),
            "ratio_to_commit_each_postgres": ratio(contenders, "harken", "commit_each_postgres"),
        }
