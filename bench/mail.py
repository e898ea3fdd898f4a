"""Mails per second through the outbox, beside ready messages given straight to the mail server.

The mail server is a real one on the same machine that only counts. Each round queues fresh mails
everywhere and then has them sent, one way after the other; every mail must arrive exactly once.
"""

from __future__ import annotations

import contextlib
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.postgres import own_database, postgres
from bench.report import paired_ratio, result, rounded
from bench.server_process import ROOT, free_port

ROUNDS, MAILS = 5, 2_000
QUICK_ROUNDS, QUICK_MAILS = 2, 300
WARM_UP_MAILS = 60


class Role:
    """A process of `bench.mail_roles`."""

    def __init__(self, role: str, core: str, **options: object) -> None:
        arguments = [f"{name}={value}" for name, value in options.items()]
        self._name = role
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.mail_roles", role, core, *arguments],
            cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def __enter__(self) -> Role:
        self._read()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(20)

    def ask(self, do: str, **order: Any) -> dict[str, Any]:
        """Give an order, and wait for what comes of it."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, **order}) + "\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the process of {self._name} has ended")
        return json.loads(line)


class Lane:
    """One way to send, by one process or several that share a database."""

    def __init__(self, senders: Sequence[Role]) -> None:
        self.rates: list[float] = []
        self._senders = senders
        self._connections: list[int] = []
        self._times_ms: list[float] = []
        self._shares: list[int] = []

    def fill(self, count: int) -> None:
        """Have mails wait."""
        self._senders[0].ask("fill", count=count)

    def take(self, sink: Role, count: int, *, is_kept: bool) -> None:
        """Send them all, and check that each arrived once."""
        began = min(sender.ask("send")["began"] for sender in self._senders)
        last_at = sink.ask("await", count=count)["last_at"]
        left = [self._stop(sender, is_kept=is_kept) for sender in self._senders][-1]
        arrived = sink.ask("count")
        if arrived["mails"] != count or arrived["recipients"] != count or left:
            raise RuntimeError(f"not each of {count} mails was sent once: {arrived}, {left} left")
        if is_kept:
            self.rates.append(count / (last_at - began))
            self._connections.append(arrived["connections"])

    def described(self) -> dict[str, Any]:
        """For people."""
        shown: dict[str, Any] = {
            "mails_per_s": round(statistics.median(self.rates)),
            "connections": max(self._connections),
        }
        if self._times_ms:
            times = statistics.quantiles(self._times_ms, n=100)
            shown |= {"p50_ms": rounded(times[49]), "p99_ms": rounded(times[98])}
        if len(self._senders) > 1:
            mails_per_round = sum(self._shares) / len(self.rates)
            shown["least_share_of_a_worker"] = rounded(min(self._shares) / mails_per_round)
        return shown

    def _stop(self, sender: Role, *, is_kept: bool) -> int:
        """How many mails are left; others that still work may be about to write theirs down."""
        ended = sender.ask("stop")
        if is_kept:
            self._times_ms += ended["times_ms"]
            self._shares.append(len(ended["times_ms"]))
        return ended["left"]


def run(quick: bool) -> dict[str, Any]:
    """`value` is mails per second of one worker on SQLite."""
    rounds, count = (QUICK_ROUNDS, QUICK_MAILS) if quick else (ROUNDS, MAILS)
    with (
        tempfile.TemporaryDirectory(prefix="harken-bench-") as folder,
        contextlib.ExitStack() as stack,
    ):
        sink, lanes = _open(stack, Path(folder))
        for number in range(rounds + 1):
            for lane in lanes.values():
                mails = count if number else WARM_UP_MAILS
                lane.fill(mails)
                lane.take(sink, mails, is_kept=number > 0)
    straight = lanes["straight"].rates
    details: dict[str, Any] = {name: lane.described() for name, lane in lanes.items()}
    details["mails_per_round"], details["rounds"] = count, rounds
    details["ratio_to_straight"] = {
        name: rounded(paired_ratio(lane.rates, straight)) for name, lane in lanes.items()
    }
    return result(
        "mail", "mails/s through the outbox on SQLite", statistics.median(lanes["sqlite"].rates),
        "ready messages over one connection, no database", statistics.median(straight), details,
        ratio=paired_ratio(lanes["sqlite"].rates, straight),
    )  # fmt: skip


def _open(stack: contextlib.ExitStack, folder: Path) -> tuple[Role, dict[str, Lane]]:
    url = stack.enter_context(postgres())
    port = free_port()
    sink = stack.enter_context(Role("sink", "client", port=port))

    def room(name: str, database: str, core: str = "server") -> Role:
        return stack.enter_context(
            Role("room", core, smtp_port=port, folder=folder / name, url=database)
        )

    one, two = own_database(url, "bench_mail_one"), own_database(url, "bench_mail_two")
    return sink, {
        "straight": Lane([stack.enter_context(Role("straight", "server", smtp_port=port))]),
        "sqlite": Lane([room("sqlite", "")]),
        "postgres": Lane([room("postgres", one)]),
        "postgres_two_workers": Lane([room("two", two), room("two", two, "client")]),
    }
