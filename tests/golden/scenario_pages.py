"""The hosted page of a survey: every question type, every language, errors, thanks, and closing."""

from __future__ import annotations

import re
from typing import Any

from golden_stage import Stage
from golden_surveys import EVERY_TYPE, EVERYWHERE, LANGUAGES, ORDER

HIDDEN = re.compile(r'type="hidden" name="(\w+)" value="([^"]*)"')
FIELDS: dict[str, Any] = {
    "a_recommend": "9", "a_room": "4", "a_easy": "6", "a_food": "5", "a_pool": "7", "a_again": "2",
    "a_why": "other", "a_why.other": "Ein Fest", "a_used": ["spa", "gym"],
    "a_staff.desk": "great", "a_staff.clean": "good",
    "a_rank.1": "price", "a_rank.2": "quiet", "a_rank.3": "place",
    "a_comment": "Lovely <b>stay</b>", "a_nights": "3", "a_arrival": "2026-11-18",
    "a_mail": "ada@example.com", "a_phone": "+47 22 33 44 55", "a_ok": "yes",
}  # fmt: skip
WRONG: dict[str, Any] = {
    "a_room": "99", "a_why": "other", "a_why.other": "", "a_used": ["spa", "nothing"],
    "a_staff.desk": "great", "a_rank.1": "price", "a_rank.2": "price", "a_nights": "3.5",
    "a_arrival": "2026-02-30", "a_mail": "no", "a_phone": "x",
}  # fmt: skip


async def play(stage: Stage) -> None:
    await stage.push(EVERY_TYPE)
    await stage.push(EVERYWHERE)
    await stage.push({**ORDER, "key": "step", "presentation": {"pages": "question"}})
    await _every_type(stage)
    for language in LANGUAGES:
        page = await stage.page(f"/s/post_purchase?lang={language}")
        hidden = dict(HIDDEN.findall(page.text))
        await stage.form(f"/s/post_purchase?lang={language}", {**hidden, "go": "next"})
        await stage.form("/s/post_purchase", {**hidden, "a_recommend": "9", "go": "next"})
    await _step_by_step(stage)
    await _odd_addresses(stage)


async def _every_type(stage: Stage) -> None:
    page = await stage.page("/s/every_type")
    await stage.page("/s/every_type", headers={"accept-language": "ar"})
    await stage.call("HEAD", "/s/every_type", key=None)
    hidden = dict(HIDDEN.findall(page.text))
    await stage.form("/s/every_type", {**hidden, **WRONG, "go": "next"})
    await stage.form("/s/every_type", {**hidden, **FIELDS, "a_comment": "x" * 2001, "go": "next"})
    await stage.form("/s/every_type", {**hidden, "go": "next"})
    await stage.form("/s/every_type", {**hidden, **FIELDS, "clear": "again"})
    await stage.form("/s/every_type", {**hidden, **FIELDS, "lang": ["en", "ar"]})
    await stage.form("/s/every_type", {**hidden, **FIELDS, "go": "next"})
    await stage.form("/s/every_type", {**hidden, **FIELDS, "go": "next"})
    await stage.get("/v1/surveys/every_type/responses")


async def _step_by_step(stage: Stage) -> None:
    page = await stage.page("/s/step?store=Oslo&lang=de")
    hidden = dict(HIDDEN.findall(page.text))
    second = await stage.form("/s/step", {**hidden, "a_recommend": "3", "go": "next"})
    hidden = dict(HIDDEN.findall(second.text))
    await stage.form("/s/step", {**hidden, "go": "back"})
    await stage.form("/s/step", {**hidden, "a_reason": "price", "go": "next"})


async def _odd_addresses(stage: Stage) -> None:
    await stage.page("/s/nothing")
    await stage.page("/s/every_type?a_recommend=9")
    await stage.call("POST", "/s/every_type", key=None, content=b"x" * 300_000)
    await stage.call("POST", "/s/every_type", key=None, content=b"%FF=%00")
    await stage.call("PUT", "/s/every_type", key=None)
    await stage.page("/s/%FF")
    await stage.page("/s/a%00b")
    trigger = {"touchpoint": "order.delivered", "respondent": "ada", "context": {"store": "Oslo"}}
    made = await stage.post("/v1/triggers", {**trigger, "locale": "de"})
    for letter in ("i", "I"):
        path = f"/{letter}/{made.json()['invitation']['code']}"
        page = await stage.page(path)
        await stage.call("HEAD", path, key=None)
        fields = {**dict(HIDDEN.findall(page.text)), "a_recommend": "8", "go": "next"}
        await stage.form(path, fields)
    await stage.page(path)
    await stage.page("/i/nothing")
    await stage.post("/v1/surveys/every_type/status", {"status": "closed"}, is_told=False)
    await stage.page("/s/every_type")
    await stage.page("/s/every_type", headers={"accept-language": "ar"})
