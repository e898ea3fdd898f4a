"""Kiosks in the console: made with a code, listed with how they do, and ended."""

from __future__ import annotations

import re

from api_client import Api
from signed_in import sign_in

from harken_server.workspaces.store import audit


async def test_a_kiosk_is_paired_with_the_code_that_is_shown(live: Api) -> None:
    owner = await sign_in(live)
    await live.http.put("/v1/touchpoints/door", json={"survey": "post_purchase"})

    made = await owner.post("/settings/kiosks/new", name="By the door", touchpoint="door")
    code = re.search(r"[0-9]{4} [0-9]{4}", made.text)
    assert code is not None, made.text
    paired = await live.http.post("/v1/public/kiosk/pair", json={"code": code[0]})
    listed = await owner.get("/settings/kiosks")
    (device,) = (await live.http.get("/v1/devices")).json()["devices"]
    ended = await owner.post(f"/settings/kiosks/{device['id']}/revoke")
    again = await owner.post(f"/settings/kiosks/{device['id']}/revoke")

    assert "data:image/svg+xml;base64," in made.text
    assert paired.status_code == 200
    assert "By the door" in listed.text
    assert "At work" in listed.text
    assert code[0] not in listed.text
    assert (ended.status_code, again.status_code) == (303, 404)
    entries = await audit.list_entries(live.runtime.db, live.runtime.home)
    assert {"create_device", "revoke_device"} <= {each.action for each in entries}


async def test_what_a_kiosk_cannot_ask_is_named(live: Api) -> None:
    owner = await sign_in(live)

    page = await owner.post("/settings/kiosks/new", name="", touchpoint="nowhere")

    assert page.status_code == 422
    assert "Name must have 1 to 120 characters" in page.text
    assert "Choose a touchpoint" in page.text


async def test_without_kiosks_the_page_leads_to_one(api: Api) -> None:
    owner = await sign_in(api)

    assert "No kiosks yet" in (await owner.get("/settings/kiosks")).text
