"""What the site's server asked for waits in the widget of that person, and of nobody else."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

from api_client import NOW, SURVEY, Api
from queue_page import MINUTE, Page, tokens

from harken_server.invitations.redeeming_sql import find_invitation
from harken_server.respondents.store.suppressions import suppress


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


async def stored_response(api: Api, identity: str) -> dict[str, Any]:
    reply = await api.http.get(f"/v1/surveys/post_purchase/responses/{identity}")
    return reply.json()
