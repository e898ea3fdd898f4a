"""What a decision reads of how a touchpoint asks."""

from __future__ import annotations

from typing import Any, TypeAlias
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Executor
from harken_server.database.values import StoredId, to_uuid
from harken_server.surveys.asking import Rule, SurveyAsking, TouchpointAsking, WorkspaceAsking
from harken_server.surveys.conditions import Condition, rules_of
from harken_server.surveys.published import SurveyStatus

_Row: TypeAlias = tuple[
    str | None, str | None, float, int, int, str | None, StoredId | None, SurveyStatus | None,
    str | None, str | None, str | None,
]  # fmt: skip

_DEFINITION = {
    "sqlite": "json_extract(v.definition, '$.asking')",
    "postgres": "(CAST(v.definition AS json) ->> 'asking')",
}
_SEGMENT = {
    "sqlite": "json_extract(t.asking, '$.segment')",
    "postgres": "(CAST(t.asking AS json) ->> 'segment')",
}
_SETTINGS = """
SELECT t.key, coalesce(t.survey, s.key), t.sample_rate, t.cooldown_days, t.link_ttl_days, t.asking,
  s.id, s.status, {asking}, w.asking, g.conditions
FROM {start}
LEFT JOIN segment g ON g.workspace_id = $1 AND g.key = {segment}
LEFT JOIN survey_version v ON v.workspace_id = $1 AND v.survey_id = s.id AND v.number = s.version
"""
_ONE = """(SELECT 1 AS one) AS always LEFT JOIN workspace w ON w.id = $1
LEFT JOIN touchpoint t ON t.workspace_id = $1 AND t.key = $2
LEFT JOIN survey s ON s.workspace_id = $1 AND s.key = t.survey"""
_EVERY = """survey s LEFT JOIN workspace w ON w.id = $1
LEFT JOIN touchpoint t ON t.workspace_id = $1 AND t.survey = s.key"""


class Settings(msgspec.Struct, kw_only=True, frozen=True):
    """How a touchpoint asks its survey, and what holds for both."""

    touchpoint: str | None
    """None when no touchpoint of this name is known, or none asks the survey."""
    survey: str | None
    """The survey's key, also of one that does not exist."""
    sample_rate: float = 1.0
    cooldown_days: int = 30
    link_ttl_days: int = 30
    at_touchpoint: TouchpointAsking = TouchpointAsking()
    survey_id: UUID | None = None
    survey_status: SurveyStatus | None = None
    of_survey: SurveyAsking = SurveyAsking()
    of_workspace: WorkspaceAsking = WorkspaceAsking()


async def read_settings(db: Executor, workspace_id: UUID, touchpoint: str) -> Settings:
    """How this touchpoint asks; one that is not known has no survey."""
    sql = _sql(db, _ONE)
    rows = await db.fetch(sql, workspace_id, touchpoint)
    return _settings(rows[0])


async def list_settings(db: Database, workspace_id: UUID) -> list[Settings]:
    """Every survey with each touchpoint that asks it, or once without; by key."""
    sql = _sql(db, _EVERY)
    rows = await db.fetch(sql + " WHERE s.workspace_id = $1 ORDER BY s.key, t.key", workspace_id)
    return [_settings(row) for row in rows]


def _sql(db: Executor, start: str) -> str:
    dialect = db.dialect
    return _SETTINGS.format(asking=_DEFINITION[dialect], segment=_SEGMENT[dialect], start=start)


def _settings(row: _Row) -> Settings:
    at_touchpoint, defaults = row[0] is not None, Settings(touchpoint=None, survey=None)
    return Settings(
        touchpoint=row[0],
        survey=row[1],
        sample_rate=row[2] if at_touchpoint else defaults.sample_rate,
        cooldown_days=row[3] if at_touchpoint else defaults.cooldown_days,
        link_ttl_days=row[4] if at_touchpoint else defaults.link_ttl_days,
        survey_id=to_uuid(row[6]),
        survey_status=row[7],
        at_touchpoint=_with_segment(_decoded(row[5], TouchpointAsking), row[10]),
        of_survey=_decoded(row[8], SurveyAsking),
        of_workspace=_decoded(row[9], WorkspaceAsking),
    )


def _with_segment(asking: TouchpointAsking, conditions: str | None) -> TouchpointAsking:
    """With what its segment asks for among the rules; one that is gone takes in nobody."""
    if not asking.segment:
        return asking
    if conditions is None:
        rules = (Rule(name=f"of segment {asking.segment}, which is gone,", op="one_of", value=()),)
    else:
        rules = rules_of(msgspec.json.decode(conditions, type=tuple[Condition, ...]))
    return msgspec.structs.replace(asking, only_when=(*asking.only_when, *rules))


def _decoded(text: str | None, kind: Any) -> Any:
    """A struct from its column; a missing or empty one has its defaults."""
    return kind() if text is None or text == "{}" else msgspec.json.decode(text, type=kind)
