"""Every public way on which anybody may answer, and who comes by it: people, and programs."""

from __future__ import annotations

import itertools
import re
from collections.abc import Awaitable, Callable, Mapping
from html.parser import HTMLParser
from typing import Any, TypeAlias
from uuid import uuid4

import httpx
from api_client import Api
from receipt_steps import TOUCHPOINT, Shop, open_shop

from harken_server.app import create_app

PHONE = "Mozilla/5.0 (a phone)"
SURVEY: dict[str, Any] = {
    "key": "post_purchase",
    "title": "Your visit",
    "touchpoints": [TOUCHPOINT],
    "questions": [
        {"type": "nps", "key": "recommend", "text": "Recommend us?"},
        {"type": "email", "key": "mail", "text": "Where do we write to?"},
        {"type": "short_text", "key": "name", "text": "Your name?"},
        {"type": "long_text", "key": "why", "text": "Why?"},
    ],
}
LONG = "The queue was long, the lift did not work, and nobody could tell us where to go instead."
"""More than anybody says in the very words of somebody else."""
Answers: TypeAlias = dict[str, Any]


class Fields(HTMLParser):
    """What the form of a page holds, and which of it people see."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.held: dict[str, str] = {}
        self.seen: dict[str, str] = {}
        """By name, the type of each field that is shown to people."""
        self.unseen: list[dict[str, str | None]] = []
        self._hidden_in = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        have = dict(attrs)
        name, kind = have.get("name") or "", have.get("type") or "text"
        if tag in {"p", "div"} and have.get("aria-hidden") == "true":
            self._hidden_in = tag
        if tag not in {"input", "textarea"} or not name:
            return
        if kind == "hidden":
            self.held[name] = have.get("value") or ""
        elif self._hidden_in:
            self.unseen.append(have)
        elif kind != "radio":
            self.seen[name] = kind
        elif "checked" in have:
            self.held[name] = have.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == self._hidden_in:
            self._hidden_in = ""


class Site:
    """A survey on every public way, and clients to come by them."""

    def __init__(self, api: Api, shop: Shop) -> None:
        self.api = api
        self.shop = shop
        self.numbers = itertools.count(1)

    def client(self, address: str = "", agent: str = PHONE) -> httpx.AsyncClient:
        """One of its own address, unless told."""
        number = next(self.numbers)
        where = address or f"198.51.{number // 250}.{number % 250}"
        transport = httpx.ASGITransport(create_app(self.api.runtime), client=(where, 5555))
        headers = {"user-agent": agent}
        return httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers)

    async def responses(self) -> list[dict[str, Any]]:
        """Everything stored, whatever its standing."""
        reply = await self.api.http.get("/v1/surveys/post_purchase/responses")
        assert reply.status_code == 200, reply.text
        return reply.json()["responses"]


async def open_site(api: Api) -> Site:
    """The survey, live, with a till that prints receipts for it."""
    shop = await open_shop(api)
    reply = await api.push(SURVEY)
    assert reply.status_code in {200, 201}, reply.text
    return Site(api, shop)


async def public_link(site: Site) -> str:
    return "/s/post_purchase"


async def named_link(site: Site) -> str:
    return f"/s/post_purchase?rid=c-{next(site.numbers)}"


async def invitation(site: Site) -> str:
    reply = await site.api.trigger(
        touchpoint=TOUCHPOINT, respondent=f"p-{next(site.numbers)}", channel="api"
    )
    return f"/i/{reply.json()['invitation']['code']}"


async def receipt(site: Site) -> str:
    return f"/R/{site.shop.token(next(site.numbers))}"


PAGES: Mapping[str, Callable[[Site], Awaitable[str]]] = {
    "public link": public_link,
    "named link": named_link,
    "invitation": invitation,
    "receipt": receipt,
}
"""Ways on which a page is shown: each gives an address for one more person."""
USUAL = {"named link": "unverified"}
"""What an answer on a way is worth, where it does not simply count."""


async def answer_page(  # who comes, where, and how
    site: Site,
    http: httpx.AsyncClient,
    path: str,
    answers: Answers,
    after_s: float,
    trap: str = "",
    **more: str,
) -> httpx.Response:
    """Open a page, and send it so much later; `more` are fields as a program would add them."""
    page = await http.get(path)
    assert page.status_code == 200, page.text
    fields = Fields(page.text)
    site.api.clock.move(seconds=after_s)
    held = fields.held | {str(field["name"]): trap for field in fields.unseen}
    given = {f"a_{key}": str(value) for key, value in answers.items()}
    sent = await http.post(path, data={**held, **given, **more, "go": "next"})
    assert sent.status_code == 200, sent.text
    return sent


async def answer_api(http: httpx.AsyncClient, answers: Answers, **parts: Any) -> httpx.Response:
    """What an app's own widget sends, without any key."""
    body = {"id": str(uuid4()), "survey": "post_purchase", "answers": answers, **parts}
    reply = await http.post("/v1/public/responses", json=body)
    assert reply.status_code == 201, reply.text
    return reply


def visible_text(html: str) -> str:
    """The words of a page that people and screen readers get."""
    spoken = re.sub(r'<p[^>]*aria-hidden="true".*?</p>', "", html, flags=re.DOTALL)
    return re.sub(r"<[^>]+>", " ", spoken)
