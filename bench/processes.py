"""Responses stored by 1, 2 and 4 processes on one PostgreSQL whose commits take their time."""

from __future__ import annotations

import asyncio
import contextlib
import statistics
import time
from collections.abc import Sequence
from itertools import chain
from typing import Any, Literal, NamedTuple
from uuid import UUID

import asyncpg

from bench.postgres import own_database, postgres
from bench.report import paired_ratio, result, rounded
from bench.rounds import Effort
from bench.storing import Storer
from bench.survey import add_survey
from harken_server.database.migrate import migrate
from harken_server.database.opening import open_database

CLIENTS = 64
MOST_PROCESSES = 4
DELAYS_MS = (0, 5, 20)
"""Added to each commit: a disk of its own, a replica beside it, a replica in another zone."""
QUICK = Effort(rounds=1, seconds=0.4)
QUICK_AT_MOST = Effort(rounds=2, seconds=0.7)
FULL = Effort(rounds=8, seconds=1.2)
SAMPLE_EVERY_S = 0.01
_SAMPLE = """
SELECT count(*), count(*) FILTER (WHERE wait_event_type = 'Lock') FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""


class Case(NamedTuple):
    """How many processes, with how many clients each, and what they share."""

    processes: int
    clients: int
    shared: Literal["database", "survey", "server"] = "database"
    """A survey each in one database; one survey; a database each on one server."""

    @property
    def name(self) -> str:
        """For people."""
        shared = {"database": "", "survey": ", one survey", "server": ", a database each"}
        return f"{self.processes} x {self.clients}{shared[self.shared]}"


ONE = Case(1, CLIENTS)
SAME_CLIENTS = Case(MOST_PROCESSES, CLIENTS // MOST_PROCESSES)
MORE_CLIENTS = Case(MOST_PROCESSES, CLIENTS)
ONE_SURVEY = Case(MOST_PROCESSES, CLIENTS, shared="survey")
APART = Case(MOST_PROCESSES, CLIENTS, shared="server")
"""What this machine gives at most: these share no row."""
CASES = (
    ONE,
    Case(2, CLIENTS // 2),
    SAME_CLIENTS,
    MORE_CLIENTS,
    Case(2, CLIENTS // 2, shared="survey"),
    Case(MOST_PROCESSES, CLIENTS // MOST_PROCESSES, shared="survey"),
    ONE_SURVEY,
)


class Window(NamedTuple):
    """What all processes together did in one window."""

    rate: float
    p99_ms: float
    cores: float
    """Processor time of the storing processes in each second; PostgreSQL's is not in it."""
    samples: int
    """Times that a connection was seen at work."""
    waiting: int
    """Those of them in which it waited for a lock."""


Windows = dict[Case, list[Window]]


class Bench(NamedTuple):
    """The processes at work, and where."""

    url: str
    together: list[Storer]
    apart: list[Storer]
    """With a database each; none in a quick run."""


def run(quick: bool) -> dict[str, Any]:
    """`value` is responses/s of four processes with 64 clients each at + 20 ms, beside one's."""
    with postgres() as server, contextlib.ExitStack() as stack:
        url = own_database(server, "bench_processes")
        asyncio.run(_prepare(url))
        others = [] if quick else [own_database(server, f"bench_p{n}") for n in range(4)]
        for other in others:
            asyncio.run(_prepare(other))
        bench = Bench(
            url,
            [_started(stack, url) for _ in range(MOST_PROCESSES)],
            [_started(stack, other) for other in others],
        )
        stack.callback(_delay_commits, url, 0)
        for case in (MORE_CLIENTS,) if quick else (MORE_CLIENTS, APART):
            _window(bench, case, 0.3)  # they connect, and take their lanes
        measured = {delay: _measure(bench, delay, quick=quick) for delay in DELAYS_MS}
    return _result(measured)


async def _prepare(url: str) -> None:
    """With a survey for each process; the first one is everybody's, where they share one."""
    await migrate(url)
    db = await open_database(url, readers=1, pool_size=1)
    for place in range(MOST_PROCESSES):
        await add_survey(db, _survey_id(place))
    await db.close()


def _survey_id(place: int) -> UUID:
    return UUID(int=100 + place)


def _started(stack: contextlib.ExitStack, url: str) -> Storer:
    storer = Storer(url)
    stack.callback(storer.close)
    return storer


def _measure(bench: Bench, delay_ms: int, *, quick: bool) -> Windows:
    is_slowest = delay_ms == DELAYS_MS[-1]
    effort = FULL if not quick else QUICK_AT_MOST if is_slowest else QUICK
    cases = (*CASES, APART) if is_slowest and bench.apart else CASES
    _delay_commits(bench.url, delay_ms)
    windows: Windows = {case: [] for case in cases}
    for _ in range(effort.rounds):
        for case in cases:
            windows[case].append(_window(bench, case, effort.seconds))
    return windows


def _window(bench: Bench, case: Case, seconds: float) -> Window:
    used = (bench.apart if case is APART else bench.together)[: case.processes]
    for place, storer in enumerate(used):
        storer.begin(_survey_id(0 if case.shared == "survey" else place), case.clients, seconds)
    samples, waiting = asyncio.run(_sample(bench.url, seconds))
    done = [storer.finish() for storer in used]
    latencies = sorted(chain.from_iterable(stored.latencies_ms for stored in done)) or [0.0]
    return Window(
        sum(stored.acked / stored.seconds for stored in done),
        latencies[len(latencies) * 99 // 100],
        sum(stored.cpu_s / stored.seconds for stored in done),
        samples,
        waiting,
    )


async def _sample(url: str, seconds: float) -> tuple[int, int]:
    """Connections seen at work and those that waited for a lock, until the window is over."""
    end = time.monotonic() + seconds
    connection: Any = await asyncpg.connect(url)
    seen = waiting = 0
    try:
        while time.monotonic() < end:
            row = await connection.fetchrow(_SAMPLE)
            seen, waiting = seen + row[0], waiting + row[1]
            await asyncio.sleep(SAMPLE_EVERY_S)
    finally:
        await connection.close()
    return seen, waiting


def _delay_commits(url: str, delay_ms: int) -> None:
    """Let each flush of the log take so much longer, whoever else is committing."""

    async def alter() -> None:
        connection: Any = await asyncpg.connect(url)
        await connection.execute(f"ALTER SYSTEM SET commit_delay = {delay_ms * 1000}")
        await connection.execute("ALTER SYSTEM SET commit_siblings = 0")
        await connection.execute("SELECT pg_reload_conf()")
        await connection.close()

    asyncio.run(alter())


def _result(measured: dict[int, Windows]) -> dict[str, Any]:
    slowest = measured[DELAYS_MS[-1]]
    details: dict[str, Any] = {
        "same_clients_ratio": _ratio(slowest, SAME_CLIENTS),
        "one_survey_ratio": _ratio(slowest, ONE_SURVEY),
        "lock_wait_share": max(
            _lock_wait_share(slowest[case]) for case in CASES if case.processes > 1
        ),
    }
    if APART in slowest:
        details["a_database_each_ratio"] = _ratio(slowest, APART)
    for delay_ms, windows in measured.items():
        details[f"commit_plus_{delay_ms}_ms"] = {
            case.name: _described(windows, case) for case in windows
        }
    return result(
        "processes", "responses/s of 4 processes with 64 clients each, commits + 20 ms",
        _rate(slowest[MORE_CLIENTS]), "one process with 64 clients", _rate(slowest[ONE]), details,
        ratio=_ratio(slowest, MORE_CLIENTS),
    )  # fmt: skip


def _described(windows: Windows, case: Case) -> dict[str, Any]:
    own = windows[case]
    return {
        "per_s": round(_rate(own)),
        "to_one_process": _ratio(windows, case),
        "p99_ms": round(statistics.median(window.p99_ms for window in own)),
        "cores": rounded(statistics.median(window.cores for window in own)),
        "lock_wait_share": _lock_wait_share(own),
    }


def _rate(windows: Sequence[Window]) -> float:
    return statistics.median(window.rate for window in windows)


def _ratio(windows: Windows, case: Case) -> float:
    rates, ones = ([window.rate for window in windows[name]] for name in (case, ONE))
    return rounded(paired_ratio(rates, ones))


def _lock_wait_share(windows: Sequence[Window]) -> float:
    seen = sum(window.samples for window in windows)
    return rounded(sum(window.waiting for window in windows) / max(seen, 1))
