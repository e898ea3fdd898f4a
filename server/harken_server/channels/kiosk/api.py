"""Devices: kiosks that are registered by a code, watched, changed and revoked."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from litestar import Request, Response, delete, get, post, put
from litestar.params import FromPath

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
from harken_server.http.bodies import decode_json
from harken_server.http.operations import Operation, describe
from harken_server.http.replies import empty_reply, json_reply
from harken_server.http.runtime import Runtime, runtime_of
from harken_server.http.settings import HttpSettings
from harken_server.kernel.errors import NotFoundError
from harken_server.surveys.survey import TouchpointKey
from harken_server.workspaces.access import workspace_of


class DeviceBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A new kiosk."""

    name: DeviceName
    touchpoint: TouchpointKey
    """Responses are filed under it."""
    survey: SurveyKey | None = None
    """Left out, the touchpoint says which survey is asked."""
    settings: DeviceSettings = DeviceSettings()
    kind: Literal["kiosk"] = "kiosk"


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
    """Eight digits; works once, within an hour, and is not shown again."""
    kiosk_url: str
    """The page to open on the tablet."""


class DeviceList(msgspec.Struct, kw_only=True):
    """The workspace's devices, revoked ones included."""

    devices: list[DeviceItem]


_devices = msgspec.json.Decoder(DeviceBody)
_changes = msgspec.json.Decoder(DeviceChange)


@post(
    "/devices",
    opt=describe(
        Operation(
            "create_device",
            "Register a kiosk",
            scope="manage",
            body=DeviceBody,
            reply=NewDevice,
            status=201,
            errors=(400, 413, 422),
        )
    ),
)
async def create(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The pairing code is in the answer, and nowhere else afterwards."""
    runtime = runtime_of(request)
    body = decode_json(await request.body(), _devices)
    device, code = await register_device(
        runtime.db,
        runtime.random,
        id=runtime.new_id(),
        workspace_id=workspace_of(request).id,
        name=body.name,
        touchpoint=body.touchpoint,
        survey=body.survey,
        settings=body.settings,
        now=runtime.clock(),
    )
    url = f"{runtime.settings.of(HttpSettings).public_url.rstrip('/')}/kiosk"
    return json_reply(
        NewDevice(**_fields(device, runtime.clock()), pairing_code=code, kiosk_url=url), 201
    )


@get(
    "/devices",
    opt=describe(Operation("list_devices", "List kiosks", reply=DeviceList)),
)
async def list_all(request: Request[Any, Any, Any]) -> Response[bytes]:
    """All devices, oldest first."""
    runtime = runtime_of(request)
    found = await devices.list_devices(runtime.db, workspace_of(request).id)
    now = runtime.clock()
    return json_reply(DeviceList(devices=[DeviceItem(**_fields(each, now)) for each in found]))


@get(
    "/devices/{device_id:str}",
    opt=describe(Operation("get_device", "Read a kiosk", reply=DeviceItem, errors=(404,))),
)
async def read(request: Request[Any, Any, Any], device_id: FromPath[str]) -> Response[bytes]:
    """One device, with what it last said of itself."""
    runtime = runtime_of(request)
    found = await _find(runtime, workspace_of(request).id, device_id)
    return json_reply(DeviceItem(**_fields(found, runtime.clock())))


@put(
    "/devices/{device_id:str}",
    opt=describe(
        Operation(
            "put_device",
            "Change what a kiosk asks, and how",
            scope="manage",
            body=DeviceChange,
            reply=DeviceItem,
            errors=(400, 404, 413, 422),
        )
    ),
)
async def change(request: Request[Any, Any, Any], device_id: FromPath[str]) -> Response[bytes]:
    """Replaces survey and settings; name and touchpoint stay with the device."""
    runtime = runtime_of(request)
    workspace_id = workspace_of(request).id
    body = decode_json(await request.body(), _changes)
    device = await _find(runtime, workspace_id, device_id)
    await check_setup(runtime.db, workspace_id, device.touchpoint, body.survey, body.settings)
    if not await devices.change_settings(
        runtime.db, workspace_id, device.id, body.survey, body.settings
    ):
        raise _unknown(device_id)
    changed = await _find(runtime, workspace_id, device_id)
    return json_reply(DeviceItem(**_fields(changed, runtime.clock())))


@delete(
    "/devices/{device_id:str}",
    status_code=204,
    opt=describe(
        Operation(
            "revoke_device",
            "Revoke a kiosk",
            scope="manage",
            status=204,
            errors=(404,),
        )
    ),
)
async def revoke(request: Request[Any, Any, Any], device_id: FromPath[str]) -> Response[None]:
    """Its token and its code stop working at once; what it sent stays."""
    runtime = runtime_of(request)
    found = await _find(runtime, workspace_of(request).id, device_id)
    if not await devices.revoke_device(runtime.db, found.workspace_id, found.id, runtime.clock()):
        raise _unknown(device_id)
    return empty_reply()


async def _find(runtime: Runtime, workspace_id: UUID, device_id: str) -> Device:
    try:
        found = await devices.get_device(runtime.db, workspace_id, UUID(device_id))
    except ValueError:
        found = None
    if found is None:
        raise _unknown(device_id)
    return found


def _unknown(device_id: str) -> NotFoundError:
    return NotFoundError(f"There is no device {device_id!r} here.", code="device_not_found")


def _fields(device: Device, now: datetime) -> dict[str, Any]:
    names = (name for name in DeviceItem.__struct_fields__ if name != "state")
    return {"state": state_of(device, now), **{name: getattr(device, name) for name in names}}


ROUTES = (create, list_all, read, change, revoke)
