"""What a survey's answers can be filtered by, and whether sample responses are among them."""

from __future__ import annotations

from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.responses.codes import NOT_ERASED
from harken_server.responses.store.row import COUNT_SUM, EACH_COUNT
from harken_server.responses.store.selection import OF_SURVEY


class FilterValues(msgspec.Struct, frozen=True):
    """Values that occur among the survey's counted answers, each sorted."""

    touchpoints: tuple[str, ...]
    channels: tuple[str, ...]
    versions: tuple[int, ...]
    """Newest first."""


async def read_filter_values(db: Database, workspace_id: UUID, survey_id: UUID) -> FilterValues:
    """Read from the counts; empty names are left out."""
    rows = await db.fetch(
        f"SELECT touchpoint, channel, version FROM answer_count, {EACH_COUNT[db.dialect]}"  # noqa: S608  # our own words
        f" WHERE {OF_SURVEY} AND dimension = ''"
        f" GROUP BY touchpoint, channel, version HAVING {COUNT_SUM} > 0",
        workspace_id,
        survey_id,
    )
    return FilterValues(
        tuple(sorted({str(row[0]) for row in rows if row[0]})),
        tuple(sorted({str(row[1]) for row in rows if row[1]})),
        tuple(sorted({int(row[2]) for row in rows}, reverse=True)),
    )


async def has_sample_responses(db: Database, workspace_id: UUID, survey_id: UUID) -> bool:
    """Whether a sample is among the responses of the survey."""
    rows = await db.fetch(
        f"SELECT 1 FROM response WHERE {OF_SURVEY} AND is_sample"  # noqa: S608  # ours
        f" AND {NOT_ERASED} LIMIT 1",
        workspace_id,
        survey_id,
    )
    return bool(rows)
