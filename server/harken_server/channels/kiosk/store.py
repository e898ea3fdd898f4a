"""Kiosks: registered by a code, known by a token of which a digest is kept."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from harken_server.channels.kiosk.rules import Device, DeviceReport, DeviceSettings
from harken_server.channels.kiosk.tables import Device as T
from harken_server.database.database import Database
from harken_server.database.records import Records

_DEVICES = Records(T, Device)
_IN_USE = T.revoked_at.is_null()
_WAITING = T.registered_at.is_null() & _IN_USE
_CODED = T.pairing_code.is_not_null() & _IN_USE


async def add_device(db: Database, device: Device, code: str) -> bool:
    """Keep a new device with its pairing code. False when that code is taken: make another."""
    values = _DEVICES.values_of(device) | {T.pairing_code: code}
    return await _DEVICES.of(device.workspace_id).add(db, values)


async def renew_code(
    db: Database, workspace_id: UUID, device_id: UUID, *, code: str, expires_at: datetime
) -> bool:
    """Let a device that is not registered yet wait for another code; the old one is void.

    False when it is registered or revoked, or when that code is taken: make another.
    """
    if await _DEVICES.anywhere().count(db, T.pairing_code == code):
        return False
    values = {T.pairing_code: code, T.pairing_expires_at: expires_at}
    return bool(await _DEVICES.of(workspace_id).change(db, values, T.id == device_id, _WAITING))


async def list_devices(db: Database, workspace_id: UUID) -> list[Device]:
    """All devices, revoked ones included, oldest first."""
    return await _DEVICES.of(workspace_id).all(db, order_by=(T.created_at, T.id))


async def get_device(db: Database, workspace_id: UUID, device_id: UUID) -> Device | None:
    """One device of the workspace."""
    return await _DEVICES.of(workspace_id).first(db, T.id == device_id)


async def find_device(db: Database, token: str) -> Device | None:
    """The device with this token, in whichever workspace; a revoked one too, so look at it."""
    return await _DEVICES.anywhere().first(db, T.secret_digest == _digest(token))


async def pair_device(db: Database, code: str, token: str, now: datetime) -> Device | None:
    """Give the token to the device of this code, and end the one that it had.

    None when no device has it: unknown, too late, void or revoked. Of two who type the same code,
    the later one has the device: whoever guesses it locks nobody out.
    """
    values = {
        T.secret_digest: _digest(token),
        T.registered_at: now,
        T.last_seen_at: now,
    }
    is_it = (T.pairing_code == code) & (T.pairing_expires_at > now)
    return next(iter(await _DEVICES.anywhere().change(db, values, is_it, _IN_USE)), None)


async def void_codes(db: Database, beginning: str) -> None:
    """End all codes that begin so; registered devices go on, the others wait for a new code."""
    values = {T.pairing_code: None, T.pairing_expires_at: None}
    is_it = T.pairing_code.like(f"{beginning}%")
    await _DEVICES.anywhere().change(db, values, is_it, _CODED)


async def change_settings(
    db: Database, workspace_id: UUID, device_id: UUID, survey: str | None, settings: DeviceSettings
) -> bool:
    """Replace what the device asks and how. False when there is none, or it was revoked."""
    values = {T.survey: survey, T.settings: settings}
    return bool(await _DEVICES.of(workspace_id).change(db, values, T.id == device_id, _IN_USE))


async def revoke_device(db: Database, workspace_id: UUID, device_id: UUID, now: datetime) -> bool:
    """End a device for good. False when there is none, or it was revoked before."""
    values = {T.revoked_at: now, T.pairing_code: None}
    return bool(await _DEVICES.of(workspace_id).change(db, values, T.id == device_id, _IN_USE))


async def note_device(db: Database, device: Device, report: DeviceReport, now: datetime) -> None:
    """Remember when the device was last heard of, and what it said of itself."""
    values = {T.last_seen_at: now, T.report: report}
    await _DEVICES.of(device.workspace_id).change(db, values, T.id == device.id)


def _digest(token: str) -> str:
    """SHA-256 is enough: a token is long and random, so there is nothing to guess slowly."""
    return hashlib.sha256(token.encode()).hexdigest()
