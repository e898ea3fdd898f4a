"""Stopping messages: one request, no cookie, no login; a GET stops nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest
from api_client import SURVEY, Api
from mail_visitors import Inbox

from harken_server.http.settings import HttpSettings
from harken_server.invitations.invitation import Invitation
from harken_server.invitations.links import unsubscribe_url
from harken_server.respondents.store.suppressions import is_suppressed, suppress

WHO = "seldom.seen@customer.example"
"""Its parts have dots, so that no token or digest holds one by chance."""
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


class Reader:
    """Somebody who got a message."""

    def __init__(self, inbox: Inbox, invitation: Invitation) -> None:
        self.inbox = inbox
        self.api = inbox.api
        self.invitation = invitation
        runtime = self.api.runtime
        url = unsubscribe_url(
            runtime.settings.of(HttpSettings).public_url,
            runtime.signing_keys,
            workspace_id=runtime.home,
            invitation_id=invitation.id,
            now=self.api.clock(),
        )
        self.path = url.removeprefix(runtime.settings.of(HttpSettings).public_url)

    async def holds(self, **options: str) -> tuple[bool, bool]:
        """Whether any survey, and whether this survey, must not be asked."""
        home, name = self.api.runtime.home, self.invitation.respondent or ""
        db = self.api.runtime.db
        return (
            await is_suppressed(db, home, name, **options),
            await is_suppressed(db, home, name, self.invitation.survey_id, **options),
        )

    async def choose(self, choice: str) -> httpx.Response:
        return await self.api.http.post(f"{self.path}/preferences", data={"choice": choice})


@pytest.fixture
async def reader(live: Api) -> Reader:
    inbox = Inbox(live)
    live.http.headers.pop("authorization")
    return Reader(inbox, await inbox.invite(WHO))


async def test_one_request_stops_all_messages(reader):
    for _ in range(2):
        reply = await reader.api.http.post(reader.path, data=ONE_CLICK)
        assert reply.status_code == 200
        assert "set-cookie" not in reply.headers
        assert await reader.holds() == (True, True)
    rows = await reader.api.runtime.db.fetch("SELECT respondent, reason FROM suppression")
    assert [tuple(row) for row in rows] == [(WHO, "unsubscribed")]


async def test_a_multipart_request_works_as_well(reader):
    reply = await reader.api.http.post(reader.path, files={"List-Unsubscribe": (None, "One-Click")})
    assert reply.status_code == 200
    assert await reader.holds() == (True, True)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_looking_stops_nothing(reader, method):
    for path in (reader.path, f"{reader.path}/preferences"):
        reply = await reader.api.http.request(method, path)
        assert reply.status_code == 200
    assert await reader.holds() == (False, False)


async def test_neither_the_address_nor_the_page_shows_who_it_is_for(reader):
    page = await reader.api.http.get(reader.path)
    name, _, host = WHO.partition("@")
    for text in (reader.path, page.text, str(page.headers)):
        assert name not in text
        assert host not in text


@pytest.mark.parametrize("place", [6, 20, 40, 60, -4])
async def test_an_altered_link_does_nothing_and_is_explained(reader, place):
    token = reader.path.removeprefix("/u/")
    other = "A" if token[place] != "A" else "B"
    altered = token[:place] + other + token[place:][1:] if place > 0 else token[:-4] + "AAAA"
    for path in (f"/u/{altered}", f"/u/{altered}/preferences"):
        for method in ("GET", "POST"):
            reply = await reader.api.http.request(method, path, data={"choice": "nothing"})
            assert reply.status_code == 404
            assert "This link does not work" in reply.text
    assert await reader.holds() == (False, False)


async def test_a_link_that_is_too_old_is_explained(reader):
    reader.api.clock.move(days=3 * 366)
    assert (await reader.api.http.post(reader.path, data=ONE_CLICK)).status_code == 404
    assert await reader.holds() == (False, False)


async def test_it_can_be_taken_back(reader):
    page = await reader.api.http.post(reader.path, data=ONE_CLICK)
    action = re.search(r'<form method="post" action="([^"]+)"', page.text)
    assert action is not None
    reply = await reader.api.http.post(f"/u/{action[1]}", data={"choice": "all"})
    assert reply.status_code == 200
    assert await reader.holds() == (False, False)


async def test_a_single_survey_can_be_left_out(reader):
    await reader.choose("not_this")
    assert await reader.holds() == (False, True)
    page = await reader.api.http.get(f"{reader.path}/preferences")
    assert re.search(r'value="not_this" checked', page.text)
    await reader.choose("nothing")
    assert await reader.holds() == (True, True)
    await reader.choose("not_this")
    assert await reader.holds() == (False, True)
    await reader.choose("all")
    assert await reader.holds() == (False, False)


async def test_the_address_of_the_message_is_left_in_peace_too(reader):
    await reader.inbox.hand_over(reader.invitation, at=reader.api.clock())
    await reader.choose("nothing")
    home, db = reader.api.runtime.home, reader.api.runtime.db
    assert await is_suppressed(db, home, "somebody else", address="Ada@Example.com")
    assert not await is_suppressed(db, home, "somebody else", address="bo@example.com")
    await reader.choose("all")
    assert not await is_suppressed(db, home, "somebody else", address=WHO)


async def test_what_the_owner_decided_cannot_be_lifted_through_the_link(reader):
    runtime = reader.api.runtime
    await suppress(
        runtime.db, runtime.home, WHO, reason="manual", now=reader.api.clock(),
        new_id=runtime.new_id(),
    )  # fmt: skip
    reply = await reader.choose("all")
    assert await reader.holds() == (True, True)
    assert "We will not write to you again" in reply.text


@pytest.mark.parametrize("choice", ["", "everything", "\x00"])
async def test_an_unknown_choice_is_refused(reader, choice):
    reply = await reader.choose(choice)
    assert reply.status_code == 422
    assert reply.json()["problems"][0]["path"] == "$.choice"


@pytest.mark.parametrize(("locale", "direction", "word"), [
    ("de-AT", "ltr", "Abbestellen"), ("ar", "rtl", "إلغاء الاشتراك"), ("eo", "ltr", "Unsubscribe"),
])  # fmt: skip
async def test_the_page_speaks_the_readers_language(reader, locale, direction, word):
    page = await reader.api.http.get(reader.path, headers={"accept-language": locale})
    assert word in page.text
    assert f'dir="{direction}"' in page.text
    assert "script-src" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "private, no-store"


async def test_texts_of_the_survey_stay_texts(api):
    hostile = "<script>alert(1)</script>"
    await api.push({**SURVEY, "title": hostile, "presentation": {"brand": hostile}})
    inbox = Inbox(api)
    reader = Reader(inbox, await inbox.invite("x"))
    for path in (reader.path, f"{reader.path}/preferences"):
        page = await api.http.get(path)
        assert "<script>" not in page.text
        assert "&lt;script&gt;" in page.text


async def test_unsubscribed_people_get_no_mail(reader):
    await reader.choose("nothing")
    reader.api.clock.move(seconds=timedelta(days=60).total_seconds())
    key = await reader.api.key("manage")
    reply = await reader.api.http.post(
        "/v1/triggers", headers={"authorization": f"Bearer {key}"},
        json={"touchpoint": "order.delivered", "respondent": WHO},
    )  # fmt: skip
    assert reply.json()["reason"] == "suppressed"


async def test_who_left_out_a_survey_is_not_asked_it_on_any_channel(reader):
    await reader.choose("not_this")
    key = await reader.api.key("manage")
    reader.api.clock.move(days=60)
    asked = {}
    for respondent in (WHO, "bo@example.com"):
        reply = await reader.api.http.post(
            "/v1/triggers", headers={"authorization": f"Bearer {key}"},
            json={"touchpoint": "order.delivered", "respondent": respondent, "channel": "widget"},
        )  # fmt: skip
        asked[respondent] = reply.json()["reason"]
    assert asked == {WHO: "suppressed", "bo@example.com": "asked"}
