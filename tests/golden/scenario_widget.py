"""The widget: its files, configs, queue, previews and playground."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import timedelta
from typing import Any

from golden_stage import Stage
from golden_surveys import EVERY_TYPE, EVERYWHERE, LANGUAGES, ORDER

from harken import sign_identity

PICTURE = b"\x89PNG\r\n\x1a\n" + b"logo"
LOGO = "data:image/png;base64," + base64.b64encode(PICTURE).decode()
WHOLE = ("en", "de", "ar")
"""Languages whose configs are recorded in full."""
ORIGIN = {"origin": "https://shop.example"}
TARGETED: dict[str, Any] = {
    **EVERYWHERE,
    "key": "targeted",
    "touchpoints": ["order.secret_moment"],
    "presentation": {"theme": {"logo": LOGO, "accent": "#0b6e5f"}},
    "widget": {"mode": "modal", "opens": [{"on": "time", "seconds": 5}]},
}


async def play(stage: Stage) -> None:
    await stage.push(ORDER)
    await stage.push(TARGETED)
    await stage.push({**EVERY_TYPE, "widget": {"mode": "popover", "opens": [{"on": "exit"}]}})
    await stage.key("public")
    await stage.key("public", name="strict", origins=["https://shop.example"])
    await stage.get("/v1/widget/surveys")
    await _files(stage)
    await _configs(stage)
    await _queue(stage)
    await _pages(stage)


async def _files(stage: Stage) -> None:
    told = await stage.page("/widget/v1.js")
    await stage.page("/widget/v1.js", headers={"if-none-match": told.headers["etag"]})
    await stage.page("/widget/v1.js", headers={"accept-encoding": "br"})
    await stage.page("/widget/v1.js", headers={"accept-encoding": "identity"})
    await stage.page(f"/widget/v1.js?key={stage.keys['public']}", headers=ORIGIN)
    await stage.page("/widget/v1.js?key=hk_none")
    listed = await stage.page("/widget/integrity.json")
    for name in sorted(set(re.findall(r"[a-z]+-[0-9a-f]{10}\.js", listed.text))):
        await stage.page(f"/widget/{name}")
    await stage.page("/widget/none.js")
    await stage.page(f"/widget/logo/{hashlib.sha256(PICTURE).hexdigest()[:16]}.png")
    await stage.page("/widget/logo/none.png")


async def _configs(stage: Stage) -> None:
    public, strict = stage.keys["public"], stage.keys["strict"]
    for language in LANGUAGES:
        await stage.page(
            f"/widget/config?key={public}&locale={language}", is_brief=language not in WHOLE
        )
    told = await stage.page(f"/widget/config?key={public}", headers={"accept-language": "ar"})
    await stage.page(
        f"/widget/config?key={public}",
        headers={"accept-language": "ar", "if-none-match": told.headers["etag"]},
    )
    await stage.page(f"/widget/config?key={public}&survey=post_purchase")
    await stage.page(f"/widget/config?key={strict}", headers=ORIGIN)
    await stage.page(f"/widget/config?key={strict}", headers={"origin": "https://evil.example"})
    await stage.page("/widget/config?key=hk_none")
    await stage.page("/widget/config")


async def _queue(stage: Stage) -> None:
    body = {"survey": "post_purchase", "cooldown_days": 0}
    await stage.put("/v1/touchpoints/order.delivered", body, is_told=False)
    trigger = {"touchpoint": "order.delivered", "channel": "widget", "respondent": "c-42"}
    made = await stage.post("/v1/triggers", trigger, is_told=False)
    until = stage.clock() + timedelta(days=1)
    signature = sign_identity(stage.keys["manage"], "c-42", until)
    asked = {"respondent": "c-42", "signature": signature}
    for name, key, sent in (
        ("queue", "public", asked),
        ("queue", "public", {**asked, "respondent": "c-43"}),
        ("queue", "strict", asked),
        ("seen", "public", {"token": made.json()["invitation"]["code"], "what": "shown"}),
        ("seen", "public", {"token": made.json()["invitation"]["code"], "what": "dismissed"}),
        ("seen", "public", {"token": "none", "what": "shown"}),
        ("seen", "public", {"token": "x", "what": "lost"}),
        ("queue", "public", asked),
    ):
        await stage.call(
            "POST", f"/v1/public/widget/{name}?key={stage.keys[key]}", key=None,
            content=json.dumps(sent).encode(), headers={"content-type": "text/plain", **ORIGIN},
        )  # fmt: skip
    await stage.call("OPTIONS", "/v1/public/widget/queue", key=None, headers=ORIGIN)
    await stage.call("OPTIONS", "/widget/config", key=None, headers=ORIGIN)


async def _pages(stage: Stage) -> None:
    key = stage.keys["public"]
    for path in ("/widget/playground", f"/widget/playground?key={key}&survey=targeted&locale=de",
                 "/widget/playground?key=hk_none", "/widget/preview",
                 f"/widget/preview?key={key}&survey=targeted&locale=de",
                 "/widget/preview.js", "/widget/preview.css",
                 "/widget/playground.js"):  # fmt: skip
        await stage.page(path)
