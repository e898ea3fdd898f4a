"""A survey that the site's server asked for: shown at the next page view of that person."""

from __future__ import annotations

import asyncio
import datetime
import json
import urllib.request
from typing import Any

import pytest
from widget_steps import NO_SURVEY_S, answer, close, reason_is

import harken

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

DELIVERED = "order.delivered"
PERSON = "customer-42"
ON_TRIGGER: dict[str, Any] = {"opens": [], "pages": [{"match": "exact", "url": "/never"}]}


@pytest.fixture
def queued(publish) -> str:
    """A survey for a touchpoint, that no page opens by itself."""
    return publish(survey={"touchpoints": [DELIVERED]}, **ON_TRIGGER)


@pytest.fixture
def client(shop):
    """The site's server."""
    with harken.Client(shop.url, shop.key) as made:
        yield made


async def test_what_the_server_triggered_is_shown_at_the_next_page(host_page, shop, queued, client):
    signature = client.sign_identity(PERSON)
    identified = {"tag": {"data_respondent": PERSON, "data_signature": signature}}
    watched = await host_page(**identified)
    await watched.event("ready")

    decision = client.trigger(DELIVERED, respondent=PERSON, channel="widget", context={"n": 7})
    assert decision.asked, decision
    await host_page(on=watched, **identified)
    assert (await watched.event("shown"))["survey"] == queued
    await answer(watched, 5)

    [stored] = shop.responses(queued)
    assert stored["answers"] == {"recommend": 5}
    assert stored["channel"] == "widget"
    assert stored["touchpoint"] == DELIVERED
    assert stored["respondent"] == PERSON
    assert stored["respondent_verified"] is True
    await host_page(on=watched, **identified)
    await watched.page.wait_for_timeout(NO_SURVEY_S * 1000)
    assert watched.names().count("shown") == 1, "an answered invitation is over"
    assert watched.complaints == []


async def test_identify_in_code_asks_for_the_queue_at_once(host_page, queued, client):
    client.trigger(DELIVERED, respondent=PERSON, channel="widget")
    watched = await host_page()
    await watched.event("ready")

    await watched.page.evaluate(
        "([id, signature]) => harken.identify(id, signature)",
        [PERSON, client.sign_identity(PERSON)],
    )

    assert (await watched.event("shown"))["survey"] == queued


async def test_what_was_begun_elsewhere_stays_until_the_person_comes_to_it(
    host_page, shop, publish, client
):
    questions = [
        {"type": "nps", "key": "recommend", "text": "Recommend?"},
        {"type": "long_text", "key": "why", "text": "Why?", "required": True},
    ]
    survey = publish(survey={"touchpoints": [DELIVERED], "questions": questions}, **ON_TRIGGER)
    decision = client.trigger(DELIVERED, respondent=PERSON, channel="widget")
    token = decision.invitation.code
    begun = {"recommend": 3, "why": "Late"}
    client.responses.submit(None, begun, token=token, complete=False)
    tag = {"data_respondent": PERSON, "data_signature": client.sign_identity(PERSON)}

    watched = await host_page(tag=tag)
    await watched.event("shown")
    await watched.page.get_by_role("radio", name="4", exact=True).check(force=True)
    await close(watched.page)

    for _ in range(100):
        [stored] = await asyncio.to_thread(shop.responses, survey)
        if stored["sequence"] > 1:
            break
        await asyncio.sleep(0.1)
    assert stored["answers"] == {"recommend": 4, "why": "Late"}


def queue_of(shop, signature) -> list:
    """What the server would show this person."""
    address = f"{shop.url}/v1/public/widget/queue?key={shop.public_key}"
    body = json.dumps({"respondent": PERSON, "signature": signature}).encode()
    request = urllib.request.Request(address, body, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as reply:
        return json.loads(reply.read())["asked"]


async def test_a_dismissed_invitation_does_not_come_back(host_page, shop, queued, client):
    signature = client.sign_identity(PERSON)
    identified = {"tag": {"data_respondent": PERSON, "data_signature": signature}}
    client.trigger(DELIVERED, respondent=PERSON, channel="widget")
    watched = await host_page(**identified)
    await watched.event("shown")
    await close(watched.page)
    await watched.event("dismissed")
    # A beacon tells the server, in the browser's own time.
    for _ in range(100):
        if not await asyncio.to_thread(queue_of, shop, signature):
            break
        await asyncio.sleep(0.1)

    await host_page(on=watched, **identified)
    await watched.event("ready", 2)
    await watched.page.wait_for_timeout(NO_SURVEY_S * 1000)

    assert watched.names().count("shown") == 1


@pytest.mark.parametrize("signature", ["", "wrong", "another", "expired"])
@pytest.mark.few(2)
async def test_nobody_sees_the_queue_of_another(host_page, shop, queued, client, signature):
    client.trigger(DELIVERED, respondent=PERSON, channel="widget")
    tag = {"data_respondent": PERSON}
    if signature == "wrong":
        tag["data_signature"] = client.sign_identity(PERSON)[:-2] + "AA"
    elif signature == "another":
        tag["data_signature"] = client.sign_identity("customer-43")
    elif signature == "expired":
        past = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=5)
        tag["data_signature"] = harken.sign_identity(shop.key, PERSON, past)

    watched = await host_page(tag=tag)
    await watched.event("ready")
    await watched.page.wait_for_timeout(NO_SURVEY_S * 1000)

    assert "shown" not in watched.names()
    assert watched.complaints == []


@pytest.mark.parametrize("is_signed", [False, True])
async def test_an_unsigned_identity_is_stored_as_claimed(
    host_page, shop, publish, client, is_signed
):
    survey = publish()
    tag = {"data_respondent": PERSON}
    if is_signed:
        tag["data_signature"] = client.sign_identity(PERSON)

    watched = await host_page(tag=tag)
    await answer(watched)

    [stored] = shop.responses(survey)
    assert stored["respondent"] == PERSON
    assert bool(stored.get("respondent_verified")) is is_signed


async def test_context_and_touchpoint_of_the_tag_are_stored(host_page, shop, publish):
    survey = publish(survey={"context": {"store": "our shop"}})
    tag = {"data_touchpoint": "order.paid", "data_context_store": "Oslo 3", "data_locale": "en"}

    watched = await host_page(tag=tag)
    await answer(watched)

    [stored] = shop.responses(survey)
    assert stored["touchpoint"] == "order.paid"
    assert stored["context"] == {"store": "Oslo 3"}
    assert stored["locale"] == "en"


async def test_a_queue_that_cannot_be_reached_does_not_keep_others_from_showing(
    host_page, open_page, publish, client
):
    survey = publish()
    watched = await open_page()
    await watched.watch_widget()
    await watched.page.route("**/v1/public/widget/queue?*", lambda route: route.abort())
    identified = {"data_respondent": PERSON, "data_signature": client.sign_identity(PERSON)}

    await host_page(tag=identified, on=watched)

    assert (await watched.event("shown"))["survey"] == survey
    await reason_is(watched, survey, "shown")
