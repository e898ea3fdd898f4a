"""Surveys and their published versions; publishing is atomic and optimistic."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from harken_server.database.database import Database, Executor, Transaction, join_transaction
from harken_server.database.locks import named_lock
from harken_server.database.records import Records
from harken_server.kernel.errors import ConflictError
from harken_server.surveys.published import (
    Change,
    SurveyRecord,
    SurveySource,
    SurveyStatus,
    VersionRecord,
)
from harken_server.surveys.tables import Survey as T
from harken_server.surveys.tables import SurveyVersion as V

_SURVEYS = Records(T, SurveyRecord)
_SOURCES = Records(V, SurveySource)
VERSIONS = Records(V, VersionRecord)
_EVERY_WORKSPACE = UUID(int=0)

_LIVE = f"""
SELECT {VERSIONS.names("v")} FROM survey s JOIN survey_version v
  ON v.survey_id = s.id AND v.workspace_id = s.workspace_id AND v.number = s.version
WHERE s.status = 'live'
"""  # noqa: S608  # our own columns


async def publish_version(
    db: Executor,
    workspace_id: UUID,
    *,
    key: str,
    definition: bytes,
    digest: str,
    change: Change,
    expected: int,
    now: datetime,
    survey_id: UUID,
    version_id: UUID,
    status: SurveyStatus,
    source: SurveySource | None = None,
) -> tuple[SurveyRecord, VersionRecord]:
    """Add version `expected + 1` and make it the current one, both or neither.

    `expected` is the number the caller saw, 0 for a new survey; `survey_id` is used only then.
    ConflictError, with nothing changed, when the current number is another one by now. Inside a
    caller's transaction it is a part of that.
    """
    async with join_transaction(db) as tx:
        if expected == 0:
            survey = await _start_survey(tx, workspace_id, key, status, survey_id, now)
        else:
            survey = await _advance_survey(tx, workspace_id, key, status, expected, now)
        version = VersionRecord(
            survey_id=survey.id,
            number=survey.version,
            definition=definition,
            digest=digest,
            change=change,
            published_at=now,
        )
        values = {**VERSIONS.values_of(version), V.id: version_id}
        values |= {} if source is None else _SOURCES.values_of(source)
        if not await VERSIONS.of(workspace_id).add(tx, values):
            raise _conflict(f"version {survey.version} of survey {key!r} is there already")
    return survey, version


async def get_survey(db: Database, workspace_id: UUID, key: str) -> SurveyRecord | None:
    """The survey with this key."""
    return await _SURVEYS.of(workspace_id).first(db, T.key == key)


async def get_survey_by_id(
    db: Database, workspace_id: UUID, survey_id: UUID
) -> SurveyRecord | None:
    """The survey with this id."""
    return await _SURVEYS.of(workspace_id).first(db, T.id == survey_id)


async def list_surveys(db: Executor, workspace_id: UUID) -> list[SurveyRecord]:
    """All surveys, by key."""
    return await _SURVEYS.of(workspace_id).all(db, order_by=(T.key,))


async def get_version(
    db: Executor, workspace_id: UUID, survey_id: UUID, number: int
) -> VersionRecord | None:
    """One published version, which never changes: safe to cache for ever."""
    return await VERSIONS.of(workspace_id).first(db, V.survey_id == survey_id, V.number == number)


async def get_source(
    db: Database, workspace_id: UUID, survey_id: UUID, number: int
) -> SurveySource | None:
    """The text that a version was pushed as; None when it came without one."""
    is_it = (V.survey_id == survey_id, V.number == number, V.source.is_not_null())
    return await _SOURCES.of(workspace_id).first(db, *is_it)


async def list_versions(db: Database, workspace_id: UUID, survey_id: UUID) -> list[VersionRecord]:
    """All versions with their definitions, oldest first."""
    versions = VERSIONS.of(workspace_id)
    return await versions.all(db, V.survey_id == survey_id, order_by=(V.number,))


async def set_status(
    db: Database, workspace_id: UUID, key: str, status: SurveyStatus, now: datetime
) -> SurveyRecord | None:
    """Open or close a survey; None when there is no such survey."""
    values = {T.status: status, T.updated_at: now}
    return next(iter(await _SURVEYS.of(workspace_id).change(db, values, T.key == key)), None)


async def list_live_versions(db: Database, workspace_id: UUID) -> list[VersionRecord]:
    """Those of a workspace, by the survey's key."""
    rows = await db.fetch(_LIVE + " AND s.workspace_id = $1 ORDER BY s.key", workspace_id)
    return [VERSIONS.read(row) for row in rows]


async def list_live_with_logo(db: Database) -> list[VersionRecord]:
    """Those of all workspaces that have a logo: it is public, and its name is its digest."""
    rows = await db.fetch(_LIVE + ' AND v.definition LIKE \'%"logo":"data:%\'')
    return [VERSIONS.read(row) for row in rows]


async def _start_survey(  # noqa: PLR0917  # In the order of publish_version.
    tx: Transaction,
    workspace_id: UUID,
    key: str,
    status: SurveyStatus,
    survey_id: UUID,
    now: datetime,
) -> SurveyRecord:
    """Nothing is stored when the key is taken: PostgreSQL waits for a rival's commit first."""
    survey = SurveyRecord(
        id=survey_id,
        number=await _next_number(tx),
        workspace_id=workspace_id,
        key=key,
        status=status,
        version=1,
        created_at=now,
        updated_at=now,
    )
    if not await _SURVEYS.of(workspace_id).add(tx, _SURVEYS.values_of(survey)):
        raise _conflict(f"survey {key!r} exists already: it is not new any more")
    return survey


async def _next_number(tx: Transaction) -> int:
    await named_lock(tx, _EVERY_WORKSPACE, "survey numbers")
    latest = await _SURVEYS.anywhere().all(tx, order_by=(T.number,), is_descending=True, limit=1)
    return latest[0].number + 1 if latest else 1


async def _advance_survey(  # noqa: PLR0917  # In the order of publish_version.
    tx: Transaction,
    workspace_id: UUID,
    key: str,
    status: SurveyStatus,
    expected: int,
    now: datetime,
) -> SurveyRecord:
    """Nothing is stored when the number moved: PostgreSQL looks again after waiting for a rival."""
    values = {T.version: T.version + 1, T.status: status, T.updated_at: now}
    is_it = (T.key == key, T.version == expected)
    advanced = await _SURVEYS.of(workspace_id).change(tx, values, *is_it)
    if not advanced:
        raise _conflict(f"survey {key!r} is not at version {expected} any more")
    return advanced[0]


def _conflict(message: str) -> ConflictError:
    return ConflictError(message + "; read it and publish again", code="version_conflict")
