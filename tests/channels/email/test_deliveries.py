"""What became of the mail of a survey, for those who ask over the API."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest
from api_client import Api
from mail_steps import PostOffice

from harken_server.invitations.invitation import Invitation
from harken_server.surveys.store.surveys import get_survey


async def _office(api: Api) -> PostOffice:
    survey = await get_survey(api.runtime.db, api.runtime.home, "post_purchase")
    assert survey is not None
    return PostOffice(api.runtime.db, api.runtime.home, api.clock, survey.id)


@pytest.mark.parametrize("mail_settings", [{}], ids=["none"])
async def test_mail_without_a_mail_server_waits_and_says_so(live: Api) -> None:
    office = await _office(live)
    invitation = await office.invite()

    reply = await live.http.get("/v1/surveys/post_purchase/deliveries")

    assert reply.status_code == 200
    (item,) = reply.json()["deliveries"]
    assert item["invitation"] == str(invitation.id)
    assert (item["state"], item["kind"], item["attempts"]) == ("queued", "invitation", 0)
    assert item["note"] == "Waits for a mail server: HARKEN_SMTP_URL is not set."
    one = await live.http.get(f"/v1/deliveries/{item['id']}")
    assert one.json() == item


async def test_a_trigger_on_the_channel_email_queues_a_mail_and_names_it(live: Api) -> None:
    reply = await live.trigger(respondent="ada", channel="email", email="ada@example.com")

    assert reply.status_code < 300, reply.text
    (item,) = (await live.http.get("/v1/surveys/post_purchase/deliveries")).json()["deliveries"]
    assert (item["respondent"], item["address"]) == ("ada", "ada@example.com")
    assert reply.json()["delivery"] == item["id"]


async def test_pages_lead_on_and_can_be_narrowed(live: Api) -> None:
    office = await _office(live)
    made: list[Invitation] = []
    for number in range(5):
        made.append(await office.invite(f"a{number}@example.com", f"r{number}"))
        live.clock.move(seconds=1)
    await office.db.execute(
        "UPDATE delivery SET state = 'failed' WHERE invitation_id = $1", made[1].id
    )

    seen: list[str] = []
    path = "/v1/surveys/post_purchase/deliveries?limit=2"
    while path:
        reply = await live.http.get(path)
        seen += [item["address"] for item in reply.json()["deliveries"]]
        link = reply.headers.get("link", "")
        path = link.partition(">")[0].removeprefix("<https://feedback.example.com")

    assert seen == [f"a{number}@example.com" for number in (4, 3, 2, 1, 0)]
    for query in ("state=failed", f"invitation={made[1].id}"):
        reply = await live.http.get(f"/v1/surveys/post_purchase/deliveries?{query}")
        assert [item["respondent"] for item in reply.json()["deliveries"]] == ["r1"]


async def test_only_what_failed_is_sent_again(live: Api) -> None:
    office = await _office(live)
    await office.invite()
    delivery = await office.only()
    path = f"/v1/deliveries/{delivery.id}/retry"

    for state in ("queued", "sending", "sent", "unknown", "bounced"):
        await office.db.execute("UPDATE delivery SET state = $1", state)
        reply = await live.http.post(path)
        assert (reply.status_code, reply.json()["code"]) == (409, "delivery_not_failed")
    await office.db.execute("UPDATE delivery SET state = 'failed', attempts = 9")
    await office.db.execute("UPDATE outbox SET finished_at = $1", live.clock())
    assert await office.claim() == []

    reply = await live.http.post(path)

    assert (reply.status_code, reply.json()["state"]) == (200, "queued")
    assert [item.id for item in await office.claim()] == [delivery.id]


async def test_deliveries_of_others_are_not_there(
    live: Api, other_workspace: Callable[[], Awaitable[str]]
) -> None:
    office = await _office(live)
    await office.invite()
    delivery = await office.only()
    own = {"authorization": f"Bearer {await other_workspace()}"}

    for path in (f"/v1/deliveries/{delivery.id}", f"/v1/deliveries/{uuid4()}", "/v1/deliveries/x"):
        reply = await live.http.get(path, headers=own)
        assert (reply.status_code, reply.json()["code"]) == (404, "delivery_unknown")
    reply = await live.http.post(f"/v1/deliveries/{delivery.id}/retry", headers=own)
    assert reply.status_code == 404
    assert isinstance(delivery.id, UUID)


async def test_a_query_that_makes_no_sense_is_named(live: Api) -> None:
    for query in ("state=lost", "limit=0", "before=x", "color=red"):
        reply = await live.http.get(f"/v1/surveys/post_purchase/deliveries?{query}")
        assert reply.status_code == 400, query
