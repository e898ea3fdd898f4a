"""Kiosks: registered by a code, and what they keep is stored once."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from api_client import SURVEY, Api, problem_codes
from kiosk_devices import Kiosk, devices, item, pair, register, stored

from harken_server.channels.kiosk.register import sealed_pin
from harken_server.surveys.catalog import Catalog


async def test_a_code_of_eight_digits_registers_the_device(shop: Api) -> None:
    made = await register(shop)
    code = made["pairing_code"]
    assert len(code) == 8
    assert code.isdecimal()
    assert made["state"] == "waiting"
    assert made["kiosk_url"] == "https://feedback.example.com/kiosk"

    first = await pair(shop, f"{code[:4]} {code[4:]}")
    assert first.status_code == 200
    assert first.json()["token"].startswith("hd_")
    [listed] = await devices(shop)
    assert listed["state"] == "registered"
    assert "pairing_code" not in listed


async def test_of_those_who_type_a_code_at_once_one_has_the_device(shop: Api) -> None:
    code = (await register(shop))["pairing_code"]

    replies = await asyncio.gather(*(pair(shop, code) for _ in range(8)))

    tokens = [reply.json()["token"] for reply in replies]
    assert sorted([await _config_status(shop, token) for token in tokens]) == [200] + [401] * 7


async def test_whoever_guesses_a_code_does_not_lock_the_tablet_out(shop: Api) -> None:
    code = (await register(shop))["pairing_code"]
    guessed = (await pair(shop, code)).json()["token"]

    typed = (await pair(shop, code)).json()["token"]

    assert await _config_status(shop, typed) == 200
    assert await _config_status(shop, guessed) == 401


async def test_a_code_is_void_after_five_misses_that_begin_like_it(shop: Api) -> None:
    made, other = await register(shop), await register(shop)
    code = made["pairing_code"]
    wrong = [f"{code[:4]}{(int(code[4:]) + step) % 10_000:04}" for step in range(1, 6)]

    assert {(await pair(shop, each)).status_code for each in wrong[:4]} == {404}
    assert (await pair(shop, code)).status_code == 200
    assert (await pair(shop, wrong[4])).status_code == 404

    assert (await pair(shop, code)).status_code == 404
    assert {each["state"] for each in await devices(shop)} == {"registered", "waiting"}
    if other["pairing_code"][:4] != code[:4]:
        assert (await pair(shop, other["pairing_code"])).status_code == 200


async def test_codes_that_nobody_registers_are_void_for_good(shop: Api) -> None:
    code = (await register(shop))["pairing_code"]
    for step in range(1, 6):
        await pair(shop, f"{code[:4]}{(int(code[4:]) + step) % 10_000:04}")

    assert (await pair(shop, code)).status_code == 404
    assert [each["state"] for each in await devices(shop)] == ["expired"]


async def test_guessing_codes_ends_though_every_client_has_one_address(shop: Api) -> None:
    said = [await pair(shop, f"{number:08}") for number in range(0, 10_000 * 260, 10_000)]

    refused = [reply for reply in said if reply.status_code == 429]
    assert len(said) - len(refused) in range(240, 250)
    assert 0 < int(refused[-1].headers["retry-after"]) <= 2


async def _config_status(shop: Api, token: str) -> int:
    headers = {"authorization": f"Bearer {token}"}
    return (await shop.http.get("/v1/public/kiosk/config", headers=headers)).status_code


async def test_a_code_ends_after_an_hour_and_with_its_device(shop: Api) -> None:
    late, revoked = await register(shop), await register(shop)
    await shop.http.delete(f"/v1/devices/{revoked['id']}")
    assert (await pair(shop, revoked["pairing_code"])).status_code == 404
    shop.clock.move(hours=1, seconds=1)

    assert (await pair(shop, late["pairing_code"])).status_code == 404
    assert {each["state"] for each in await devices(shop)} == {"expired", "revoked"}


@pytest.mark.parametrize("code", ["1234", "", "abcdefgh", "٠١٢٣٤٥٦٧", "1" * 40, "12345678\x00"])
async def test_what_cannot_be_a_code_is_refused(shop: Api, code: str) -> None:
    assert (await pair(shop, code)).status_code in {400, 404, 422}


async def test_a_token_is_not_kept_as_it_is(kiosk: Kiosk) -> None:
    rows = await kiosk.api.runtime.db.fetch(
        "SELECT secret_digest FROM device WHERE workspace_id = $1",
        kiosk.api.runtime.home,
    )

    [(digest,)] = rows
    assert kiosk.headers["authorization"].removeprefix("Bearer ") not in digest


async def test_the_config_holds_the_survey_in_each_language_and_faces(shop: Api) -> None:
    device = await register(shop, settings={"mode": "smiley", "languages": ["de", "en"]})
    token = (await pair(shop, device["pairing_code"])).json()["token"]
    kiosk = Kiosk(shop, device, token)

    reply = await kiosk.config()

    config = reply.json()
    assert [one["locale"] for one in config["surveys"]] == ["de", "en"]
    assert config["surveys"][0]["spoken"] == "Deutsch"
    assert config["smiley"] == "happy"
    faces = config["surveys"][0]["questions"][0]["options"]
    assert len(faces) == 5
    assert all(face["mark"] for face in faces)
    assert config["settings"]["idle_reset_s"] == 12
    assert config["settings"]["min_interval_s"] == 5
    assert set(config["words"]) == {"de", "en"}
    again = await kiosk.config(**{"if-none-match": reply.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_survey_that_is_not_live_is_not_asked(kiosk: Kiosk) -> None:
    assert len((await kiosk.config()).json()["surveys"]) == 2
    closed = await kiosk.api.http.post("/v1/surveys/visit/status", json={"status": "closed"})
    assert closed.status_code == 200, closed.text
    kiosk.api.runtime.of(Catalog).forget()

    assert (await kiosk.config()).json()["surveys"] == []


async def test_a_revoked_device_is_turned_away(kiosk: Kiosk) -> None:
    assert (await kiosk.api.http.delete(f"/v1/devices/{kiosk.id}")).status_code == 204

    for reply in (await kiosk.config(), await kiosk.send(item(1))):
        assert reply.status_code == 401
        assert reply.json()["code"] == "device_revoked"
    assert (await kiosk.api.http.delete(f"/v1/devices/{kiosk.id}")).status_code == 404
    assert await stored(kiosk.api) == []


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer hd_wrong", "Bearer hk_x", "Basic hd_x"])
async def test_only_a_device_token_opens(kiosk: Kiosk, token: str) -> None:
    kiosk.headers = {"authorization": token}

    reply = await kiosk.config()

    assert reply.status_code == 401
    assert reply.json()["code"] == "device_unknown"


async def test_settings_are_changed_and_everything_else_stays(kiosk: Kiosk) -> None:
    path = f"/v1/devices/{kiosk.id}"
    settings = {"mode": "smiley", "min_interval_s": 0, "exit_pin": "4821"}

    reply = await kiosk.api.http.put(path, json={"settings": settings})

    assert reply.status_code == 200
    assert reply.json()["settings"] == settings
    sealed = (await kiosk.config()).json()["settings"]["exit_pin"]
    assert "4821" not in str(sealed).replace(sealed["digest"], "").replace(sealed["salt"], "")
    assert sealed == sealed_pin(sealed["salt"], "4821") != sealed_pin(sealed["salt"], "4822")
    assert (await kiosk.api.http.get(path)).json()["name"] == "Door"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"survey": "nowhere"}, "survey_unknown"),
        ({"touchpoint": "never.assigned"}, "survey_missing"),
        ({"settings": {"timezone": "Mars/Olympus"}}, "timezone_unknown"),
        ({"settings": {"timezone": "../etc/passwd"}}, "timezone_unknown"),
        ({"settings": {"languages": ["en", "fr"]}}, "language_not_offered"),
        ({"survey": "post_purchase", "settings": {"mode": "smiley"}}, "no_smiley_question"),
        ({"settings": {"idle_reset_s": 2}}, "wrong_shape"),
        ({"settings": {"exit_pin": "12"}}, "wrong_shape"),
        ({"settings": {"exit_pin": "1234\n"}}, "wrong_shape"),
        ({"settings": {"opening_hours": {"funday": []}}}, "wrong_shape"),
        (
            {"settings": {"opening_hours": {"monday": [{"opens": "9:00", "closes": "18:00"}]}}},
            "wrong_shape",
        ),
        ({"name": " "}, "wrong_shape"),
        ({"touchpoint": "No Key"}, "wrong_shape"),
    ],
)
async def test_a_bad_device_is_refused_with_the_reason(
    shop: Api, body: dict[str, Any], code: str
) -> None:
    await shop.push(SURVEY)

    reply = await shop.http.post(
        "/v1/devices", json={"name": "Door", "touchpoint": "store.exit", **body}
    )

    assert reply.status_code == 422
    assert problem_codes(reply) == [code]
    assert await devices(shop) == []


async def test_devices_are_of_their_workspace_alone(kiosk: Kiosk, other_workspace: Any) -> None:
    headers = {"authorization": f"Bearer {await other_workspace()}"}
    http = kiosk.api.http

    assert (await http.get("/v1/devices", headers=headers)).json() == {"devices": []}
    for method, path in [("GET", kiosk.id), ("DELETE", kiosk.id), ("PUT", kiosk.id),
                         ("GET", uuid4()), ("GET", "no-id")]:  # fmt: skip
        reply = await http.request(
            method,
            f"/v1/devices/{path}",
            headers=headers,
            **({"json": {}} if method == "PUT" else {}),
        )
        assert reply.status_code == 404, method
    assert (await kiosk.config()).status_code == 200


@pytest.mark.parametrize("scope", ["read", "write", "public"])
async def test_only_who_manages_registers_devices(shop: Api, scope: Any) -> None:
    headers = {"authorization": f"Bearer {await shop.key(scope)}"}
    body = {"name": "Door", "touchpoint": "store.exit"}

    assert (await shop.http.post("/v1/devices", json=body, headers=headers)).status_code == 403


async def test_the_page_is_strict_and_loads_nothing_from_elsewhere(api: Api) -> None:
    reply = await api.http.get("/kiosk")

    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "set-cookie" not in reply.headers
    assert "http" not in reply.text
    assert "<noscript>" in reply.text
    worker = await api.http.get("/kiosk/worker.js")
    assert worker.headers["service-worker-allowed"] == "../kiosk"
    assert "@@" not in worker.text
    manifest = (await api.http.get("/kiosk/manifest.webmanifest")).json()
    for icon in manifest["icons"]:
        assert (await api.http.get(f"/kiosk/{icon['src']}")).status_code == 200
    assert (await api.http.get("/kiosk/nothing.js")).status_code == 404
