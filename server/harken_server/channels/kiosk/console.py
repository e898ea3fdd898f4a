"""Kiosks: which there are and how they do, a new one with its code, and how one is ended."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import NamedTuple

from harken_server.channels.kiosk import store as devices
from harken_server.channels.kiosk.api import DEVICE
from harken_server.channels.kiosk.register import register_device
from harken_server.channels.kiosk.rules import Device, DeviceSettings, state_of
from harken_server.http.pages import Shown
from harken_server.http.settings import HttpSettings
from harken_server.kernel.errors import InvalidInputError
from harken_server.qr.pictures import qr_svg
from harken_server.surveys.store import surveys, touchpoints
from harken_server.workspaces.access import write_down
from harken_server.workspaces.console.settings import tabs_of
from harken_server.workspaces.field_errors import Errors, check_line, errors_of
from harken_server.workspaces.signed_in import Form, Visit, act, page

FOLDER = Path(__file__).parent / "templates"
MAX_NAME = 120
MODES = {"survey": "Whole survey", "smiley": "A row of faces"}
STATES = {
    "waiting": ("note", "Waits for its code"),
    "expired": ("middle", "Code expired"),
    "registered": ("good", "At work"),
    "revoked": ("quiet", "Revoked"),
}


class Shape(NamedTuple):
    """What the form of a new kiosk holds."""

    name: str = ""
    touchpoint: str = ""
    survey: str = ""
    mode: str = "survey"


@page("/settings/kiosks", right="manage")
async def show_kiosks(visit: Visit) -> Shown:
    """All kiosks, revoked ones last."""
    found = await devices.list_devices(visit.db, visit.workspace_id)
    found.sort(key=lambda device: (device.revoked_at is not None, device.name.casefold()))
    states = {device.id: STATES[state_of(device, visit.now())] for device in found}
    return visit.render(
        FOLDER, "kiosks.html", title="Kiosks", tabs=tabs_of(visit), devices=found, states=states,
    )  # fmt: skip


@page("/settings/kiosks/new", right="manage")
async def show_new_kiosk(visit: Visit) -> Shown:
    """The form of a new kiosk."""
    return await _form(visit, Shape(), {})


@act("/settings/kiosks/new", "create_device", right="manage")
async def create_kiosk(visit: Visit, form: Form) -> Shown:
    """Make a kiosk and show the code that its tablet is paired with."""
    shape = Shape(
        form.text("name"), form.text("touchpoint"), form.text("survey"), form.text("mode")
    )
    errors: Errors = {}
    check_line(errors, "name", "Name", shape.name, MAX_NAME)
    known = await touchpoints.list_touchpoints(visit.db, visit.workspace_id)
    if shape.touchpoint not in {each.key for each in known}:
        errors["touchpoint"] = "Choose a touchpoint: answers are filed under it."
    if errors:
        return await _form(visit, shape, errors)
    try:
        device, code = await _register(visit, shape)
    except InvalidInputError as error:
        return await _form(visit, shape, errors_of(error, *Shape._fields))
    visit.note(name=device.name, touchpoint=device.touchpoint)
    await write_down(visit, "create_device", str(device.id))
    return _made(visit, device, code)


@act("/settings/kiosks/{device_id:str}/revoke", "revoke_device", right="manage")
async def revoke_kiosk(visit: Visit, device_id: str) -> Shown:
    """End a kiosk for good; what it sent stays."""
    id_ = DEVICE.id_of(device_id)
    if not await devices.revoke_device(visit.db, visit.workspace_id, id_, visit.now()):
        raise DEVICE.missing(device_id)
    return visit.to("/settings/kiosks", said="The kiosk was revoked. What it sent stays.")


async def _register(visit: Visit, shape: Shape) -> tuple[Device, str]:
    return await register_device(
        visit.db,
        visit.runtime.random,
        id=visit.runtime.new_id(),
        workspace_id=visit.workspace_id,
        name=shape.name,
        touchpoint=shape.touchpoint,
        survey=shape.survey or None,
        settings=DeviceSettings(mode="smiley" if shape.mode == "smiley" else "survey"),
        now=visit.now(),
    )


async def _form(visit: Visit, shape: Shape, errors: Errors) -> Shown:
    points = await touchpoints.list_touchpoints(visit.db, visit.workspace_id)
    found = await surveys.list_surveys(visit.db, visit.workspace_id)
    return visit.render(
        FOLDER, "new_kiosk.html", title="New kiosk", shape=shape, errors=errors, modes=MODES,
        touchpoints=[("", "Choose"), *((each.key, each.key) for each in points)],
        surveys=[("", "What the touchpoint asks"), *((each.key, each.key) for each in found)],
        status=422 if errors else 200, crumbs=(("Kiosks", visit.path("/settings/kiosks")),),
    )  # fmt: skip


def _made(visit: Visit, device: Device, code: str) -> Shown:
    url = f"{visit.runtime.settings.of(HttpSettings).public_url}/kiosk"
    picture = base64.b64encode(qr_svg(url)).decode()
    return visit.render(
        FOLDER, "made_kiosk.html", title=device.name, url=url, code=f"{code[:4]} {code[4:]}",
        picture=f"data:image/svg+xml;base64,{picture}",
        crumbs=(("Kiosks", visit.path("/settings/kiosks")),),
    )  # fmt: skip
