"""Requests about devices as `Call`s."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from harken._calls.conversation import Call, Reply
from harken._calls.reading import read_as, read_nothing, segment
from harken._types.device import Device, NewDevice

JSON = ("Content-Type", "application/json")


class _DeviceList(msgspec.Struct, frozen=True):
    devices: tuple[Device, ...]


def create_device(
    name: str, touchpoint: str, survey: str | None, settings: Mapping[str, Any] | None
) -> Call[NewDevice]:
    """POST /v1/devices; not sent twice, since each time makes a device."""
    body = {"name": name, "touchpoint": touchpoint, **_setup(survey, settings)}
    return Call(
        method="POST",
        path="/v1/devices",
        headers=(JSON,),
        body=msgspec.json.encode(body),
        read=read_as(NewDevice),
        may_repeat=False,
    )


def list_devices() -> Call[tuple[Device, ...]]:
    """GET /v1/devices."""
    read = read_as(_DeviceList)

    def read_list(reply: Reply) -> tuple[Device, ...]:
        return read(reply).devices

    return Call(method="GET", path="/v1/devices", read=read_list, may_repeat=True)


def change_device(id: str, survey: str | None, settings: Mapping[str, Any] | None) -> Call[Device]:
    """PUT /v1/devices/{id}."""
    return Call(
        method="PUT",
        path=f"/v1/devices/{segment(id)}",
        headers=(JSON,),
        body=msgspec.json.encode(_setup(survey, settings)),
        read=read_as(Device),
        may_repeat=True,
    )


def revoke_device(id: str) -> Call[None]:
    """DELETE /v1/devices/{id}."""
    return Call(
        method="DELETE", path=f"/v1/devices/{segment(id)}", read=read_nothing, may_repeat=True
    )


def _setup(survey: str | None, settings: Mapping[str, Any] | None) -> dict[str, Any]:
    given = {"survey": survey, "settings": None if settings is None else dict(settings)}
    return {name: value for name, value in given.items() if value is not None}
