"""Deliveries: what is queued for a respondent, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Transaction
from harken_server.database.records import Records
from harken_server.database.rows import StoredId, StoredTime
from harken_server.database.values import to_time, to_uuid
from harken_server.deliveries.rules import Delivery, DeliveryState
from harken_server.deliveries.tables import Delivery as T
from harken_server.surveys.published import SurveyStatus

_DELIVERIES = Records(T, Delivery)
DELIVERY_COLUMNS = (
    "id", "workspace_id", "survey_id", "invitation_id", "channel", "respondent", "wave", "kind",
    "address", "state", "attempts", "created_at", "due_at", "handed_over_at", "finished_at",
    "message_id", "last_error",
)  # fmt: skip
_NAMES = ", ".join(DELIVERY_COLUMNS)
_SELECT = f"SELECT {_NAMES} FROM delivery"  # noqa: S608  # only our own column list
_FACTS = """
SELECT s.status, s.version, CASE WHEN r.id IS NULL THEN i.response_id END, i.expires_at,
  i.dismissed_at, p.timezone
FROM delivery d
JOIN invitation i ON i.id = d.invitation_id AND i.workspace_id = d.workspace_id
JOIN survey s ON s.id = d.survey_id AND s.workspace_id = d.workspace_id
LEFT JOIN response r ON r.survey_id = i.survey_id AND r.id = i.response_id
  AND r.standing IN ('provisional', 'quarantined')
LEFT JOIN respondent p ON p.workspace_id = d.workspace_id AND p.respondent = d.respondent
WHERE d.workspace_id = $1 AND d.id = $2
"""
Reader: TypeAlias = Database | Transaction
_FactsRow: TypeAlias = tuple[
    SurveyStatus, int, StoredId | None, StoredTime | None, StoredTime | None, str | None
]


class SendFacts(msgspec.Struct, kw_only=True, frozen=True):
    """What is true of a delivery's survey, invitation and respondent at this moment."""

    survey_status: SurveyStatus
    survey_version: int
    response_id: UUID | None
    expires_at: datetime | None
    dismissed_at: datetime | None
    timezone: str | None
    """The respondent's IANA zone, when known."""


async def add_delivery(tx: Transaction, delivery: Delivery) -> bool:
    """Queue a delivery. False, with nothing changed, when the same one is there already."""
    marks = ", ".join(f"${number}" for number in range(1, len(DELIVERY_COLUMNS) + 1))
    rows = await tx.execute(
        f"INSERT INTO delivery ({_NAMES}) VALUES ({marks})"  # noqa: S608  # only our own names
        " ON CONFLICT DO NOTHING RETURNING id",
        *(getattr(delivery, name) for name in DELIVERY_COLUMNS),
    )
    return bool(rows)


async def get_delivery(
    db: Reader,
    workspace_id: UUID,
    id: UUID,  # noqa: A002  # The record's own word.
) -> Delivery | None:
    """The delivery with this id."""
    rows = await db.fetch(_SELECT + " WHERE workspace_id = $1 AND id = $2", workspace_id, id)
    return delivery_of(rows[0]) if rows else None


async def list_deliveries(
    db: Database,
    workspace_id: UUID,
    *,
    survey_id: UUID | None = None,
    invitation_id: UUID | None = None,
    state: DeliveryState | None = None,
    before: UUID | None = None,
    limit: int = 100,
) -> list[Delivery]:
    """Deliveries, newest first; go on before the last one's id."""
    wanted: Sequence[tuple[str, Any]] = (
        ("survey_id =", survey_id),
        ("invitation_id =", invitation_id),
        ("state =", state),
        ("id <", before),
    )
    params: list[Any] = [workspace_id]
    conditions = ["workspace_id = $1"]
    for condition, value in wanted:
        if value is not None:
            params.append(value)
            conditions.append(f"{condition} ${len(params)}")
    params.append(limit)
    rows = await db.fetch(
        f"{_SELECT} WHERE {' AND '.join(conditions)} ORDER BY id DESC LIMIT ${len(params)}",
        *params,
    )
    return [delivery_of(row) for row in rows]


async def start_sending(
    tx: Transaction, delivery: Delivery, now: datetime, *, message_id: str
) -> bool:
    """Write down that it is about to be handed over; False when it is not queued any more."""
    rows = await tx.execute(
        "UPDATE delivery SET state = 'sending', attempts = attempts + 1, handed_over_at = $3,"
        " message_id = $4 WHERE workspace_id = $1 AND id = $2 AND state = 'queued' RETURNING id",
        delivery.workspace_id,
        delivery.id,
        now,
        message_id,
    )
    return bool(rows)


async def postpone(
    db: Reader, delivery: Delivery, *, due_at: datetime, error: str | None, is_attempt: bool
) -> bool:
    """Keep waiting until `due_at`, with the reason. False when it is over or in other hands."""
    rows = await db.execute(
        "UPDATE delivery SET state = 'queued', due_at = $4, last_error = $5,"
        " handed_over_at = NULL, attempts = attempts + $6"
        " WHERE workspace_id = $1 AND id = $2 AND state = $3 RETURNING id",
        delivery.workspace_id,
        delivery.id,
        delivery.state,
        due_at,
        error,
        int(is_attempt),
    )
    return bool(rows)


async def settle(
    db: Reader,
    delivery: Delivery,
    state: DeliveryState,
    now: datetime,
    *,
    error: str | None = None,
    handed_over_at: datetime | None = None,
    is_attempt: bool = False,
) -> bool:
    """Write down how it ended. False when it is not in `delivery.state` any more.

    `handed_over_at` is None for what certainly did not reach its carrier.
    """
    rows = await db.execute(
        "UPDATE delivery SET state = $4, finished_at = $5, last_error = $6, handed_over_at = $7,"
        " attempts = attempts + $8"
        " WHERE workspace_id = $1 AND id = $2 AND state = $3 RETURNING id",
        delivery.workspace_id,
        delivery.id,
        delivery.state,
        state,
        now,
        error,
        handed_over_at,
        int(is_attempt),
    )
    return bool(rows)


async def requeue_failed(tx: Transaction, delivery: Delivery, now: datetime) -> bool:
    """Make a failed delivery wait again, its attempts counted anew. False for other states."""
    rows = await tx.execute(
        "UPDATE delivery SET state = 'queued', attempts = 0, due_at = $3, finished_at = NULL,"
        " last_error = NULL WHERE workspace_id = $1 AND id = $2 AND state = 'failed' RETURNING id",
        delivery.workspace_id,
        delivery.id,
        now,
    )
    return bool(rows)


async def note_return(
    db: Reader, delivery: Delivery, state: DeliveryState, now: datetime, *, error: str
) -> bool:
    """Write down that what was handed over bounced or was complained about.

    False, with nothing changed, when that was known. A complaint outranks a bounce.
    """
    rows = await db.execute(
        "UPDATE delivery SET state = $3, finished_at = $4, last_error = $5"
        " WHERE workspace_id = $1 AND id = $2 AND state IN ('sending', 'sent', 'unknown',"
        " 'bounced') AND state <> $3 RETURNING id",
        delivery.workspace_id,
        delivery.id,
        state,
        now,
        error,
    )
    return bool(rows)


async def count_handed_over(db: Reader, workspace_id: UUID, channel: str, since: datetime) -> int:
    """How many were handed over on a channel since, those under way included."""
    row = await db.fetch_one(
        "SELECT COUNT(*) FROM delivery WHERE workspace_id = $1 AND channel = $2"
        " AND handed_over_at >= $3",
        workspace_id,
        channel,
        since,
    )
    return int(row[0]) if row else 0


async def read_send_facts(db: Reader, delivery: Delivery) -> SendFacts | None:
    """What may stand against sending it now; None when invitation or survey are gone."""
    rows = await db.fetch(_FACTS, delivery.workspace_id, delivery.id)
    return _facts(rows[0]) if rows else None


def _facts(row: _FactsRow) -> SendFacts:
    return SendFacts(
        survey_status=row[0],
        survey_version=row[1],
        response_id=to_uuid(row[2]),
        expires_at=to_time(row[3]),
        dismissed_at=to_time(row[4]),
        timezone=row[5],
    )


def delivery_of(row: Sequence[Any]) -> Delivery:
    """A delivery from a row of its columns in the order of the table."""
    return _DELIVERIES.read(row)
