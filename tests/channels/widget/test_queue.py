"""What the site's server asked for waits in the widget of that person, and of nobody else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from api_client import NOW, SURVEY, Api

from harken import sign_identity
from harken_server.invitations.redeeming_sql import find_invitation
from harken_server.respondents.store.suppressions import suppress

MINUTE = timedelta(minutes=1)


class Page:
    """A page of the site, with the public key in it and a server behind it that signs."""

    def __init__(self, api: Api, public: str, secret: str) -> None:
        self.api = api
        self.key = public
        self.secret = secret

    def sign(self, respondent: str, *, until: timedelta = timedelta(days=1)) -> str:
        return sign_identity(self.secret, respondent, self.api.clock() + until)

    async def post(self, path: str, body: Any, key: str | None = None, **headers: str) -> Any:
        return await self.api.http.post(
            f"/v1/public/widget/{path}",
            params={"key": key or self.key},
            content=json.dumps(body),
            headers={"content-type": "text/plain", "authorization": "", **headers},
        )

    async def queue(self, respondent: str = "c-42", **fields: Any) -> Any:
        body = {"respondent": respondent, "signature": self.sign(respondent), **fields}
        reply = await self.post("queue", body)
        assert reply.status_code == 200, reply.text
        return reply.json()

    async def seen(self, token: str, what: str, **fields: Any) -> httpx.Response:
        return await self.post("seen", {"token": token, "what": what, **fields})

    async def add_survey(self, key: str) -> str:
        """Publish one more survey, which a touchpoint of its own asks; the touchpoint's key."""
        touchpoint = f"{key}.happened"
        await self.api.push({**SURVEY, "key": key, "touchpoints": [touchpoint]})
        settings = {"survey": key, "cooldown_days": 0}
        await self.api.http.put(f"/v1/touchpoints/{touchpoint}", json=settings)
        return touchpoint

    async def ask(self, respondent: str = "c-42", **fields: Any) -> str:
        fields = {"channel": "widget", **fields}
        reply = await self.api.trigger(respondent=respondent, **fields)
        assert reply.json()["asked"], reply.text
        return reply.json()["invitation"]["code"]


@pytest.fixture
async def page(live: Api) -> Page:
    touchpoint = {"survey": "post_purchase", "cooldown_days": 0}
    reply = await live.http.put("/v1/touchpoints/order.delivered", json=touchpoint)
    assert reply.status_code == 200, reply.text
    return Page(live, await live.key("public"), await live.key("write"))


def tokens(queue: dict[str, Any]) -> list[str]:
    return [item["token"] for item in queue["asked"]]


async def test_a_trigger_waits_until_it_is_answered(page: Page) -> None:
    assert await page.queue() == {"asked": [], "phrases": {}}
    code = await page.ask(context={"store": "Oslo", "margin": 0.4})

    queue = await page.queue()
    reply = await page.api.submit(
        {"recommend": 9}, token=code, channel="widget", touchpoint="somewhere.else"
    )

    (item,) = queue["asked"]
    assert item["token"] == code
    assert item["touchpoint"] == "order.delivered"
    assert item["expires_at"] == "2026-12-21T12:00:00Z"
    assert item["survey"]["key"] == "post_purchase"
    assert item["survey"]["version"] == 1
    assert queue["phrases"]["en"]["close"]
    assert reply.status_code == 201, reply.text
    assert await page.queue() == {"asked": [], "phrases": {}}
    stored = await stored_response(page.api, reply.json()["id"])
    assert stored["respondent"] == "c-42"
    assert stored["respondent_verified"] is True
    assert (stored["channel"], stored["touchpoint"]) == ("widget", "order.delivered")
    assert stored["context"] == {"store": "Oslo", "margin": 0.4}


async def test_the_page_learns_only_the_context_that_the_survey_names(page: Page) -> None:
    await page.ask(context={"store": "Oslo", "margin": 0.4})

    (item,) = (await page.queue())["asked"]

    assert item["context"] == {"store": "Oslo"}


async def test_each_sees_their_own_oldest_first_and_at_most_five(page: Page) -> None:
    mine: list[str] = []
    for number in range(6):
        mine.append(await page.ask(touchpoint=await page.add_survey(f"survey_{number}")))
        page.api.clock.move(seconds=1)
    theirs = await page.ask("c-7")

    assert tokens(await page.queue()) == mine[:5]
    assert tokens(await page.queue("c-7")) == [theirs]
    assert tokens(await page.queue("c-4")) == []


async def test_other_channels_expired_closed_and_suppressed_ones_are_not_listed(
    page: Page,
) -> None:
    await page.ask(channel="receipt", touchpoint=await page.add_survey("on_paper"))
    assert tokens(await page.queue()) == []
    code = await page.ask()
    assert tokens(await page.queue()) == [code]

    await page.api.http.post("/v1/surveys/post_purchase/status", json={"status": "closed"})
    while_closed = await page.queue()
    await page.api.http.post("/v1/surveys/post_purchase/status", json={"status": "live"})
    again = await page.queue()
    await suppress(
        page.api.runtime.db, page.api.runtime.home, "c-42", reason="unsubscribed", now=NOW,
        new_id=uuid4(),
    )  # fmt: skip
    while_suppressed = await page.queue()
    await page.ask("c-7")
    page.api.clock.move(days=30)

    assert tokens(while_closed) == []
    assert tokens(again) == [code]
    assert tokens(while_suppressed) == []
    assert tokens(await page.queue("c-7")) == []


async def test_what_is_dismissed_is_not_offered_again_and_what_is_shown_is(page: Page) -> None:
    first = await page.ask()
    second = await page.ask(touchpoint=await page.add_survey("another"))

    shown = await page.seen(first, "shown", at="2026-11-21T11:00:00Z")
    page.api.clock.move(minutes=5)
    dismissed = await page.seen(second, "dismissed", at="2026-11-21T12:01:00Z")
    page.api.clock.move(minutes=5)
    again = await page.seen(second, "dismissed")

    assert [reply.status_code for reply in (shown, dismissed, again)] == [204, 204, 204]
    assert tokens(await page.queue()) == [first]
    kept = [await find_invitation(page.api.runtime.db, code) for code in (first, second)]
    assert [(each.shown_at, each.dismissed_at) for each in kept if each] == [
        (NOW, None),  # claimed to be before there was an invitation
        (NOW + MINUTE, NOW + MINUTE),
    ]


async def test_a_response_that_was_begun_can_be_gone_on_with(page: Page) -> None:
    code = await page.ask()
    identity = str(uuid4())
    await page.api.submit({"recommend": 3}, id=identity, token=code, complete=False)
    await page.api.push({**SURVEY, "title": "Your order, again"})

    (item,) = (await page.queue())["asked"]
    reply = await page.api.submit({"why": "cold"}, id=identity, token=code, sequence=2)

    assert item["response"] == {"id": identity, "sequence": 1}
    assert item["answers"] == {"recommend": 3}
    assert item["survey"]["version"] == 1
    assert reply.status_code == 201, reply.text
    assert tokens(await page.queue()) == []


async def test_two_tabs_answer_once(page: Page) -> None:
    code = await page.ask()

    replies = await asyncio.gather(
        *(page.api.submit({"recommend": rating}, token=code) for rating in (3, 9))
    )

    assert sorted(reply.status_code for reply in replies) == [201, 410]
    assert (await page.api.score())["n"] == 1


async def test_a_hundred_pages_read_the_queue_at_once(page: Page) -> None:
    code = await page.ask()

    queues = await asyncio.gather(*(page.queue() for _ in range(100)))

    assert [tokens(queue) for queue in queues] == [[code]] * 100


async def test_the_texts_are_those_of_the_page_then_of_the_trigger(page: Page) -> None:
    texts = {"en": "Your order", "de": "Ihre Bestellung", "fr": "Votre commande"}
    await page.api.push({**SURVEY, "title": texts, "locale": "en", "locales": ["de", "fr"]})
    await page.ask(locale="de")

    titles = [
        (await page.queue(**fields))["asked"][0]["survey"]["title"]
        for fields in ({}, {"locale": "fr-CA"}, {"locale": "xx"})
    ]

    assert titles == ["Ihre Bestellung", "Votre commande", "Ihre Bestellung"]


async def test_of_its_targeting_a_queued_survey_keeps_only_its_looks(page: Page) -> None:
    widget = {"mode": "modal", "position": "top_left", "sample_rate": 0, "pages": []}
    await page.api.push({**SURVEY, "widget": widget})
    await page.ask()

    modal = (await page.queue())["asked"][0]["survey"]
    await page.api.push({**SURVEY, "widget": {"mode": "tab"}})
    tab = (await page.queue())["asked"][0]["survey"]

    assert modal["widget"] == {"mode": "modal", "position": "top_left"}
    assert "widget" not in tab


Make = Callable[[Page], dict[str, Any]]

FORGERIES: dict[str, Make] = {
    "nothing": lambda page: {"respondent": "c-42", "signature": ""},
    "rubbish": lambda page: {"respondent": "c-42", "signature": "1.hk_abcde.9.\u00e9"},
    "another's": lambda page: {"respondent": "c-42", "signature": page.sign("c-43")},
    "expired": lambda page: {
        "respondent": "c-42", "signature": page.sign("c-42", until=timedelta(0)),
    },
    "public key": lambda page: {
        "respondent": "c-42", "signature": sign_identity(page.key, "c-42", NOW + MINUTE),
    },
    "no key of ours": lambda page: {
        "respondent": "c-42",
        "signature": sign_identity(page.secret[:8] + "wrong", "c-42", NOW + MINUTE),
    },
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
async def test_an_identity_that_is_not_proved_reads_no_queue(page: Page, name: str) -> None:
    await page.ask()

    reply = await page.post("queue", FORGERIES[name](page))

    assert reply.status_code == 403
    assert reply.json()["code"] == "identity_invalid"
    assert reply.headers["access-control-allow-origin"] == "*"


async def test_a_revoked_key_vouches_no_more(page: Page) -> None:
    listed = (await page.api.http.get("/v1/keys")).json()["keys"]
    (signer,) = [item["id"] for item in listed if item["scopes"] == ["write"]]
    body = {"respondent": "c-42", "signature": page.sign("c-42")}
    before = await page.post("queue", body)

    await page.api.http.delete(f"/v1/keys/{signer}")
    after = await page.post("queue", body)

    assert (before.status_code, after.status_code) == (200, 403)


async def test_another_workspace_sees_and_changes_nothing(
    page: Page, other_workspace: Callable[[], Awaitable[str]]
) -> None:
    code = await page.ask()
    elsewhere = await other_workspace()
    signature = sign_identity(elsewhere, "c-42", NOW + MINUTE)

    there = await page.post("queue", {"respondent": "c-42", "signature": signature}, elsewhere)
    crossed = await page.post("queue", {"respondent": "c-42", "signature": signature})
    seen = await page.post("seen", {"token": code, "what": "dismissed"}, elsewhere)

    assert there.json()["asked"] == []
    assert crossed.status_code == 403
    assert seen.status_code == 404
    assert tokens(await page.queue()) == [code]


@pytest.mark.parametrize("token", ["", "nonsense", "0000000000004", "receipt"])
async def test_every_wrong_token_is_unknown_alike(page: Page, token: str) -> None:
    if token == "receipt":
        token = await page.ask(channel="receipt")

    reply = await page.seen(token, "shown")

    assert reply.status_code == 404
    assert reply.json()["code"] == "invitation_unknown"


async def test_both_ask_for_a_key_that_may_be_public(page: Page) -> None:
    body = {"token": "0000000000004", "what": "shown"}
    none = await page.api.http.post("/v1/public/widget/seen", json=body)
    odd = await page.post("seen", body, "hello")
    unknown = await page.post("seen", body, "hk_unknown")
    reader = await page.post("seen", body, await page.api.key("read"))

    codes = [reply.json()["code"] for reply in (none, odd, unknown, reader)]
    assert codes == ["key_missing", "key_malformed", "key_unknown", "forbidden_scope"]
    assert [reply.status_code for reply in (none, odd, unknown, reader)] == [401, 401, 401, 403]


async def test_a_key_for_one_site_is_refused_on_another(page: Page) -> None:
    key = await page.api.key("public", origins=["https://shop.example"])
    body = {"respondent": "c-42", "signature": page.sign("c-42")}

    here = await page.post("queue", body, key, origin="https://shop.example")
    there = await page.post("queue", body, key, origin="https://evil.example")

    assert here.status_code == 200
    assert there.status_code == 403
    assert there.json()["code"] == "origin_not_allowed"
    assert there.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("path", ["queue", "seen"])
async def test_a_preflight_is_answered(page: Page, path: str) -> None:
    reply = await page.api.http.options(f"/v1/public/widget/{path}?key=x")

    assert reply.status_code == 204
    assert reply.headers["access-control-allow-origin"] == "*"
    assert "content-type" in reply.headers["access-control-allow-headers"]


@pytest.mark.parametrize("path", ["queue", "seen"])
async def test_refusals_can_be_read_by_the_page(page: Page, path: str) -> None:
    large = await page.post(path, {"respondent": "x" * 70_000})
    wrong = await page.post(path, {"what": "eaten", "respondent": 7})
    form = await page.post(path, {}, **{"content-type": "application/x-www-form-urlencoded"})
    broken = await page.api.http.post(
        f"/v1/public/widget/{path}?key={page.key}",
        content=b"{",
        headers={"content-type": "application/json"},
    )

    replies = (large, wrong, form, broken)
    assert [reply.status_code for reply in replies] == [413, 422, 415, 400]
    for reply in replies:
        assert reply.headers["access-control-allow-origin"] == "*"
        assert reply.headers["content-type"] == "application/problem+json"
        assert "set-cookie" not in reply.headers


async def stored_response(api: Api, identity: str) -> dict[str, Any]:
    reply = await api.http.get(f"/v1/surveys/post_purchase/responses/{identity}")
    return reply.json()
