"""Store a batch of responses on PostgreSQL: one transaction, its rows copied in.

The first statement locks the feed row until the commit. That orders all commits of responses, of
every process, so a reader of the feed never sees a later position before an earlier one, and what
the second statement reads cannot change any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from harken_server.database.statistics import Statistics
from harken_server.responses.response import NewResponse, StoreOutcome
from harken_server.responses.store.batch import Codec, ResponseBatch, Rows


def _same_id(value: UUID) -> UUID:
    return value


def _same_time(value: datetime) -> datetime:
    return value


CODEC = Codec(id=_same_id, time=_same_time)

_RESERVE = "UPDATE feed SET position = position + $1 WHERE id = 1 RETURNING position"
_STORED = """
SELECT r.survey_id, r.id, r.number, r.version, r.state, r.sequence, r.digest, r.touchpoint,
  r.channel, r.updated_at, r.day, r.standing
FROM unnest($1::uuid[], $2::uuid[]) AS wanted(survey_id, id)
JOIN response r ON r.survey_id = wanted.survey_id AND r.id = wanted.id
"""
_CLAIMED = """
SELECT i.id, i.workspace_id, i.response_id
FROM unnest($1::uuid[], $2::uuid[]) AS wanted(id, workspace_id)
JOIN invitation i ON i.id = wanted.id AND i.workspace_id = wanted.workspace_id
"""
_ANSWERS = """
SELECT response_number, question, part, rating, number, choice, text, is_hidden
FROM answer WHERE response_number = ANY($1::bigint[])
"""
_EMPTY = "DELETE FROM answer WHERE response_number = ANY($1::bigint[])"
_CLAIM = """
UPDATE invitation SET response_id = claimed.response_id
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[])
  AS claimed(invitation_id, workspace_id, response_id)
WHERE invitation.id = claimed.invitation_id AND invitation.workspace_id = claimed.workspace_id
"""
_CHANGE_RESPONSE = """
UPDATE response SET version = $1, position = $2, state = $3, sequence = $4, digest = $5,
  touchpoint = $6, channel = $7, locale = $8, respondent = $9, invitation_id = $10, context = $11,
  started_at = COALESCE($12, started_at), updated_at = $13, completed_at = $14, is_verified = $15
WHERE number = $16
"""
_ADD_COUNTS = """
INSERT INTO answer_count (workspace_id, survey_id, version, touchpoint, channel, day, question,
  part, value, n)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::text[], $6::int[],
  $7::text[], $8::text[], $9::text[], $10::bigint[])
ON CONFLICT (survey_id, question, part, value, version, touchpoint, channel, day)
DO UPDATE SET n = answer_count.n + excluded.n
"""
_COUNT_COLUMNS = 10
_RESPONSE_COLUMNS = (
    "number", "id", "workspace_id", "survey_id", "version", "position", "state", "sequence",
    "digest", "touchpoint", "channel", "locale", "respondent", "invitation_id", "context",
    "started_at", "submitted_at", "updated_at", "completed_at", "day", "is_sample",
    "is_verified", "standing", "flags",
)  # fmt: skip
_ANSWER_COLUMNS = (
    "response_number", "question", "part", "rating", "number", "choice", "text", "is_hidden",
)  # fmt: skip


async def store_responses(
    connection: Any, news: Sequence[NewResponse], statistics: Statistics
) -> list[StoreOutcome]:
    """Store a batch in the transaction that was begun, and end it; outcomes in the batch's order.

    Raises whatever the driver raises; the caller rolls back or drops the connection.
    """
    rows, outcomes, statements = await _store(connection, news)
    if rows is None:
        await connection.execute("ROLLBACK")  # gives the positions back
    else:
        await connection.execute("COMMIT")
        statistics.commits += 1
        statistics.stored += len(rows.responses) + len(rows.changes)
    statistics.statements += statements + 2
    return outcomes


async def _store(
    connection: Any, news: Sequence[NewResponse]
) -> tuple[Rows | None, list[StoreOutcome], int]:
    batch = ResponseBatch(news, CODEC)
    position: int = await connection.fetchval(_RESERVE, len(news)) - len(news)
    stored = await connection.fetch(_STORED, *_columns(batch.keys, 2))
    statements = 2
    claimed: list[Any] = []
    if batch.invitations:
        claimed = await connection.fetch(_CLAIMED, *_columns(batch.invitations, 2))
        statements += 1
    numbers = batch.decide(position, stored, claimed)
    answers: list[Any] = []
    if numbers:
        answers = await connection.fetch(_ANSWERS, numbers)
        statements += 1
    rows, outcomes = batch.build(answers)
    if rows is not None:
        statements += await _write(connection, rows)
    return rows, outcomes, statements


async def _write(connection: Any, rows: Rows) -> int:
    statements = 0
    if rows.claims:
        await connection.execute(_CLAIM, *_columns(rows.claims, 3))
        statements += 1
    if rows.emptied:
        await connection.execute(_EMPTY, rows.emptied)
        statements += 1
    for change in rows.changes:
        await connection.execute(_CHANGE_RESPONSE, *change)
        statements += 1
    # COPY rather than arrays: the driver looks at each element of an array several times.
    for table, columns, records in (
        ("response", _RESPONSE_COLUMNS, rows.responses),
        ("answer", _ANSWER_COLUMNS, rows.answers),
    ):
        if records:
            await connection.copy_records_to_table(table, columns=columns, records=records)
            statements += 1
    if rows.counts:
        await connection.execute(_ADD_COUNTS, *_columns(rows.counts, _COUNT_COLUMNS))
        statements += 1
    return statements


def _columns(rows: Sequence[Sequence[Any]], width: int) -> list[Any]:
    """Rows turned into one array a column."""
    return list(zip(*rows, strict=True)) if rows else [[]] * width
