"""Stores, tills, place codes, receipts that are scanned or typed, kiosks and buttons."""

from __future__ import annotations

import re
from typing import Any

import httpx
from golden_stage import Stage
from golden_surveys import LANGUAGES, ORDER

from harken.receipts import Till

HIDDEN = re.compile(r'type="hidden" name="(\w+)" value="([^"]*)"')
VISIT: dict[str, Any] = {
    "key": "visit",
    "title": "Your visit",
    "locales": ["de", "ar"],
    "touchpoints": ["store.exit"],
    "questions": [
        {
            "type": "csat", "key": "happy", "required": True,
            "text": {"en": "How was it?", "de": "Wie war es?", "ar": "كيف كانت؟"},
        },
        {"type": "long_text", "key": "why", "text": {"en": "Why?", "de": "Warum?", "ar": "لماذا؟"}},
    ],
}  # fmt: skip


async def play(stage: Stage) -> None:
    """Stores, tills and place codes of the API."""
    await stage.push(ORDER)
    await _stores(stage)
    await _tills(stage)
    await _place_codes(stage)


async def _stores(stage: Stage) -> None:
    await stage.post("/v1/stores", {"name": "Oslo", "details": {"city": "Oslo"}})
    await stage.post("/v1/stores", {"name": ""})
    made = await stage.post("/v1/stores", {"name": "Bergen"})
    await stage.get("/v1/stores")
    await stage.get("/v1/stores?limit=1")
    await stage.get(f"/v1/stores?after={made.json()['code']}")
    await stage.get(f"/v1/stores/{made.json()['code'].lower()}")
    await stage.get("/v1/stores/none")


async def _tills(stage: Stage) -> None:
    stores = (await stage.get("/v1/stores", is_told=False)).json()["stores"]
    base = f"/v1/stores/{stores[0]['code']}/tills"
    made = await stage.post(base, {"name": "Till 1", "touchpoint": "order.delivered"})
    await stage.post(base, {"name": "Till 2", "touchpoint": "order.delivered", "locale": "de"})
    await stage.post(base, {"name": "Till 3", "touchpoint": "none.such"})
    await stage.post("/v1/stores/none/tills", {"name": "T", "touchpoint": "order.delivered"})
    till = f"/v1/tills/{made.json()['number']}"
    await stage.get("/v1/tills")
    await stage.get(f"/v1/tills?store={stores[1]['code']}&limit=1")
    await stage.get("/v1/tills?store=none")
    await stage.get(till)
    await stage.patch(till, {"name": "By the door", "locale": "de"})
    await stage.patch(till, {"touchpoint": "none.such"})
    await stage.post(f"{till}/rotate", {"keep_old_until": "2026-12-01T00:00:00Z"})
    await stage.post(f"{till}/rotate")
    await stage.post(f"{till}/revoke")
    await stage.post(f"{till}/revoke", {"key_number": 300})
    for path in ("/v1/tills/0", "/v1/tills/none"):
        await stage.get(path)
    await stage.delete(till)
    await stage.post(f"{till}/rotate")


async def _place_codes(stage: Stage) -> None:
    base = "/v1/place-codes"
    store = (await stage.get("/v1/stores", is_told=False)).json()["stores"][0]["code"]
    body = {"touchpoint": "order.delivered", "label": "Door", "store": store}
    made = await stage.post(base, body)
    await stage.post(base, {"touchpoint": "order.delivered", "till": 16_000_000})
    await stage.post(base, {"touchpoint": "none.such"})
    await stage.get(base)
    await stage.get(f"{base}?limit=1&after=0")
    code = made.json()["code"]
    await stage.get(f"{base}/{code.lower()}")
    await stage.get(f"{base}/none")
    await stage.patch(f"{base}/{code}", {"label": "Window"})
    await stage.patch(f"{base}/{code}", {"touchpoint": "none.such"})
    await stage.page(made.json()["url"])
    await stage.delete(f"{base}/{code}")
    await stage.page(made.json()["url"])
    await stage.get(f"{base}/{code}")


async def play_receipts(stage: Stage) -> None:
    """A receipt's token, its pages, and what typing its number leads to."""
    await stage.push(ORDER)
    store = (await stage.post("/v1/stores", {"name": "Oslo"})).json()
    body = {"name": "Till 1", "touchpoint": "order.delivered"}
    made = await stage.post(f"/v1/stores/{store['code']}/tills", body)
    till = Till.from_text(made.json()["configuration"])
    minted = [
        till.mint(sequence=number, at=stage.clock(), strong=number == 3) for number in (1, 2, 3)
    ]
    stage.say("Printed receipts", *(repr(each) for each in minted), *(each.url for each in minted))
    first = await stage.page(f"/r/{minted[0].token}")
    await _answer(stage, f"/r/{minted[0].token}", first)
    await stage.page(f"/r/{minted[0].token}")
    await stage.page(f"/R/{minted[1].token}", headers={"accept-language": "de"})
    await _answer(stage, f"/R/{minted[1].token}", await stage.page(f"/R/{minted[1].token}"))
    await stage.page(f"/r/{minted[2].token}", address="203.0.113.7")
    await stage.page(f"/r/{minted[2].token[:-1]}X")
    await stage.call("HEAD", f"/r/{minted[2].token}", key=None)
    await stage.call("HEAD", f"/R/{minted[2].token}", key=None)
    await stage.page("/r/nothing")
    for language in LANGUAGES:
        await stage.page("/r", headers={"accept-language": language})
    await stage.page("/R")
    for path in ("/r", "/R"):
        await stage.call("HEAD", path, key=None)
    typed = f"/r/typed?store={store['code']}&number=00-1734&date=2026-11-20"
    page = await stage.page(typed)
    await _answer(stage, typed, page)
    await stage.page(typed)
    await stage.page("/r/typed?store=none&number=&date=tomorrow")
    stage.clock.move(days=400)
    await stage.page(f"/r/{minted[2].token}")
    await stage.get("/v1/surveys/post_purchase/responses")
    await stage.get("/v1/flagged-responses")
    await stage.get("/v1/flagged-responses?flag=receipt_typed&limit=1")
    await stage.get("/v1/flagged-responses?after=bad%20cursor")
    await stage.get("/v1/surveys/post_purchase/scores?question=recommend")


async def _answer(stage: Stage, path: str, page: httpx.Response) -> None:
    fields = {**dict(HIDDEN.findall(page.text)), "a_recommend": "9", "go": "next"}
    await stage.form(path, fields)


async def play_kiosk(stage: Stage) -> None:
    """Kiosks, their page and files, and button devices."""
    await stage.push(VISIT)
    settings = {"mode": "smiley", "languages": ["de", "en"], "timezone": "Europe/Oslo"}
    body = {"name": "Door", "touchpoint": "store.exit", "settings": settings}
    made = await stage.post("/v1/devices", body)
    await stage.post("/v1/devices", {**body, "touchpoint": "none.such"})
    await stage.post("/v1/devices", {**body, "settings": {"mode": "x"}})
    pair = "/v1/public/kiosk/pair"
    await stage.post(pair, {"code": "00000000"}, key=None)
    paired = await stage.post(pair, {"code": made.json()["pairing_code"]}, key=None)
    await stage.call("POST", pair, key=None, content=b"code=1")
    stage.keys["device"] = paired.json()["token"]
    config = "/v1/public/kiosk/config"
    found = await stage.get(config, key="device")
    await stage.get(config, key="device", headers={"if-none-match": found.headers["etag"]})
    await stage.get(config)
    send = "/v1/public/kiosk/responses"
    items = [
        {"sequence": 1, "survey": "visit", "answers": {"happy": 5}},
        {"sequence": 2, "survey": "visit", "answers": {"happy": 9}},
        {"sequence": 3, "survey": "none", "answers": {"happy": 1}, "locale": "de"},
        {"sequence": "x"},
    ]
    await stage.post(send, {"items": items, "report": {"waiting": 2}}, key="device")
    await stage.post(send, {"items": items[:1]}, key="device")
    await stage.post(send, {"items": 1}, key="device")
    await stage.post(send, {"items": []}, key=None)
    device = f"/v1/devices/{made.json()['id']}"
    await stage.get(device)
    await stage.put(device, {"survey": "visit", "settings": {"exit_pin": "1234"}})
    await stage.put(device, {"survey": "none"})
    await stage.get("/v1/devices/none")
    await stage.get(config, key="device")
    await stage.delete(device)
    await stage.delete(device)
    await stage.get(config, key="device")
    await stage.get("/v1/devices")
    page = await stage.page("/kiosk")
    for name in sorted(set(re.findall(r'(?:href|src)="kiosk/([^"]+)"', page.text))):
        await stage.page(f"/kiosk/{name}")
    for name in ("worker.js", "manifest.webmanifest", "icon.svg", "icon-192.png", "none.js"):
        await stage.page(f"/kiosk/{name}")
    await _buttons(stage)


async def _buttons(stage: Stage) -> None:
    await stage.key("public")
    path = "/v1/public/presses"
    press = {"survey": "visit", "answers": {"happy": 4}, "touchpoint": "desk.one"}
    once = {"idempotency-key": "button-7/1042"}
    await stage.post(path, press, key="public", headers=once)
    await stage.post(path, press, key="public", headers=once)
    await stage.post(path, [{**press, "id": "1"}, {**press, "answers": {"happy": 9}}], key="public")
    await stage.post(path, press, key=None)
    await stage.get("/v1/surveys/visit/responses?limit=2")
