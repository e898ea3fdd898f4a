"""The web widget beside its peers from npm: bytes, requests, time to the first question, config."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from bench.report import result
from bench.widget_endpoint import measure_endpoint
from bench.widget_install import install, pack, version_of
from bench.widget_subjects import PEERS
from bench.widget_views import HARKEN, LONG_TASK_MS, measure_views
from bench.widget_weights import (
    LATE_MAX,
    LOADER_MAX,
    TOTAL_MAX,
    TWO_FILES_MAX,
    WHOLE_MAX,
    lightest,
    own_files,
    packed_as_shipped,
    weights,
)


def run(quick: bool) -> dict[str, Any]:
    """`value` is our bytes at brotli 11 before a survey shows; the baseline is a full peer's."""
    began = time.perf_counter()
    install()
    packed = pack([*own_files().values(), *(path for peer in PEERS for path in peer.paths)])
    prepared_s = time.perf_counter() - began
    table = weights(packed)
    with tempfile.TemporaryDirectory(prefix="harken-bench-") as name:
        views = measure_views(Path(name), packed, quick=quick)
        endpoint = measure_endpoint(Path(name), quick=quick)
    baseline = lightest(table)
    details: dict[str, Any] = {
        "bytes": table,
        "times_lighter": {
            peer.name: round(table[peer.name]["brotli_11"] / table["harken"]["brotli_11"], 1)
            for peer in PEERS
        },
        "versions": {name: version_of(name) for peer in PEERS for name in peer.packages},
        **views,
        "endpoint": endpoint,
        "targets_met": _targets(table, views["views"][HARKEN], endpoint),
        "shipped_br_is_brotli_11": packed_as_shipped(packed),
        "seconds_to_install_and_pack_the_peers": round(prepared_s, 1),
    }
    return result(
        "widget", "bytes brotli", table["harken"]["brotli_11"], baseline,
        table[baseline]["brotli_11"], details,
    )  # fmt: skip


def _targets(
    table: dict[str, dict[str, int]], own: dict[str, Any], endpoint: dict[str, Any]
) -> dict[str, bool]:
    return {
        "loader_within_3_kb": table["harken_loader"]["brotli_11"] <= LOADER_MAX,
        "two_files_within_9_2_kb": table["harken_two_files"]["brotli_11"] <= TWO_FILES_MAX,
        "late_files_within_4_kb": table["harken_largest_late"]["brotli_11"] <= LATE_MAX,
        "all_within_10_kib": table["harken"]["brotli_11"] <= TOTAL_MAX,
        "whole_within_12_kb": table["harken_whole"]["brotli_11"] <= WHOLE_MAX,
        "two_requests": own["requests"] <= 2,
        "no_layout_shift": own["layout_shift"] == 0,
        "no_task_over_50_ms": own["longest_task_ms"][1] <= LONG_TASK_MS,
        "all_cold_fetches_answered": set(endpoint["config_cold"]["statuses"]) == {"200"},
    }
