"""Store a batch of responses on PostgreSQL: one transaction, its rows copied in.

The first statement locks the writer's row of the feed until the commit: within a lane commits come
in the order of their positions. What is stored under the batch's ids, and its invitations, are
locked too, in one order everywhere, so that what was read does not change before the commit. A new
id that another lane stores meanwhile breaks the unique index; the group is then stored again, and
finds it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from harken_server.database.statistics import Statistics
from harken_server.responses.response import NewResponse, StoreOutcome
from harken_server.responses.store.batch import PROMISE_COLUMNS, Codec, ResponseBatch, Rows
from harken_server.responses.store.counted import COUNT_TABLES, CountTable


def _same_id(value: UUID) -> UUID:
    return value


def _same_time(value: datetime) -> datetime:
    return value


CODEC = Codec(id=_same_id, time=_same_time)

_RESERVE = "UPDATE feed SET position = position + $1 WHERE lane = $2 RETURNING position"
_STORED = """
SELECT r.survey_number, r.id, r.number, r.version, r.state, r.sequence, r.digest, r.touchpoint,
  r.channel, r.updated_at, r.day, r.standing, r.dimensions, r.answers, r.position
FROM unnest($1::int[], $2::uuid[]) AS wanted(survey_number, id)
JOIN response r ON r.survey_number = wanted.survey_number AND r.id = wanted.id
ORDER BY r.number FOR UPDATE OF r
"""
_CLAIMED = """
SELECT i.id, i.workspace_id, i.response_id
FROM unnest($1::uuid[], $2::uuid[]) AS wanted(id, workspace_id)
JOIN invitation i ON i.id = wanted.id AND i.workspace_id = wanted.workspace_id
ORDER BY i.id FOR UPDATE OF i
"""
_CLAIM = """
UPDATE invitation SET response_id = claimed.response_id
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[])
  AS claimed(invitation_id, workspace_id, response_id)
WHERE invitation.id = claimed.invitation_id AND invitation.workspace_id = claimed.workspace_id
"""
_CHANGE_RESPONSE = """
UPDATE response SET version = $1, position = $2, state = $3, sequence = $4, digest = $5,
  touchpoint = $6, channel = $7, locale = $8, respondent = $9, invitation_id = $10, context = $11,
  proof = $12, origin_proof = $13, claimed = $14, started_at = COALESCE($15, started_at),
  updated_at = $16, resume_digest = COALESCE(resume_digest, $17),
  dimensions = $18, answers = $19, has_text = $20, quotas = $21, history = $22
WHERE number = $23
"""


def _add_counts(table: CountTable) -> str:
    arrays = ", ".join(f"${place}::{kind}[]" for place, (_, kind) in enumerate(table.columns, 1))
    return (
        f"INSERT INTO {table.name} ({', '.join(table.names)}) SELECT * FROM unnest({arrays})"  # noqa: S608  # ours
        f" ON CONFLICT {table.clash('postgres')}"
    )


_ADD_COUNTS = {table: _add_counts(table) for table in COUNT_TABLES}
_ADD_PROMISES = f"""
INSERT INTO outbox ({", ".join(PROMISE_COLUMNS)})
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[],
  $6::timestamptz[], $7::int[])
ON CONFLICT DO NOTHING
"""  # noqa: S608  # only our own column lists
_RESPONSE_COLUMNS = (
    "number", "id", "survey_number", "version", "position", "state", "sequence",
    "digest", "touchpoint", "channel", "locale", "respondent", "invitation_id", "context",
    "proof", "origin_proof", "claimed",
    "started_at", "submitted_at", "answered_at", "updated_at", "day", "is_sample",
    "resume_digest", "standing", "flags", "dimensions", "answers", "has_text", "quotas",
    "history", "probability", "block",
)  # fmt: skip
_ID = _RESPONSE_COLUMNS.index("id")


async def store_responses(
    connection: Any, lane: int, news: Sequence[NewResponse], statistics: Statistics
) -> list[StoreOutcome]:
    """Store a batch in the transaction that was begun, and end it; outcomes in the batch's order.

    Raises whatever the driver raises; the caller rolls back or drops the connection.
    """
    rows, outcomes, statements = await _store(connection, lane, news)
    if rows is None:
        await connection.execute("ROLLBACK")  # gives the positions back
    else:
        await connection.execute("COMMIT")
        statistics.commits += 1
        statistics.stored += len(rows.responses) + len(rows.changes)
    statistics.statements += statements + 2
    return outcomes


async def _store(
    connection: Any, lane: int, news: Sequence[NewResponse]
) -> tuple[Rows | None, list[StoreOutcome], int]:
    batch = ResponseBatch(news, CODEC)
    position: int = await connection.fetchval(_RESERVE, len(news), lane) - len(news)
    stored = await connection.fetch(_STORED, *_columns(batch.keys, 2))
    statements = 2
    claimed: list[Any] = []
    if batch.invitations:
        claimed = await connection.fetch(_CLAIMED, *_columns(batch.invitations, 2))
        statements += 1
    batch.decide(position, stored, claimed)
    rows, outcomes = batch.build(lane)
    if rows is not None:
        statements += await _write(connection, rows)
    return rows, outcomes, statements


async def _write(connection: Any, rows: Rows) -> int:
    statements = 0
    if rows.claims:
        await connection.execute(_CLAIM, *_columns(rows.claims, 3))
        statements += 1
    for change in rows.changes:
        await connection.execute(_CHANGE_RESPONSE, *change)
        statements += 1
    if rows.responses:
        # Two groups that store the same new ids in different orders would block each other.
        rows.responses.sort(key=_id_of)
        # COPY rather than arrays: the driver looks at each element of an array several times.
        await connection.copy_records_to_table(
            "response", columns=_RESPONSE_COLUMNS, records=rows.responses
        )
        statements += 1
    for table, counted in rows.counts.items():
        if counted:
            columns = _columns(counted, len(table.columns))
            await connection.execute(_ADD_COUNTS[table], *columns)
            statements += 1
    if rows.promises:
        await connection.execute(_ADD_PROMISES, *_columns(rows.promises, len(PROMISE_COLUMNS)))
        statements += 1
    return statements


def _id_of(row: tuple[Any, ...]) -> int:
    return row[_ID].int


def _columns(rows: Sequence[Sequence[Any]], width: int) -> list[Any]:
    """Rows turned into one array a column."""
    return list(zip(*rows, strict=True)) if rows else [[]] * width
