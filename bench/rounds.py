"""Servers that take turns under load, window by window, so that slow moments hit all alike."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from bench.fsync_shim import count_fsyncs
from bench.load import LoadClient, Window
from bench.report import paired_ratio, rounded
from bench.server_process import ServerProcess
from bench.survey import SUBMISSION

CLIENTS = 64
WARM_UP_S = 0.3


class Effort(NamedTuple):
    """How long to measure."""

    rounds: int
    seconds: float


class Contender:
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


Contenders = dict[str, Contender]


def take_turns(
    client: LoadClient, effort: Effort, contenders: Iterable[Contender], connections: int = CLIENTS
) -> None:
    """Warm every contender up, then go round."""
    contenders = list(contenders)
    for contender in contenders:
        contender.server.wait_until_ready()
    for contender in contenders:
        client.run(contender.server.port, SUBMISSION, seconds=WARM_UP_S, connections=connections)
    for _ in range(effort.rounds):
        for contender in contenders:
            contender.take(client, effort.seconds, connections)


def ratio(contenders: Contenders, name: str, baseline: str) -> float:
    """Median ratio of neighbouring windows."""
    return rounded(paired_ratio(contenders[name].rates, contenders[baseline].rates))


def described(contenders: Contenders) -> dict[str, Any]:
    """All contenders, for people."""
    return {name: contender.described() for name, contender in contenders.items()}
