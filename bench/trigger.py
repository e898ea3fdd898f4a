"""Trigger decisions per second through real HTTP, beside a POST that does nothing."""

from __future__ import annotations

import contextlib
import json
import statistics
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any, NamedTuple

from bench.filling_people import TOUCHPOINT
from bench.load import ID, LoadClient, Window
from bench.postgres import own_database, postgres
from bench.report import paired_ratio, result, rounded
from bench.server_process import ServerProcess, bench_server

PATH = "/v1/triggers"
CLIENTS = 32
PEOPLE, QUICK_PEOPLE = 1_000_000, 50_000
BODY = {"touchpoint": TOUCHPOINT, "respondent": ID.decode(), "context": {"store": "oslo-3"}}
FILL_WITHIN_S = 600


class Effort(NamedTuple):
    """How long to measure, and with how many respondents."""

    rounds: int
    seconds: float
    people: int


class Runner:
    """One server, and where its next respondents begin: nobody is triggered twice."""

    def __init__(self, name: str, server: ServerProcess, folder: Path | None) -> None:
        self.name = name
        self.windows: list[Window] = []
        self._server = server
        self._folder = folder
        self._next = 1

    def take(self, client: LoadClient, seconds: float) -> Window:
        """One window of single triggers."""
        headers = ""
        if self._folder is not None:
            headers = f"authorization: Bearer {(self._folder / 'api.key').read_text()}\r\n"
        window = client.run(
            self._server.port, json.dumps(BODY).encode(), seconds=seconds, connections=CLIENTS,
            path=PATH, headers=headers, first=self._next,
        )  # fmt: skip
        self._next += sum(window.statuses.values()) + window.late + CLIENTS
        return window

    @property
    def rates(self) -> list[float]:
        """Decisions per second, window by window."""
        return [window.rate for window in self.windows]

    def described(self) -> dict[str, Any]:
        """For people."""
        statuses = {status for window in self.windows for status in window.statuses}
        return {
            "decisions_per_s": round(statistics.median(self.rates)),
            "p50_ms": statistics.median(window.p50_ms for window in self.windows),
            "p99_ms": statistics.median(window.p99_ms for window in self.windows),
            "statuses": sorted(statuses),
        }


def run(quick: bool) -> dict[str, Any]:
    """`value` is decisions per second on SQLite at 32 clients."""
    effort = Effort(3, 0.7, QUICK_PEOPLE) if quick else Effort(7, 3.0, PEOPLE)
    client = LoadClient()
    try:
        with (
            tempfile.TemporaryDirectory(prefix="harken-bench-") as name,
            _runners(Path(name), effort.people) as runners,
        ):
            for runner in runners.values():
                runner.take(client, 0.5)
            for _ in range(effort.rounds):
                for runner in runners.values():
                    runner.windows.append(runner.take(client, effort.seconds))
    finally:
        client.close()
    sqlite, nothing = runners["sqlite"], runners["no_op_post"]
    details = {name: runner.described() for name, runner in runners.items()}
    details["respondents"] = effort.people
    details["ratio_postgres"] = rounded(paired_ratio(runners["postgres"].rates, nothing.rates))
    return result(
        "trigger", "decisions/s on SQLite at 32 clients", statistics.median(sqlite.rates),
        "a POST that does nothing, same framework", statistics.median(nothing.rates), details,
        ratio=paired_ratio(sqlite.rates, nothing.rates),
    )  # fmt: skip


@contextlib.contextmanager
def _runners(folder: Path, people: int) -> Generator[dict[str, Runner]]:
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(postgres())
        runners: dict[str, Runner] = {}
        for name, kind, place in (
            ("no_op_post", "empty_post", ""),
            ("sqlite", "harken", ""),
            ("postgres", "harken", own_database(url, "bench_trigger")),
        ):
            home = folder / name
            options = {"people": str(people)} if kind == "harken" else {}
            server = stack.enter_context(bench_server(kind, home, url=place, **options))
            server.wait_until_ready(FILL_WITHIN_S)
            runners[name] = Runner(name, server, home if kind == "harken" else None)
        yield runners
