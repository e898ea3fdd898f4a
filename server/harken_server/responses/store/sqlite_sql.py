"""Store a batch of responses on SQLite: prebuilt statements for several rows each.

Sizes are powers of two, so that the connection's statement cache holds them all and nothing is
prepared twice.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from functools import cache
from itertools import chain
from operator import attrgetter
from typing import Any

from harken_server.database.statistics import Statistics
from harken_server.database.values import from_time
from harken_server.responses.response import NewResponse, StoreOutcome
from harken_server.responses.store.batch import PROMISE_COLUMNS, Codec, ResponseBatch, Rows
from harken_server.responses.store.counted import COUNT_TABLES

CODEC = Codec(id=attrgetter("bytes"), time=from_time)
_MOST_VALUES = 128
"""In one statement that writes: with twice as many a row takes half as long again."""

_POSITION = "SELECT position FROM feed WHERE lane = 0"
_RESERVE = "UPDATE feed SET position = ? WHERE lane = 0"
_STORED = """
WITH wanted(survey_number, id) AS (VALUES {rows})
SELECT r.survey_number, r.id, r.number, r.version, r.state, r.sequence, r.digest, r.touchpoint,
  r.channel, r.updated_at, r.day, r.standing, r.dimensions, r.answers, r.position
FROM wanted CROSS JOIN response r ON r.survey_number = wanted.survey_number AND r.id = wanted.id
"""
_CLAIMED = """
WITH wanted(id, workspace_id) AS (VALUES {rows})
SELECT i.id, i.workspace_id, i.response_id
FROM wanted CROSS JOIN invitation i ON i.id = wanted.id AND i.workspace_id = wanted.workspace_id
"""
_CLAIM = """
WITH claimed(invitation_id, workspace_id, response_id) AS (VALUES {rows})
UPDATE invitation SET response_id = claimed.response_id
FROM claimed WHERE invitation.id = claimed.invitation_id
  AND invitation.workspace_id = claimed.workspace_id
"""
_ADD_RESPONSES = """
INSERT INTO response (number, id, survey_number, version, position, state, sequence, digest,
  touchpoint, channel, locale, respondent, invitation_id, context, proof, origin_proof,
  claimed, started_at, submitted_at, answered_at, updated_at, day, is_sample, resume_digest,
  standing, flags, dimensions, answers, has_text, quotas, history, probability, block) VALUES {rows}
"""
_CHANGE_RESPONSE = """
UPDATE response SET version = ?, position = ?, state = ?, sequence = ?, digest = ?, touchpoint = ?,
  channel = ?, locale = ?, respondent = ?, invitation_id = ?, context = ?,
  proof = ?, origin_proof = ?, claimed = ?, started_at = COALESCE(?, started_at), updated_at = ?,
  resume_digest = COALESCE(resume_digest, ?),
  dimensions = ?, answers = ?, has_text = ?, quotas = ?, history = ?
  WHERE number = ?
"""
_ADD_COUNTS = {
    table: f"INSERT INTO {table.name} ({', '.join(table.names)}) VALUES {{rows}}"  # noqa: S608  # ours
    f" ON CONFLICT {table.clash('sqlite')}"
    for table in COUNT_TABLES
}

_ADD_PROMISES = f"""
INSERT INTO outbox ({", ".join(PROMISE_COLUMNS)}) VALUES {{rows}} ON CONFLICT DO NOTHING
"""  # noqa: S608  # only our own column lists


def store_responses(
    connection: sqlite3.Connection, news: Sequence[NewResponse], statistics: Statistics
) -> list[StoreOutcome]:
    """Store a batch inside the open transaction; outcomes in the batch's order."""
    started = time.thread_time_ns()
    run = _Runner(connection)
    batch = ResponseBatch(news, CODEC)
    position: int = run.all(_POSITION, ())[0][0]
    stored = run.padded(_STORED, batch.keys, 2)
    claimed: list[Any] = []
    if batch.invitations:
        claimed = run.padded(_CLAIMED, batch.invitations, 2)
    batch.decide(position, stored, claimed)
    rows, outcomes = batch.build(lane=0)
    if rows is not None:
        run.all(_RESERVE, (position + len(news),))
        _write(run, rows)
        statistics.stored += len(rows.responses) + len(rows.changes)
    statistics.statements += run.statements
    statistics.writer_cpu_ns += time.thread_time_ns() - started
    return outcomes


class _Runner:
    """Runs statements on many rows, and counts them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.statements = 0

    def all(self, sql: str, params: Sequence[Any]) -> list[Any]:
        """One statement, as it is."""
        self.statements += 1
        return self._connection.execute(sql, params).fetchall()

    def padded(self, template: str, rows: Sequence[Sequence[Any]], width: int) -> list[Any]:
        """One statement for all rows, filled up with NULLs, which match nothing."""
        size = 1 << (len(rows) - 1).bit_length()
        params = list(chain.from_iterable(rows))
        params += [None] * (size * width - len(params))
        return self.all(_sized(template, size, width), params)

    def exact(self, template: str, rows: list[tuple[Any, ...]]) -> None:
        """Statements of as many rows as fit, and for what is left smaller ones."""
        start, left = 0, len(rows)
        while left:
            width = len(rows[0])
            size = 1 << (min(_MOST_VALUES // width, left).bit_length() - 1)
            params = list(chain.from_iterable(rows[start : start + size]))
            self.all(_sized(template, size, width), params)
            start += size
            left -= size


def _write(run: _Runner, rows: Rows) -> None:
    if rows.claims:
        run.padded(_CLAIM, rows.claims, 3)
    for change in rows.changes:
        run.all(_CHANGE_RESPONSE, change)
    run.exact(_ADD_RESPONSES, rows.responses)
    for table, counted in rows.counts.items():
        run.exact(_ADD_COUNTS[table], counted)
    run.exact(_ADD_PROMISES, rows.promises)


@cache
def _sized(template: str, size: int, width: int) -> str:
    row = "(" + ", ".join(["?"] * width) + ")"
    return template.format(rows=", ".join([row] * size))
