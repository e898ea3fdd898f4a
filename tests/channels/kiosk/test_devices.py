"""Kiosks: registered by a code that works once, and what they keep is stored once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from api_client import SURVEY, Api, problem_codes

from harken_server.channels.kiosk.rules import response_id
from harken_server.surveys.catalog import Catalog

SMILEY: dict[str, Any] = {
    "key": "visit",
    "title": "Your visit",
    "locale": "en",
    "locales": ["de"],
    "touchpoints": ["store.exit"],
    "questions": [
        {
            "type": "csat",
            "key": "happy",
            "text": {"en": "How was it?", "de": "Wie war es?"},
            "required": True,
        },
        {"type": "long_text", "key": "why", "text": {"en": "Why?", "de": "Warum?"}},
    ],
}


class Kiosk:
    """A device that was registered, and how it calls."""

    def __init__(self, api: Api, device: dict[str, Any], token: str) -> None:
        self.api = api
        self.id = device["id"]
        self.device = device
        self.headers = {"authorization": f"Bearer {token}"}

    async def config(self, **headers: str) -> Any:
        return await self.api.http.get(
            "/v1/public/kiosk/config", headers={**self.headers, **headers}
        )

    async def send(self, *items: Any, **body: Any) -> Any:
        return await self.api.http.post(
            "/v1/public/kiosk/responses",
            json={"items": list(items), **body},
            headers=self.headers,
        )

    async def outcomes(self, *items: Any) -> list[str]:
        reply = await self.send(*items)
        assert reply.status_code == 200, reply.text
        return [result["outcome"] for result in reply.json()["results"]]


def item(sequence: int, happy: Any = 5, **fields: Any) -> dict[str, Any]:
    return {"sequence": sequence, "survey": "visit", "answers": {"happy": happy}, **fields}


async def register(api: Api, **body: Any) -> dict[str, Any]:
    reply = await api.http.post(
        "/v1/devices", json={"name": "Door", "touchpoint": "store.exit", **body}
    )
    assert reply.status_code == 201, reply.text
    return reply.json()


async def pair(api: Api, code: str) -> Any:
    return await api.http.post(
        "/v1/public/kiosk/pair", json={"code": code}, headers={"authorization": ""}
    )


@pytest.fixture
async def shop(api: Api) -> Api:
    reply = await api.push(SMILEY)
    assert reply.status_code == 201, reply.text
    return api


@pytest.fixture
async def kiosk(shop: Api) -> Kiosk:
    device = await register(shop)
    return Kiosk(shop, device, (await pair(shop, device["pairing_code"])).json()["token"])


async def stored(api: Api, key: str = "visit") -> list[dict[str, Any]]:
    reply = await api.http.get(f"/v1/surveys/{key}/responses", params={"limit": 1000})
    return reply.json()["responses"]


async def devices(api: Api) -> list[dict[str, Any]]:
    return (await api.http.get("/v1/devices")).json()["devices"]


async def test_a_code_of_eight_digits_registers_the_device_once(shop: Api) -> None:
    made = await register(shop)
    code = made["pairing_code"]
    assert len(code) == 8
    assert code.isdecimal()
    assert made["state"] == "waiting"
    assert made["kiosk_url"] == "https://feedback.example.com/kiosk"

    first = await pair(shop, f"{code[:4]} {code[4:]}")
    second = await pair(shop, code)

    assert first.status_code == 200
    assert first.json()["token"].startswith("hd_")
    assert second.status_code == 404
    assert second.json()["code"] == "pairing_code_unknown"
    [listed] = await devices(shop)
    assert listed["state"] == "registered"
    assert "pairing_code" not in listed


async def test_two_who_type_a_code_at_once_get_one_token(shop: Api) -> None:
    code = (await register(shop))["pairing_code"]

    replies = await asyncio.gather(*(pair(shop, code) for _ in range(8)))

    assert sorted(reply.status_code for reply in replies) == [200] + [404] * 7


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


async def test_tokens_and_codes_are_not_kept_as_they_are(kiosk: Kiosk) -> None:
    rows = await kiosk.api.runtime.db.fetch(
        "SELECT secret_digest, pairing_code FROM device WHERE workspace_id = $1",
        kiosk.api.runtime.home,
    )

    [(digest, code)] = rows
    assert code is None
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


async def test_a_batch_is_stored_once_however_often_it_comes(kiosk: Kiosk) -> None:
    items = [item(number, 1 + number % 5, clock_offset_s=-3.5) for number in range(1, 101)]

    first = await kiosk.send(*items)
    kiosk.api.clock.move(minutes=3)
    again = await kiosk.send(*items)

    assert first.json()["results"] == again.json()["results"]
    assert {result["outcome"] for result in first.json()["results"]} == {"stored"}
    found = await stored(kiosk.api)
    assert len(found) == 100
    [one] = [each for each in found if each["id"] == str(response_id(UUID(kiosk.id), 7))]
    assert one["channel"] == "kiosk"
    assert one["touchpoint"] == "store.exit"
    assert one["context"] == {"device": "Door", "clock_offset_s": -3.5}
    assert one["respondent"] is None


WRONG_CLOCKS = [timedelta(0), timedelta(hours=5), timedelta(days=-3000), timedelta(days=9)]


async def days(api: Api) -> list[str]:
    return [one["answered_at"][:10] for one in await stored(api)]


@pytest.mark.parametrize("wrong", WRONG_CLOCKS, ids=str)
async def test_what_was_kept_offline_counts_on_its_day_whatever_the_clock_says(
    kiosk: Kiosk, wrong: timedelta
) -> None:
    clock = kiosk.api.clock
    answered = clock.now + timedelta(days=4)
    clock.move(days=7)
    given = (answered + wrong).isoformat()

    await kiosk.send(item(1, answered_at=given), sent_at=(clock.now + wrong).isoformat())
    await kiosk.send(item(1, answered_at=given), sent_at=(clock.now + wrong).isoformat())

    assert await days(kiosk.api) == [f"{answered:%Y-%m-%d}"]


async def test_an_app_from_before_is_corrected_by_the_offset_that_it_knew(kiosk: Kiosk) -> None:
    clock = kiosk.api.clock
    began = clock.now + timedelta(days=4)
    clock.move(days=7)

    await kiosk.send(
        item(1, started_at=(began - timedelta(hours=30)).isoformat(), clock_offset_s=108_000),
        item(2, started_at=began.isoformat()),
        item(3, started_at=(clock.now + timedelta(days=2)).isoformat(), clock_offset_s=0),
    )

    today = f"{clock.now:%Y-%m-%d}"
    assert await days(kiosk.api) == [f"{began:%Y-%m-%d}", today, today]


async def test_a_press_that_waited_counts_on_its_day(shop: Api) -> None:
    shop.clock.move(days=7)
    press = {"survey": "visit", "answers": {"happy": 4}}
    headers = {"authorization": f"Bearer {await shop.key('public')}"}

    reply = await shop.http.post(
        "/v1/public/presses",
        json=[{"id": "1", "waited_ms": 2 * 86_400_000, **press}, {"id": "2", **press}],
        headers=headers,
    )

    assert [set(one) for one in reply.json()["results"]] == [{"receipt"}, {"receipt"}]
    ago = [shop.clock.now - timedelta(days=number) for number in (2, 0)]
    assert await days(shop) == [f"{day:%Y-%m-%d}" for day in ago]


async def test_the_same_batch_sent_at_once_by_two_tabs_is_stored_once(kiosk: Kiosk) -> None:
    items = [item(number) for number in range(1, 21)]

    replies = await asyncio.gather(*(kiosk.send(*items) for _ in range(4)))

    assert all(reply.json()["results"] == replies[0].json()["results"] for reply in replies)
    assert len(await stored(kiosk.api)) == 20


async def test_one_bad_item_stops_no_other(kiosk: Kiosk) -> None:
    reply = await kiosk.send(
        item(1),
        item(2, happy=9),
        item(3, survey="nowhere"),
        {"sequence": "4"},
        "not even an object",
        item(5, answers={"happy": "\x00"}),
        item(6),
    )

    results = reply.json()["results"]
    assert [result["outcome"] for result in results] == [
        "stored", "refused", "refused", "refused", "refused", "refused", "stored",
    ]  # fmt: skip
    assert [result["problem"]["code"] for result in results[1:6]] == [
        "invalid_submission", "survey_unknown", "wrong_shape", "wrong_shape", "nul_character",
    ]  # fmt: skip
    assert len(await stored(kiosk.api)) == 2


async def test_a_number_used_twice_is_told_and_changes_nothing(kiosk: Kiosk) -> None:
    assert await kiosk.outcomes(item(1, 5)) == ["stored"]

    reply = await kiosk.send(item(1, 2))

    [result] = reply.json()["results"]
    assert result["problem"]["code"] == "response_conflict"
    [one] = await stored(kiosk.api)
    assert one["answers"] == {"happy": 5}


async def test_trouble_of_the_server_means_later(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from harken_server.kernel.errors import StorageError

    async def fail(*_: Any) -> None:
        raise StorageError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(kiosk.api.runtime.db, "store", fail)
        assert await kiosk.outcomes(item(1)) == ["later"]

    assert await kiosk.outcomes(item(1)) == ["stored"]


async def test_limits_of_a_batch_are_named(kiosk: Kiosk) -> None:
    many = await kiosk.send(*(item(number) for number in range(1, 102)))
    assert many.status_code == 422
    assert "100" in many.text

    large = await kiosk.send(item(1, answers={"happy": 5, "why": "x" * 263_000}))
    assert large.status_code == 413
    assert await stored(kiosk.api) == []


@pytest.mark.parametrize("sequence", [0, -1, 2**31, 1.5, True, None])
async def test_a_sequence_is_a_whole_number_from_one(kiosk: Kiosk, sequence: Any) -> None:
    assert await kiosk.outcomes({**item(1), "sequence": sequence}) == ["refused"]


async def test_a_sign_of_life_is_remembered_with_what_the_device_says(kiosk: Kiosk) -> None:
    kiosk.api.clock.move(minutes=7)
    report = {"waiting": 3, "dead": 1, "discarded": 12, "clock_offset_s": -40.2}

    reply = await kiosk.send(report=report)

    assert reply.json()["results"] == []
    [listed] = await devices(kiosk.api)
    assert listed["report"] == report
    assert listed["last_seen_at"] == kiosk.api.clock().isoformat().replace("+00:00", "Z")


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
    assert (await kiosk.config()).json()["settings"]["exit_pin"] == "4821"
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
