"""Decisions: the memory behind cooldowns and repeated triggers."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from harken_server.core.errors import ConflictError
from harken_server.core.records import Decision
from harken_server.storage.database import Database, Transaction
from harken_server.storage.grouped import GroupedTransaction
from harken_server.storage.rows import StoredBool, StoredId, StoredTime
from harken_server.storage.sqlite_backend import SqliteTransaction
from harken_server.storage.values import to_bool, to_time, to_uuid

_Row: TypeAlias = tuple[
    StoredId,
    StoredId,
    str,
    str,
    StoredBool,
    str,
    StoredTime,
    str | None,
    StoredId | None,
    StoredId | None,
    str | None,
    str,
    str,
]

_COLUMNS = (
    "id", "workspace_id", "touchpoint", "channel", "is_asked", "reason", "created_at",
    "respondent", "survey_id", "invitation_id", "idempotency_key", "request_digest", "facts",
)  # fmt: skip
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM decision WHERE workspace_id = $1"  # noqa: S608
_INSERT = (
    f"INSERT INTO decision ({', '.join(_COLUMNS)})"  # noqa: S608  # only our own column list
    f" VALUES ({', '.join(f'${place}' for place in range(1, len(_COLUMNS) + 1))})"
    " ON CONFLICT DO NOTHING RETURNING id"
)


async def find_decision_by_key(
    db: Database | Transaction, workspace_id: UUID, idempotency_key: str
) -> Decision | None:
    """The decision once made for this idempotency key; kept for ever."""
    rows = await db.fetch(_SELECT + " AND idempotency_key = $2", workspace_id, idempotency_key)
    return _decision(rows[0]) if rows else None


async def get_decision(
    db: Database,
    workspace_id: UUID,
    id: UUID,  # noqa: A002  # The record's own word.
) -> Decision | None:
    """The decision with this id."""
    rows = await db.fetch(_SELECT + " AND id = $2", workspace_id, id)
    return _decision(rows[0]) if rows else None


async def last_asked_at(
    db: Database | Transaction, workspace_id: UUID, respondent: str, survey_id: UUID | None
) -> datetime | None:
    """When the respondent was last asked this survey, or any survey for None."""
    any_survey = (
        "SELECT max(created_at) FROM decision"
        " WHERE workspace_id = $1 AND respondent = $2 AND is_asked"
    )
    if survey_id is None:
        rows = await db.fetch(any_survey, workspace_id, respondent)
    else:
        rows = await db.fetch(
            any_survey + " AND survey_id = $3", workspace_id, respondent, survey_id
        )
    asked_at: StoredTime | None = rows[0][0]
    return to_time(asked_at)


async def record_decision(db: Database | Transaction, decision: Decision) -> None:
    """Keep a decision. ConflictError when its idempotency key has one: read that one instead."""
    stored = await db.execute(_INSERT, *(getattr(decision, name) for name in _COLUMNS))
    if not stored:
        raise ConflictError("this trigger was decided already", code="decision_exists")


async def decision_lock(tx: Transaction, workspace_id: UUID, respondent_or_key: str) -> None:
    """Make triggers for the same respondent (or idempotency key) take turns until `tx` ends.

    On SQLite there is nothing to do: a transaction is the only writer.
    """
    if isinstance(tx, (SqliteTransaction, GroupedTransaction)):
        return
    await tx.fetch(
        "SELECT pg_advisory_xact_lock($1)", _lock_number(workspace_id, respondent_or_key)
    )


def _lock_number(workspace_id: UUID, subject: str) -> int:
    """A signed 64-bit number; two subjects that share one merely wait for each other."""
    digest = hashlib.blake2b(subject.encode(), digest_size=8, key=workspace_id.bytes).digest()
    return int.from_bytes(digest, signed=True)


def _decision(row: _Row) -> Decision:
    return Decision(
        id=to_uuid(row[0]),
        workspace_id=to_uuid(row[1]),
        touchpoint=row[2],
        channel=row[3],
        is_asked=to_bool(row[4]),
        reason=row[5],
        created_at=to_time(row[6]),
        respondent=row[7],
        survey_id=to_uuid(row[8]),
        invitation_id=to_uuid(row[9]),
        idempotency_key=row[10],
        request_digest=row[11],
        facts=row[12],
    )
