"""Requests about devices as `Call`s."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harken._calls.conversation import Call
from harken._calls.reading import read_as, read_list
from harken._calls.request import delete, get, segment, send, without_none
from harken._types.device import Device, NewDevice


def create_device(
    name: str, touchpoint: str, survey: str | None, settings: Mapping[str, Any] | None
) -> Call[NewDevice]:
    """POST /v1/devices; not sent twice, since each time makes a device."""
    body = {"name": name, "touchpoint": touchpoint, **_setup(survey, settings)}
    return send("POST", "/v1/devices", read_as(NewDevice), body, may_repeat=False)


def list_devices() -> Call[tuple[Device, ...]]:
    """GET /v1/devices."""
    return get("/v1/devices", read_list("devices", Device))


def change_device(id: str, survey: str | None, settings: Mapping[str, Any] | None) -> Call[Device]:
    """PUT /v1/devices/{id}."""
    return send("PUT", f"/v1/devices/{segment(id)}", read_as(Device), _setup(survey, settings))


def revoke_device(id: str) -> Call[None]:
    """DELETE /v1/devices/{id}."""
    return delete(f"/v1/devices/{segment(id)}")


def _setup(survey: str | None, settings: Mapping[str, Any] | None) -> dict[str, Any]:
    return without_none(
        {"survey": survey, "settings": None if settings is None else dict(settings)}
    )
