"""Surveys and their published versions; publishing is atomic and optimistic."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from harken_server.database.database import Database, Transaction
from harken_server.database.rows import StoredId, StoredTime
from harken_server.database.shared_transaction import join_transaction
from harken_server.database.values import to_time, to_uuid
from harken_server.kernel.errors import ConflictError
from harken_server.surveys.published import Change, SurveyRecord, SurveyStatus, VersionRecord

_SurveyRow: TypeAlias = tuple[StoredId, StoredId, str, SurveyStatus, int, StoredTime, StoredTime]
_VersionRow: TypeAlias = tuple[StoredId, int, str, str, Change, StoredTime]

_SELECT_SURVEY = (
    "SELECT id, workspace_id, key, status, version, created_at, updated_at FROM survey"
    " WHERE workspace_id = $1"
)
_SELECT_VERSION = (
    "SELECT survey_id, number, definition, digest, change, published_at FROM survey_version"
    " WHERE workspace_id = $1 AND survey_id = $2"
)


async def publish_version(
    db: Database | Transaction,
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
) -> tuple[SurveyRecord, VersionRecord]:
    """Add version `expected + 1` and make it the current one, both or neither.

    `expected` is the number the caller saw, 0 for a new survey; `survey_id` is used only then.
    ConflictError, with nothing changed, when the current number is another one by now. Inside a
    caller's transaction it is a part of that.
    """
    async with join_transaction(db) as tx:
        if expected == 0:
            await _start_survey(tx, workspace_id, key, status, survey_id=survey_id, now=now)
        else:
            await _advance_survey(tx, workspace_id, key, status, expected=expected, now=now)
        rows = await tx.fetch(_SELECT_SURVEY + " AND key = $2", workspace_id, key)
        survey = _survey(rows[0])
        version = VersionRecord(
            survey_id=survey.id,
            number=survey.version,
            definition=definition,
            digest=digest,
            change=change,
            published_at=now,
        )
        await _add_version(tx, workspace_id, version_id, version)
    return survey, version


async def get_survey(db: Database, workspace_id: UUID, key: str) -> SurveyRecord | None:
    """The survey with this key."""
    rows = await db.fetch(_SELECT_SURVEY + " AND key = $2", workspace_id, key)
    return _survey(rows[0]) if rows else None


async def get_survey_by_id(
    db: Database, workspace_id: UUID, survey_id: UUID
) -> SurveyRecord | None:
    """The survey with this id."""
    rows = await db.fetch(_SELECT_SURVEY + " AND id = $2", workspace_id, survey_id)
    return _survey(rows[0]) if rows else None


async def list_surveys(db: Database | Transaction, workspace_id: UUID) -> list[SurveyRecord]:
    """All surveys, by key."""
    rows = await db.fetch(_SELECT_SURVEY + " ORDER BY key", workspace_id)
    return [_survey(row) for row in rows]


async def get_version(
    db: Database | Transaction, workspace_id: UUID, survey_id: UUID, number: int
) -> VersionRecord | None:
    """One published version, which never changes: safe to cache for ever."""
    rows = await db.fetch(_SELECT_VERSION + " AND number = $3", workspace_id, survey_id, number)
    return _version(rows[0]) if rows else None


async def list_versions(db: Database, workspace_id: UUID, survey_id: UUID) -> list[VersionRecord]:
    """All versions with their definitions, oldest first."""
    rows = await db.fetch(_SELECT_VERSION + " ORDER BY number", workspace_id, survey_id)
    return [_version(row) for row in rows]


async def set_status(
    db: Database, workspace_id: UUID, key: str, status: SurveyStatus, now: datetime
) -> SurveyRecord | None:
    """Open or close a survey; None when there is no such survey."""
    rows = await db.execute(
        "UPDATE survey SET status = $3, updated_at = $4 WHERE workspace_id = $1 AND key = $2"
        " RETURNING id, workspace_id, key, status, version, created_at, updated_at",
        workspace_id,
        key,
        status,
        now,
    )
    return _survey(rows[0]) if rows else None


async def _start_survey(
    tx: Transaction,
    workspace_id: UUID,
    key: str,
    status: SurveyStatus,
    *,
    survey_id: UUID,
    now: datetime,
) -> None:
    """Nothing is stored when the key is taken: PostgreSQL waits for a rival's commit first."""
    started = await tx.execute(
        "INSERT INTO survey (id, workspace_id, key, status, version, created_at, updated_at)"
        " VALUES ($1, $2, $3, $4, 1, $5, $5) ON CONFLICT (workspace_id, key) DO NOTHING"
        " RETURNING id",
        survey_id,
        workspace_id,
        key,
        status,
        now,
    )
    if not started:
        raise _conflict(f"survey {key!r} exists already: it is not new any more")


async def _advance_survey(
    tx: Transaction,
    workspace_id: UUID,
    key: str,
    status: SurveyStatus,
    *,
    expected: int,
    now: datetime,
) -> None:
    """Nothing is stored when the number moved: PostgreSQL looks again after waiting for a rival."""
    advanced = await tx.execute(
        "UPDATE survey SET version = version + 1, status = $3, updated_at = $4"
        " WHERE workspace_id = $1 AND key = $2 AND version = $5 RETURNING id",
        workspace_id,
        key,
        status,
        now,
        expected,
    )
    if not advanced:
        raise _conflict(f"survey {key!r} is not at version {expected} any more")


def _conflict(message: str) -> ConflictError:
    return ConflictError(message + "; read it and publish again", code="version_conflict")


async def _add_version(
    tx: Transaction, workspace_id: UUID, version_id: UUID, version: VersionRecord
) -> None:
    await tx.execute(
        "INSERT INTO survey_version"
        " (id, workspace_id, survey_id, number, definition, digest, change, published_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        version_id,
        workspace_id,
        version.survey_id,
        version.number,
        version.definition.decode(),
        version.digest,
        version.change,
        version.published_at,
    )


def _survey(row: _SurveyRow) -> SurveyRecord:
    return SurveyRecord(
        id=to_uuid(row[0]),
        workspace_id=to_uuid(row[1]),
        key=row[2],
        status=row[3],
        version=row[4],
        created_at=to_time(row[5]),
        updated_at=to_time(row[6]),
    )


def _version(row: _VersionRow) -> VersionRecord:
    return VersionRecord(
        survey_id=to_uuid(row[0]),
        number=row[1],
        definition=row[2].encode(),
        digest=row[3],
        change=row[4],
        published_at=to_time(row[5]),
    )
