"""Servers that take turns under load, window by window, so that slow moments hit all alike."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from bench.fsync_shim import count_fsyncs
from bench.load import LoadClient, Window
from bench.processes import ServerProcess
from bench.report import paired_ratio, rounded
from bench.survey import SUBMISSION

CLIENTS = 64
WARM_UP_S = 0.3


class Effort(NamedTuple):
    """How long to measure."""

    rounds: int
    seconds: float


class Lane:
    """One server and what its windows gave."""

    def __init__(self, server: ServerProcess, fsync_file: Path | None = None) -> None:
        self.server = server
        self.windows: list[Window] = []
        self._fsync_file = fsync_file
        self._fsyncs = 0

    def take(self, client: LoadClient, seconds: float, connections: int = CLIENTS) -> None:
        """One window."""
        before = count_fsyncs(self._fsync_file) if self._fsync_file else 0
        window = client.run(self.server.port, SUBMISSION, seconds=seconds, connections=connections)
        self.windows.append(window)
        if self._fsync_file:
            self._fsyncs += count_fsyncs(self._fsync_file) - before

    @property
    def rates(self) -> list[float]:
        """Acknowledged responses per second, window by window."""
        return [window.rate for window in self.windows]

    @property
    def rate(self) -> float:
        """Their median."""
        return statistics.median(self.rates)

    def described(self) -> dict[str, Any]:
        """Rate, latency and, where they are counted, acks per fsync."""
        shown: dict[str, Any] = {
            "acked_per_s": round(self.rate),
            "p50_ms": statistics.median(window.p50_ms for window in self.windows),
            "p99_ms": statistics.median(window.p99_ms for window in self.windows),
        }
        refused = sum(window.statuses.get("503", 0) for window in self.windows)
        if refused:
            shown["share_of_503"] = rounded(
                refused / sum(sum(window.statuses.values()) for window in self.windows)
            )
        if self._fsyncs:
            acked = sum(window.acked + window.late for window in self.windows)
            shown["acks_per_fsync"] = rounded(acked / self._fsyncs)
        return shown


Lanes = dict[str, Lane]


def take_turns(
    client: LoadClient, effort: Effort, lanes: Iterable[Lane], connections: int = CLIENTS
) -> None:
    """Warm every lane up, then go round."""
    lanes = list(lanes)
    for lane in lanes:
        lane.server.wait_until_ready()
    for lane in lanes:
        client.run(lane.server.port, SUBMISSION, seconds=WARM_UP_S, connections=connections)
    for _ in range(effort.rounds):
        for lane in lanes:
            lane.take(client, effort.seconds, connections)


def ratio(lanes: Lanes, name: str, baseline: str) -> float:
    """Median ratio of neighbouring windows."""
    return rounded(paired_ratio(lanes[name].rates, lanes[baseline].rates))


def described(lanes: Lanes) -> dict[str, Any]:
    """All lanes, for people."""
    return {name: lane.described() for name, lane in lanes.items()}
