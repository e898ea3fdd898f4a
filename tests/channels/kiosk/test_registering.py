"""A kiosk's pairing code made anew: the one before is void, and a registered kiosk gets none."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import uuid4

import pytest
from api_client import NOW
from mail_steps import publish

from harken_server.channels.kiosk.register import register_device, renew_pairing
from harken_server.channels.kiosk.rules import Device, DeviceSettings
from harken_server.channels.kiosk.store import pair_device
from harken_server.database.database import Database
from harken_server.kernel.errors import StorageError
from harken_server.workspaces.workspace import Workspace

LATER = NOW + timedelta(minutes=90)


async def _register(db: Database, workspace: Workspace, *codes: bytes) -> tuple[Device, str]:
    drawn = iter(codes)
    return await register_device(
        db,
        lambda count: next(drawn, secrets.token_bytes(count)),
        id=uuid4(),
        workspace_id=workspace.id,
        name="By the door",
        touchpoint="store.exit",
        survey="nps",
        settings=DeviceSettings(),
        now=NOW,
    )


async def test_a_new_code_works_and_the_one_before_does_not(
    database: Database, workspace: Workspace
) -> None:
    await publish(database, workspace.id, NOW)
    device, old = await _register(database, workspace)

    new = await renew_pairing(database, secrets.token_bytes, device, LATER)

    assert await pair_device(database, old, "token", LATER) is None
    paired = await pair_device(database, new, "token", LATER + timedelta(minutes=59))
    assert paired is not None
    assert paired.id == device.id


async def test_a_code_that_another_kiosk_waits_for_is_not_given_twice(
    database: Database, workspace: Workspace
) -> None:
    await publish(database, workspace.id, NOW)
    device, _ = await _register(database, workspace)
    _, taken = await _register(database, workspace, bytes(8))
    drawn = iter((bytes(8), bytes(7) + b"\x01"))

    new = await renew_pairing(database, lambda _: next(drawn), device, NOW)

    assert (taken, new) == ("00000000", "00000001")


async def test_a_registered_kiosk_gets_no_other_code(
    database: Database, workspace: Workspace
) -> None:
    await publish(database, workspace.id, NOW)
    device, code = await _register(database, workspace)
    assert await pair_device(database, code, "token", NOW) is not None

    with pytest.raises(StorageError):
        await renew_pairing(database, secrets.token_bytes, device, NOW)
