"""Devices: kiosks that are registered by a code, watched, changed and revoked."""

from datetime import datetime
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

import msgspec

from harken_server.channels.kiosk import store as devices
from harken_server.channels.kiosk.register import check_setup, register_device
from harken_server.channels.kiosk.rules import (
    Device,
    DeviceName,
    DeviceReport,
    DeviceSettings,
    DeviceState,
    SurveyKey,
    state_of,
)
from harken_server.http.replies import item_of
from harken_server.http.resources import Resource
from harken_server.http.settings import HttpSettings
from harken_server.kernel.shown_text import check_name
from harken_server.surveys.survey import TouchpointKey
from harken_server.workspaces.keyed import Call, delete, get, post, put

DEVICE = Resource("device", "device_not_found")
DeviceId: TypeAlias = Annotated[UUID, DEVICE]


class DeviceBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A new kiosk."""

    name: DeviceName
    touchpoint: TouchpointKey
    """Responses are filed under it."""
    survey: SurveyKey | None = None
    """Left out, the touchpoint says which survey is asked."""
    settings: DeviceSettings = DeviceSettings()
    kind: Literal["kiosk"] = "kiosk"

    def __post_init__(self) -> None:
        """What cannot be seen is no part of a name."""
        check_name("name", self.name)


class DeviceChange(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What a kiosk asks, and how, from now on; it learns of it within five minutes."""

    survey: SurveyKey | None = None
    settings: DeviceSettings = DeviceSettings()


class DeviceItem(msgspec.Struct, kw_only=True):
    """One device; the code only in the answer that made it."""

    id: UUID
    name: str
    touchpoint: str
    survey: str | None
    settings: DeviceSettings
    state: DeviceState
    created_at: datetime
    pairing_expires_at: datetime | None
    registered_at: datetime | None
    last_seen_at: datetime | None
    revoked_at: datetime | None
    report: DeviceReport | None
    """What the device last said of itself; None until it did."""


class NewDevice(DeviceItem, kw_only=True):
    """A device that waits for its code to be typed."""

    pairing_code: str
    """Eight digits; works within an hour, and is not shown again."""
    kiosk_url: str
    """The page to open on the tablet."""


class DeviceList(msgspec.Struct, kw_only=True):
    """The workspace's devices, revoked ones included."""

    devices: list[DeviceItem]


@post("/devices", "create_device", "Register a kiosk", scope="manage", status=201)
async def create(call: Call, body: DeviceBody) -> NewDevice:
    """The pairing code is in the answer, and nowhere else afterwards."""
    device, code = await register_device(
        call.db,
        call.runtime.random,
        id=call.runtime.new_id(),
        workspace_id=call.workspace_id,
        name=body.name,
        touchpoint=body.touchpoint,
        survey=body.survey,
        settings=body.settings,
        now=call.now(),
    )
    url = f"{call.runtime.settings.of(HttpSettings).public_url.rstrip('/')}/kiosk"
    state = state_of(device, call.now())
    return item_of(NewDevice, device, state=state, pairing_code=code, kiosk_url=url)


@get("/devices", "list_devices", "List kiosks")
async def list_all(call: Call) -> DeviceList:
    """All devices, oldest first."""
    found = await devices.list_devices(call.db, call.workspace_id)
    return DeviceList(devices=[_item(call, device) for device in found])


@get("/devices/{device_id:str}", "get_device", "Read a kiosk", errors=(404,))
async def read(call: Call, device_id: DeviceId) -> DeviceItem:
    """One device, with what it last said of itself."""
    return _item(call, await _find(call, device_id))


@put(
    "/devices/{device_id:str}",
    "put_device",
    "Change what a kiosk asks, and how",
    scope="manage",
    errors=(404,),
)
async def change(call: Call, device_id: DeviceId, body: DeviceChange) -> DeviceItem:
    """Replaces survey and settings; name and touchpoint stay with the device."""
    workspace_id = call.workspace_id
    device = await _find(call, device_id)
    await check_setup(call.db, workspace_id, device.touchpoint, body.survey, body.settings)
    if not await devices.change_settings(
        call.db, workspace_id, device_id, body.survey, body.settings
    ):
        raise DEVICE.missing(device_id)
    return _item(call, await _find(call, device_id))


@delete(
    "/devices/{device_id:str}", "revoke_device", "Revoke a kiosk", scope="manage", errors=(404,)
)
async def revoke(call: Call, device_id: DeviceId) -> None:
    """Its token and its code stop working at once; what it sent stays."""
    if not await devices.revoke_device(call.db, call.workspace_id, device_id, call.now()):
        raise DEVICE.missing(device_id)


async def _find(call: Call, device_id: UUID) -> Device:
    found = await devices.get_device(call.db, call.workspace_id, device_id)
    return DEVICE.found(found, device_id)


def _item(call: Call, device: Device) -> DeviceItem:
    return item_of(DeviceItem, device, state=state_of(device, call.now()))
