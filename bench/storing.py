"""A process that stores responses as a server does, without HTTP: `python -m bench.storing URL`.

It reads one order a line (JSON) and prints one result a line; `Storer` drives it. Many processes
share the cores of one machine here, and HTTP would fill them before PostgreSQL had much to do.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import uvloop

from bench.survey import COMMENT, WORKSPACE_ID
from harken_server.database.database import Database
from harken_server.database.opening import open_database
from harken_server.kernel.clock import system_clock
from harken_server.responses.response import NewResponse
from harken_server.responses.store.writing import RESPONSES
from harken_server.surveys.answers.typed_rows import AnswerRow
from harken_server.surveys.published import SurveyRecord
from harken_server.surveys.store.surveys import get_survey_by_id

ROOT = Path(__file__).parents[1]
ANSWERS = [
    AnswerRow("recommend", rating=9),
    AnswerRow("reason", choice="service"),
    AnswerRow("why", text=COMMENT),
]


class Stored(NamedTuple):
    """What one process did in one window."""

    seconds: float
    acked: int
    cpu_s: float
    latencies_ms: list[float]


class Storer:
    """One such process."""

    def __init__(self, url: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.storing", url], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def begin(self, survey_id: UUID, clients: int, seconds: float) -> None:
        """Let so many clients store one response after the other."""
        assert self._process.stdin is not None
        order = {"survey": str(survey_id), "clients": clients, "seconds": seconds}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()

    def finish(self) -> Stored:
        """Wait for the end of what was begun."""
        assert self._process.stdout is not None
        return Stored(**json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        """End the process."""
        self._process.communicate(timeout=20)


async def _store_for_a_while(db: Database, order: dict[str, Any]) -> Stored:
    survey = await get_survey_by_id(db, WORKSPACE_ID, UUID(order["survey"]))
    assert survey is not None
    latencies = list[float]()
    began, cpu = time.perf_counter(), time.process_time()
    end = began + order["seconds"]

    async def client() -> None:
        while (sent := time.perf_counter()) < end:
            outcome = await db.store(RESPONSES, _response(survey))
            assert outcome.kind == "stored"
            latencies.append((time.perf_counter() - sent) * 1000)

    await asyncio.gather(*(client() for _ in range(order["clients"])))
    seconds = time.perf_counter() - began
    return Stored(seconds, len(latencies), time.process_time() - cpu, latencies)


def _response(survey: SurveyRecord) -> NewResponse:
    return NewResponse(
        id=uuid4(), survey=survey, version=1, sequence=1,
        is_complete=True, digest=bytes(16), received_at=system_clock(), channel="web",
        locale="en", answers=ANSWERS,
    )  # fmt: skip


async def main(url: str) -> None:
    db = await open_database(url)
    try:
        while line := await asyncio.to_thread(sys.stdin.readline):
            done = await _store_for_a_while(db, json.loads(line))
            print(json.dumps(done._asdict()), flush=True)
    finally:
        await db.close()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(sys.argv[1]))
