"""Kiosks: registered by a code that works once, known by a token of which a digest is kept."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec

from harken_server.channels.kiosk.rules import Device, DeviceReport, DeviceSettings
from harken_server.database.database import Database
from harken_server.database.rows import StoredId, StoredTime
from harken_server.database.values import to_time, to_uuid

_Row: TypeAlias = tuple[
    StoredId,
    StoredId,
    str,
    str,
    str,
    StoredTime,
    StoredTime | None,
    StoredTime | None,
    StoredTime | None,
    StoredTime | None,
    str | None,
]

_COLUMNS = (
    "id, workspace_id, name, touchpoint, settings, created_at, pairing_expires_at,"
    " registered_at, last_seen_at, revoked_at, report"
)

_PAIR = (
    "UPDATE device SET pairing_code = NULL, secret_digest = $2, registered_at = $3,"  # noqa: S608
    " last_seen_at = $3 WHERE pairing_code = $1 AND pairing_expires_at > $3"
    " AND registered_at IS NULL AND revoked_at IS NULL RETURNING " + _COLUMNS
)


class _Setup(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the column `settings` holds."""

    survey: str | None = None
    settings: DeviceSettings = DeviceSettings()


async def add_device(db: Database, device: Device, code: str) -> bool:
    """Keep a new device with its pairing code. False when that code is taken: make another."""
    rows = await db.execute(
        "INSERT INTO device (id, workspace_id, name, touchpoint, settings, pairing_code,"
        " pairing_expires_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        " ON CONFLICT DO NOTHING RETURNING id",
        device.id,
        device.workspace_id,
        device.name,
        device.touchpoint,
        _encoded(device.survey, device.settings),
        code,
        device.pairing_expires_at,
        device.created_at,
    )
    return bool(rows)


async def renew_code(
    db: Database,
    workspace_id: UUID,
    id: UUID,  # noqa: A002  # The record's own word.
    *,
    code: str,
    expires_at: datetime,
) -> bool:
    """Let a device that is not registered yet wait for another code; the old one is void.

    False when it is registered or revoked, or when that code is taken: make another.
    """
    rows = await db.execute(
        "UPDATE device SET pairing_code = $3, pairing_expires_at = $4"
        " WHERE workspace_id = $1 AND id = $2 AND registered_at IS NULL AND revoked_at IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM device WHERE pairing_code = $3) RETURNING id",
        workspace_id,
        id,
        code,
        expires_at,
    )
    return bool(rows)


async def list_devices(db: Database, workspace_id: UUID) -> list[Device]:
    """All devices, revoked ones included, oldest first."""
    rows = await db.fetch(
        f"SELECT {_COLUMNS} FROM device"  # noqa: S608  # Our own constant.
        " WHERE workspace_id = $1 ORDER BY created_at, id",
        workspace_id,
    )
    return [_device(row) for row in rows]


async def get_device(
    db: Database,
    workspace_id: UUID,
    id: UUID,  # noqa: A002  # The record's own word.
) -> Device | None:
    """One device of the workspace."""
    rows = await db.fetch(
        f"SELECT {_COLUMNS} FROM device WHERE workspace_id = $1 AND id = $2",  # noqa: S608
        workspace_id,
        id,
    )
    return _device(rows[0]) if rows else None


async def find_device(db: Database, token: str) -> Device | None:
    """The device with this token, in whichever workspace; a revoked one too, so look at it."""
    rows = await db.fetch(
        f"SELECT {_COLUMNS} FROM device WHERE secret_digest = $1",  # noqa: S608
        _digest(token),
    )
    return _device(rows[0]) if rows else None


async def pair_device(db: Database, code: str, token: str, now: datetime) -> Device | None:
    """Give the token to the device that waits for this code, which is used up by that.

    None when no device waits for it: unknown, used, too late or revoked. Of two who type the same
    code at once, one gets it.
    """
    rows = await db.execute(
        _PAIR,
        code,
        _digest(token),
        now,
    )
    return _device(rows[0]) if rows else None


async def change_settings(
    db: Database, workspace_id: UUID, id: UUID, survey: str | None, settings: DeviceSettings  # noqa: A002
) -> bool:  # fmt: skip
    """Replace what the device asks and how. False when there is none, or it was revoked."""
    rows = await db.execute(
        "UPDATE device SET settings = $3"
        " WHERE workspace_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING id",
        workspace_id,
        id,
        _encoded(survey, settings),
    )
    return bool(rows)


async def revoke_device(
    db: Database,
    workspace_id: UUID,
    id: UUID,  # noqa: A002  # The record's own word.
    now: datetime,
) -> bool:
    """End a device for good. False when there is none, or it was revoked before."""
    rows = await db.execute(
        "UPDATE device SET revoked_at = $3, pairing_code = NULL"
        " WHERE workspace_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING id",
        workspace_id,
        id,
        now,
    )
    return bool(rows)


async def note_device(db: Database, device: Device, report: DeviceReport, now: datetime) -> None:
    """Remember when the device was last heard of, and what it said of itself."""
    await db.execute(
        "UPDATE device SET last_seen_at = $3, report = $4 WHERE workspace_id = $1 AND id = $2",
        device.workspace_id,
        device.id,
        now,
        msgspec.json.encode(report).decode(),
    )


def _encoded(survey: str | None, settings: DeviceSettings) -> str:
    return msgspec.json.encode(_Setup(survey, settings)).decode()


def _digest(token: str) -> str:
    """SHA-256 is enough: a token is long and random, so there is nothing to guess slowly."""
    return hashlib.sha256(token.encode()).hexdigest()


def _device(row: _Row) -> Device:
    setup = msgspec.json.decode(row[4], type=_Setup)
    return Device(
        id=to_uuid(row[0]),
        workspace_id=to_uuid(row[1]),
        name=row[2],
        touchpoint=row[3],
        survey=setup.survey,
        settings=setup.settings,
        created_at=to_time(row[5]),
        pairing_expires_at=to_time(row[6]),
        registered_at=to_time(row[7]),
        last_seen_at=to_time(row[8]),
        revoked_at=to_time(row[9]),
        report=None if row[10] is None else msgspec.json.decode(row[10], type=DeviceReport),
    )
