"""The table of ways in: every public route stands in it, and what it says is what is stored."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
from api_client import Api
from ways_in import Open, opened

from harken import sign_identity
from harken_server.channels.kiosk.collect import KioskItem
from harken_server.channels.kiosk.pressing import Press
from harken_server.channels.messages.conversation import ReplyBody
from harken_server.responses.submission import Submission
from harken_server.routes import FAST, PUBLIC

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "ways-in.md"
SAYS = {
    "store": "Forged", "store_code": "GFY2-G", "till": "T9", "receipt": "1-1", "device": "Forged",
    "rid": "forged", "clock_offset_s": 1, "date": "2026-01-01",
}  # fmt: skip
"""What only a receipt, a place, a device or a name in an address says, where it is true."""
CLAIMS: dict[str, Any] = {"touchpoint": "forged.one", "context": SAYS}
CONTENT = {
    "id", "survey", "answers", "version", "token", "complete", "sequence", "resume", "cleared",
    "locale", "signature", "started_at", "waited_ms", "answered_at", "pressed_at", "medium",
    "reply", "message", "question",
}  # fmt: skip
"""Fields that say nothing of where an answer comes from, or prove it themselves."""
CLAIMABLE = {"channel", "touchpoint", "respondent", "context", "clock_offset_s"}
Way = Callable[[Open], Awaitable[httpx.Response]]


def rows() -> dict[str, dict[str, str]]:
    found = [line.strip("| ").split(" | ") for line in PAGE.read_text("utf-8").splitlines()
             if line.startswith("| ")]  # fmt: skip
    head, *rest = found
    head = [name.strip("`") for name in head]
    return {row[0]: dict(zip(head, row, strict=True)) for row in rest}


OF_THE_HOUSE = ("/console/", "/sign-in", "/sign-out", "/set-up/", "/join/", "/reset", "/guest/")
"""Forms of people of the house, who answer nothing there: `tests/console/test_roles.py`."""


def test_every_public_route_that_takes_something_stands_in_the_table() -> None:
    paths = {path for route in PUBLIC if "POST" in route.http_methods for path in route.paths}
    paths |= {route.path for route in FAST}
    named = {re.sub(r":\w+\}", "}", path) for path in paths}
    named = {path for path in named if not re.match(r"/[A-Z]/", path)}  # capitals: the same route
    named = {path for path in named if not path.startswith(OF_THE_HOUSE)}

    told = set(re.findall(r"`POST ([^`]+)`", PAGE.read_text("utf-8")))

    assert told == named


def test_every_field_of_an_answer_is_known_as_a_claim_or_as_none() -> None:
    bodies = (Submission, KioskItem, Press, ReplyBody)
    fields = {name for body in bodies for name in body.__struct_fields__}

    assert fields == CONTENT | CLAIMABLE


async def submit(there: Open, key: str | None, **more: Any) -> httpx.Response:
    held = there.api.http.headers.pop("authorization")
    if key:
        there.api.http.headers["authorization"] = f"Bearer {key}"
    body = {"respondent": "claimed", **CLAIMS, **more}
    reply = await there.api.submit({"recommend": 9}, **body)
    there.api.http.headers["authorization"] = held
    return reply


async def press(there: Open, key: str) -> httpx.Response:
    sent = {"id": uuid4().hex, "survey": "post_purchase", "answers": {"recommend": 9}, **CLAIMS}
    headers = {"authorization": f"Bearer {key}"}
    return await there.api.http.post("/v1/public/presses", json=[sent], headers=headers)


async def signed(there: Open) -> httpx.Response:
    until = there.api.clock() + timedelta(days=1)
    signature = sign_identity(await there.api.key("write"), "ada", until)
    return await submit(there, None, respondent="ada", signature=signature)


async def code_of(there: Open, channel: str, **about: Any) -> str:
    about = {"respondent": uuid4().hex, "channel": channel, **about}
    return (await there.api.trigger(**about)).json()["invitation"]["code"]


async def invited(there: Open) -> httpx.Response:
    return await submit(there, None, token=await code_of(there, "web"), channel="widget")


async def kiosk(there: Open) -> httpx.Response:
    context = {"store": "Hall"}
    sent = {"sequence": 3, "survey": "post_purchase", "answers": {"recommend": 9}}
    body = {"items": [{**sent, "context": context}]}
    path = "/v1/public/kiosk/responses"
    return await there.api.http.post(path, json=body, headers=there.device)


async def conversation(there: Open) -> httpx.Response:
    body = {"token": await code_of(there, "chat"), "channel": "receipt", "reply": "9"}
    return await there.api.http.post("/v1/public/replies", json=body)


async def text_message(there: Open) -> httpx.Response:
    await there.api.http.put("/v1/respondents/kim", json={"phone": "+4740000001"})
    await code_of(there, "sms", respondent="kim")
    hook = (await there.api.http.post("/v1/messages/hooks")).json()["generic_url"]
    sent = {"from": "+4740000001", "text": "9", "id": "m-1"}
    return await there.api.http.post("/v1" + hook.partition("/v1")[2], json=sent)


async def place(there: Open) -> str:
    made = await there.api.http.post("/v1/place-codes", json={"touchpoint": "order.delivered"})
    return urlsplit(made.json()["url"]).path


async def at_place(there: Open, query: str = "") -> httpx.Response:
    return await there.shop.answer(await place(there) + query)


async def by_mail(there: Open) -> httpx.Response:
    code = await code_of(there, "email", email="kim@example.com")
    return await there.shop.answer(f"/e/{code}")


async def by_link(there: Open) -> httpx.Response:
    return await there.shop.answer(f"/i/{await code_of(there, 'web')}")


async def with_key(there: Open) -> httpx.Response:
    return await submit(there, await there.api.key("write"), channel="receipt")


async def with_public_key(there: Open) -> httpx.Response:
    return await submit(there, there.public, channel="widget")


async def button_of_house(there: Open) -> httpx.Response:
    return await press(there, await there.api.key("write"))


WAYS: dict[str, tuple[Way, str, list[str]]] = {
    "anybody": (lambda there: submit(there, None), "api", sorted(SAYS)),
    "with a public key": (with_public_key, "widget", sorted(SAYS)),
    "with a signed identity": (signed, "api", sorted(SAYS)),
    "with an invitation's code": (invited, "web", sorted(SAYS)),
    "with a key that may write": (with_key, "receipt", []),
    "a button with a public key": (lambda there: press(there, there.public), "button",
                                   sorted(SAYS)),
    "a button with a key that may write": (button_of_house, "button", []),
    "a kiosk with its token": (kiosk, "kiosk", []),
    "a conversation with an invitation's code": (conversation, "chat", []),
    "a text message by the carrier's hook": (text_message, "sms", []),
    "the public page": (
        lambda there: there.shop.answer("/s/post_purchase?store=x&channel=kiosk"), "web", []),
    "the public page, with a name in its address": (
        lambda there: there.shop.answer("/s/post_purchase?rid=c-7"), "email", []),
    "a personal link": (by_link, "web", []),
    "the link of a mail": (by_mail, "email", []),
    "a signed receipt": (
        lambda there: there.shop.answer(f"/r/{there.shop.token(7)}"), "receipt", []),
    "a code printed for a place": (at_place, "receipt", []),
    "the same with a receipt number": (lambda there: at_place(there, "?n=77"), "receipt", []),
}  # fmt: skip


async def test_each_way_in_stores_what_the_table_says(api: Api) -> None:
    there = await opened(api, {})
    table = rows()
    assert WAYS.keys() == table.keys()
    seen: set[str] = set()

    for name, (send, channel, claimed) in WAYS.items():
        reply = await send(there)
        assert reply.status_code in {200, 201}, (name, reply.text)
        (item,) = [one for one in await there.shop.responses() if one["id"] not in seen]
        seen.add(item["id"])
        said = {key: text.strip("`").replace("none", "") for key, text in table[name].items()}
        proofs = item["origin_proof"], item["respondent_proof"]
        assert proofs == (said["origin_proof"], said["respondent_proof"]), name
        assert item["standing"] == said["standing"].partition("`")[0], name
        assert (item["channel"], item["claimed_context"]) == (channel, claimed), name
        assert item["respondent_verified"] == bool(item["respondent_proof"])
