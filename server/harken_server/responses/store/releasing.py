"""Put waiting answers together into blocks: alike in all that can be asked for, in no order."""

from __future__ import annotations

from datetime import UTC, datetime
from random import SystemRandom
from typing import Any
from uuid import UUID

from harken_server.database.database import Database, Row, Transaction
from harken_server.database.values import to_uuid
from harken_server.responses.blocks import LONGEST_WAIT_DAYS, Block, Waiting, gather
from harken_server.responses.codes import COMPLETE, COUNTED, STANDING_CODES, WAITING
from harken_server.responses.store.counted import Counts
from harken_server.responses.store.row import (
    counted_values,
    decode_answers,
    encode_answers,
    encode_members,
    members_of,
)
from harken_server.responses.store.selection import OF_SURVEY
from harken_server.surveys.published import SurveyRecord

# The feed comes first, then the responses, then their counts, as in the writer.
_RESERVE = "UPDATE feed SET position = position + $1 WHERE lane = $2 RETURNING position"
_HOLD_FEED = "UPDATE feed SET position = position WHERE lane = $1"
_COUNT = f"SELECT count(*) FROM response WHERE {OF_SURVEY} AND {WAITING} AND {COMPLETE}"  # noqa: S608  # ours
_GROUPS = f"""
SELECT DISTINCT touchpoint, channel, version, dimensions
FROM response WHERE {OF_SURVEY} AND {WAITING} AND {COMPLETE}
"""  # noqa: S608  # our own words
_HELD = f"""
SELECT number, version, touchpoint, channel, locale, day, proof, origin_proof, dimensions, answers
FROM response WHERE {OF_SURVEY} AND {WAITING} AND {COMPLETE} AND block = 0
ORDER BY number {{lock}}
"""  # noqa: S608  # our own words
_OF_BLOCK = f"""
SELECT number, version, touchpoint, channel, day, dimensions, answers
FROM response WHERE survey_number = $1 AND block = $2 AND {COUNTED} AND number <> $3
ORDER BY number
"""  # noqa: S608  # our own words
_WITHDRAW = f"UPDATE response SET block = -1, {WAITING}, position = $2 WHERE number = $1"  # noqa: S608  # ours
_SURVEYS = f"""
SELECT s.workspace_id, s.id FROM survey s WHERE EXISTS (
  SELECT 1 FROM response r WHERE r.survey_number = s.number AND r.block = 0 AND r.{WAITING}
)
"""  # noqa: S608  # our own words
_RELEASE = """
UPDATE response SET number = $1, position = $1, standing = $2, block = $3, touchpoint = $4,
  channel = $5, locale = $6, day = $7, submitted_at = $8, updated_at = $8, answered_at = NULL,
  started_at = NULL, dimensions = $9, answers = $10, context = '{}', claimed = '', flags = '',
  resume_digest = NULL, proof = $11, origin_proof = $12, probability = NULL, history = ''
WHERE number = $13
"""


async def count_waiting(db: Database, survey: SurveyRecord) -> int:
    """How many complete answers of a survey are not shown yet."""
    return (await db.fetch(_COUNT, survey.workspace_id, survey.id))[0][0]


async def list_waiting_groups(db: Database, survey: SurveyRecord, by: str) -> list[str]:
    """The touchpoints, channels, versions or members of a dimension of which answers wait."""
    rows = await db.fetch(_GROUPS, survey.workspace_id, survey.id)
    found: set[str] = set()
    for touchpoint, channel, version, dimensions in rows:
        columns = {"touchpoint": touchpoint, "channel": channel, "version": str(version)}
        members = dict(members_of(dimensions)) if dimensions else {}
        found.add(columns.get(by) or members.get(by, ""))
    return sorted(found - {""})


async def list_waiting(db: Database) -> list[tuple[UUID, UUID]]:
    """Workspace and id of the surveys with answers that are not shown yet."""
    rows = await db.fetch(_SURVEYS)
    return [(to_uuid(workspace_id), to_uuid(survey_id)) for workspace_id, survey_id in rows]


async def release_blocks(
    db: Database, survey: SurveyRecord, minimum: int, *, by: str, now: datetime, is_due: bool
) -> int:
    """Make the blocks that can be made of what waits, and count them; how many answers are in them.

    Safe to repeat, and for two at once: each answer is in one block at most.
    """
    if await count_waiting(db, survey) < minimum:
        return 0
    async with db.transaction() as tx:
        lane = db.lane
        await tx.execute(_HOLD_FEED, lane)
        waiting = await _hold(tx, survey)
        oldest = min((each.day for each in waiting), default=now.toordinal())
        is_due = is_due or now.toordinal() - oldest >= LONGEST_WAIT_DAYS
        blocks = gather(waiting, minimum, by=by, is_due=is_due)
        counts = Counts()
        for block in blocks:
            await _store(tx, lane, survey, block, counts)
        await counts.store(tx, lane)
    return sum(len(block.answers) for block in blocks)


async def withdraw(  # noqa: PLR0917  # which block, and what of it stays
    tx: Transaction, lane: int, survey_number: int, block: int, but: int, counts: Counts
) -> None:
    """Show the others of a block no more, without the response `but`; `counts` takes them out.

    They never come back: with others, a few of which go in turn, they would tell those apart.
    """
    rows = await tx.fetch(_OF_BLOCK, survey_number, block, but)
    for number, version, touchpoint, channel, day, dimensions, answers in rows:
        group = survey_number, version, touchpoint, channel, day
        counts.add(group, dimensions, decode_answers(answers), -1)
        position = (await tx.execute(_RESERVE, 1, lane))[0][0]
        await tx.execute(_WITHDRAW, number, position)


async def _hold(tx: Transaction, survey: SurveyRecord) -> list[Waiting]:
    lock = "" if tx.dialect == "sqlite" else "FOR UPDATE"  # nobody else writes to SQLite meanwhile
    rows = await tx.fetch(_HELD.format(lock=lock), survey.workspace_id, survey.id)
    return [_waiting(row) for row in rows]


def _waiting(row: Row) -> Waiting:
    number, version, touchpoint, channel, locale, day, proof, origin, dimensions, document = row
    return Waiting(
        number,
        version,
        touchpoint,
        channel,
        locale,
        day,
        str(proof),
        str(origin),
        members=dict(members_of(dimensions)) if dimensions else {},
        counted=frozenset(each[0] for each in counted_values(decode_answers(document))),
        document=document,
    )


async def _store(
    tx: Transaction, lane: int, survey: SurveyRecord, block: Block, counts: Counts
) -> None:
    """Give all the same, in an order that says nothing of when they came."""
    n = len(block.answers)
    first = (await tx.execute(_RESERVE, n, lane))[0][0] - n + 1
    touchpoint, channel = block.common("touchpoint"), block.common("channel")
    dimensions = encode_members(block.members)
    moment = datetime.fromordinal(block.day).replace(tzinfo=UTC)
    proofs = [int(block.common(name) or 0) for name in ("proof", "origin")]
    shuffled = SystemRandom().sample(block.answers, n)
    for number, answer in enumerate(shuffled, first):
        rows = [
            row._replace(is_hidden=row.is_hidden or row.question in block.rare)
            for row in decode_answers(answer.document)
        ]
        group = survey.number, answer.version, touchpoint, channel, block.day
        counts.add(group, dimensions, rows, 1)
        same: tuple[Any, ...] = (
            first, touchpoint, channel, block.common("locale"), block.day, moment, dimensions,
        )  # fmt: skip
        standing = STANDING_CODES["counted"]
        document = encode_answers(rows)
        await tx.execute(_RELEASE, number, standing, *same, document, *proofs, answer.number)
