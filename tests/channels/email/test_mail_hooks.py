"""Bounces and complaints, told by providers and by mail servers, are heeded once each."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest
from api_client import Api
from mail_notices import (
    ADDRESS,
    dsn,
    feedback_report,
    mailgun_event,
    postmark_bounce,
    postmark_change,
    sendgrid_event,
    ses_bounce,
    ses_complaint,
    sns,
    sns_confirmation,
)
from mail_visitors import Inbox

from harken_server.channels.email.rules.return_address import make_return_address
from harken_server.channels.email.settings import MailSettings
from harken_server.deliveries.store.deliveries import list_deliveries
from harken_server.http.settings import HttpSettings
from harken_server.invitations.invitation import Invitation
from harken_server.kernel.settings import Settings
from harken_server.respondents.store.suppressions import get_suppression, is_suppressed


class Office:
    """A workspace that sent one message to `ada@example.com`, and the hooks it was given."""

    def __init__(self, api: Api, invitation: Invitation, hooks: dict[str, str]) -> None:
        self.api = api
        self.db, self.home = api.runtime.db, api.runtime.home
        self.invitation = invitation
        self.hooks = hooks

    async def tell(self, provider: str, body: Any) -> httpx.Response:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        path = self.hooks[provider].removeprefix(
            self.api.runtime.settings.of(HttpSettings).public_url
        )
        return await self.api.http.post(path, content=raw, headers={"content-type": "text/plain"})

    async def state(self) -> str:
        sent = await list_deliveries(self.db, self.home, invitation_id=self.invitation.id)
        return sent[0].state

    async def reason(self) -> str | None:
        found = await get_suppression(self.db, self.home, self.invitation.respondent or "")
        return found.reason if found else None

    async def is_address_off(self) -> bool:
        return await is_suppressed(self.db, self.home, "somebody else", address=ADDRESS)

    async def events(self, **query: Any) -> list[dict[str, Any]]:
        reply = await self.api.http.get("/v1/mail/events", params=query)
        assert reply.status_code == 200, reply.text
        return reply.json()["events"]


@pytest.fixture
async def office(live: Api) -> Office:
    inbox = Inbox(live)
    invitation = await inbox.invite()
    await inbox.hand_over(invitation, at=live.clock() - timedelta(hours=1))
    reply = await live.http.post("/v1/mail/hooks")
    assert reply.status_code == 200, reply.text
    hooks = {hook["provider"]: hook["url"] for hook in reply.json()["hooks"]}
    return Office(live, invitation, hooks)


NOW_NOTICES: dict[str, tuple[str, Callable[[Api], Any], str]] = {
    "ses bounce": ("ses", lambda _: sns(ses_bounce()), "bounced"),
    "ses raw": ("ses", lambda _: ses_bounce(), "bounced"),
    "ses complaint": ("ses", lambda _: sns(ses_complaint()), "complained"),
    "postmark bounce": ("postmark", lambda _: postmark_bounce(), "bounced"),
    "postmark inactive": (
        "postmark", lambda _: {**postmark_bounce("Blocked", 100006), "Inactive": True}, "bounced"),
    "postmark complaint": ("postmark", lambda _: postmark_bounce("SpamComplaint"), "complained"),
    "postmark list": ("postmark", lambda _: postmark_change("HardBounce"), "bounced"),
    "sendgrid bounce": (
        "sendgrid", lambda api: [sendgrid_event("bounce", api.clock(), type="bounce")], "bounced"),
    "sendgrid dropped": (
        "sendgrid",
        lambda api: [sendgrid_event("dropped", api.clock(), reason="Bounced Address")], "bounced"),
    "sendgrid complaint": (
        "sendgrid", lambda api: [sendgrid_event("spamreport", api.clock())], "complained"),
    "mailgun failure": (
        "mailgun", lambda api: mailgun_event("failed", api.clock(), severity="permanent"),
        "bounced"),
    "mailgun complaint": (
        "mailgun", lambda api: mailgun_event("complained", api.clock()), "complained"),
    "generic": (
        "generic", lambda _: {"id": "1", "event": "hard_bounce", "address": ADDRESS}, "bounced"),
    "mail server": ("dsn", lambda _: dsn(), "bounced"),
    "feedback loop": ("dsn", lambda _: feedback_report(), "complained"),
}  # fmt: skip


@pytest.mark.parametrize("notice", NOW_NOTICES)
async def test_a_hard_bounce_or_complaint_is_heeded_at_once_and_once(office, notice):
    provider, make, reason = NOW_NOTICES[notice]
    reply = await office.tell(provider, make(office.api))
    assert (reply.status_code, reply.json()) == (
        200, {"accepted": 1, "repeated": 0, "ignored": 0},
    )  # fmt: skip
    assert await office.state() == reason
    assert await office.reason() == reason
    assert await office.is_address_off()

    again = await office.tell(provider, make(office.api))
    assert again.json() == {"accepted": 0, "repeated": 1, "ignored": 0}
    (event,) = await office.events()
    assert event["address"] == ADDRESS
    assert event["delivery_id"] is not None


UNSUBSCRIBES: dict[str, tuple[str, Callable[[Api], Any]]] = {
    "postmark": ("postmark", lambda _: postmark_change()),
    "sendgrid": ("sendgrid", lambda api: [sendgrid_event("group_unsubscribe", api.clock())]),
    "mailgun": ("mailgun", lambda api: mailgun_event("unsubscribed", api.clock())),
    "generic": ("generic", lambda _: [{"id": "1", "event": "unsubscribe", "address": ADDRESS}]),
}


@pytest.mark.parametrize("notice", UNSUBSCRIBES)
async def test_who_unsubscribes_with_the_provider_is_unsubscribed_here(office, notice):
    provider, make = UNSUBSCRIBES[notice]
    await office.tell(provider, make(office.api))
    assert await office.reason() == "unsubscribed"
    assert await office.state() == "sent"


SOFT: dict[str, tuple[str, Callable[[Api, int], Any]]] = {
    "ses": ("ses", lambda _, n: sns(ses_bounce("Transient", feedback=f"f-{n}"))),
    "postmark": ("postmark", lambda _, n: postmark_bounce("SoftBounce", 4096, n)),
    "sendgrid": (
        "sendgrid", lambda api, n: [sendgrid_event("bounce", api.clock(), n, type="blocked")]),
    "mailgun": (
        "mailgun",
        lambda api, n: mailgun_event("failed", api.clock(), number=n, severity="temporary")),
    "dsn": (
        "dsn", lambda _, n: dsn(action="delayed", status="4.2.2", message_id=f"<r{n}@mx.example>")),
}  # fmt: skip


@pytest.mark.parametrize("notice", SOFT)
async def test_three_soft_bounces_are_as_good_as_a_hard_one(office, notice):
    provider, make = SOFT[notice]
    for number in (1, 1, 2):
        await office.tell(provider, make(office.api, number))
    assert await office.reason() is None
    await office.tell(provider, make(office.api, 3))
    assert await office.reason() == "bounced"


@pytest.mark.parametrize(("apart_h", "is_off"), [(35.9, True), (37, False)])
async def test_soft_bounces_count_within_seventy_two_hours(office, apart_h, is_off):
    for number in range(3):
        at = office.api.clock().isoformat()
        event = {"id": str(number), "event": "soft_bounce", "address": ADDRESS, "occurred_at": at}
        await office.tell("generic", event)
        office.api.clock.move(hours=apart_h)
    assert await office.is_address_off() is is_off


async def test_a_signed_return_address_finds_its_delivery(office):
    (sent,) = await list_deliveries(office.db, office.home, invitation_id=office.invitation.id)
    keys = office.api.runtime.signing_keys
    to = make_return_address(keys, sent.id, "returns.shop.example")
    other = await Inbox(office.api).invite("latest with this address")
    await Inbox(office.api).hand_over(other, at=office.api.clock())
    await office.tell("dsn", dsn(to=to.upper()))
    (event,) = await office.events()
    assert event["delivery_id"] == str(sent.id)
    assert await office.state() == "bounced"


async def test_our_message_id_finds_its_delivery(office):
    other = await Inbox(office.api).invite("latest with this address")
    await Inbox(office.api).hand_over(other, at=office.api.clock())
    message_id = f"<{office.invitation.id}@mail.example>"
    await office.tell("ses", sns(ses_bounce(Message_ID=message_id)))
    assert await office.state() == "bounced"
    assert await office.reason() == "bounced"


async def test_an_address_nobody_wrote_to_is_kept_from_being_written_to(office):
    event = {"id": "1", "event": "complaint", "address": "Bo@Example.com"}
    assert (await office.tell("generic", event)).json()["accepted"] == 1
    assert await is_suppressed(office.db, office.home, "bo", address="bo@example.com")
    assert await office.reason() is None


async def test_a_subscription_is_kept_for_the_owner_to_confirm(office):
    url = "https://sns.eu-north-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336"
    await office.tell("ses", sns_confirmation(url))
    (event,) = await office.events()
    assert event["kind"] == "confirm"
    assert url in event["detail"]


@pytest.mark.parametrize(("provider", "body"), [
    ("ses", sns({"notificationType": "Delivery", "mail": {}})),
    ("ses", sns({}, "UnsubscribeConfirmation")),
    ("postmark", {"RecordType": "Open"}),
    ("postmark", postmark_bounce("AutoResponder", 32)),
    ("postmark", postmark_change(None)),
    ("sendgrid", [{"email": ADDRESS, "event": "delivered", "sg_event_id": "1"}]),
    ("mailgun", {"event-data": {"event": "opened", "id": "1", "recipient": ADDRESS}}),
    ("dsn", b"From: ada@example.com\nSubject: Out of office\n\nI am away."),
])  # fmt: skip
async def test_what_says_nothing_of_a_bounce_changes_nothing(office, provider, body):
    reply = await office.tell(provider, body)
    assert (reply.status_code, reply.json()) == (
        200, {"accepted": 0, "repeated": 0, "ignored": 1},
    )  # fmt: skip
    assert await office.events() == []
    assert await office.reason() is None


@pytest.mark.parametrize(("provider", "body", "path"), [
    ("ses", sns({"notificationType": "Bounce", "mail": {}}), "$.bounce"),
    ("ses", sns({"notificationType": "Bounce", "mail": {}, "bounce": {"bounceType": 5}}),
     "$.Message.bounce.bounceType"),
    ("ses", {"Type": "Notification", "Message": "hello"}, "$.Message"),
    ("ses", {"Type": "Notification", "Message": "[]"}, "$.Message"),
    ("ses", sns({"mail": {}}), "$.notificationType"),
    ("postmark", {"RecordType": "Bounce", "Type": "HardBounce", "ID": 1}, "$.Email"),
    ("postmark", {"Email": ADDRESS}, "$"),
    ("sendgrid", {"email": ADDRESS}, "$"),
    ("sendgrid", [{"email": ADDRESS, "event": "bounce"}], "$[0]"),
    ("mailgun", {"event-data": {"event": "failed", "id": 3}}, "$.event-data.id"),
    ("generic", {"id": "1", "event": "bounced", "address": ADDRESS}, "$.event"),
    ("generic", {"id": "1", "event": "complaint", "address": ADDRESS, "who": 1}, "$"),
    ("generic", {"id": "1", "event": "complaint", "address": "a" * 321}, "$.address"),
    ("generic", {"id": "1", "event": "complaint", "address": ADDRESS,
                 "occurred_at": "2026-11-21T12:00:00"}, "$.occurred_at"),
    ("dsn", b"no headers at all", "$"),
])  # fmt: skip
async def test_an_unknown_shape_is_refused_with_the_field(office, provider, body, path):
    reply = await office.tell(provider, body)
    assert reply.status_code == 422, reply.text
    assert [problem["path"] for problem in reply.json()["problems"]] == [path]
    assert await office.events() == []


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"id": "\\u0000"}'])
@pytest.mark.parametrize("provider", ["ses", "postmark", "sendgrid", "mailgun", "generic"])
async def test_what_is_no_json_is_refused(office, provider, body):
    assert (await office.tell(provider, body)).status_code in {400, 422}
    assert await office.events() == []


async def test_a_notice_has_a_limit(office):
    for provider in office.hooks:
        reply = await office.tell(provider, b" " * (256 * 1024 + 1))
        assert reply.status_code == 413
        assert reply.json()["code"] == "body_too_large"


async def test_only_the_hooks_own_token_opens_it(office, other_workspace):
    url = office.hooks["ses"].removeprefix(office.api.runtime.settings.of(HttpSettings).public_url)
    path, _, token = url.partition("?token=")
    body = json.dumps(sns(ses_bounce()))
    tries = [
        (path, ""), (path, token[:-1] + ("A" if token[-1] != "A" else "B")),
        ("/v1/hooks/mail/postmark", token), ("/v1/hooks/mail/dsn", token),
    ]  # fmt: skip
    for wrong, said in tries:
        reply = await office.api.http.post(wrong, params={"token": said}, content=body)
        assert reply.status_code == 401
    reply = await office.api.http.post("/v1/hooks/mail/other", params={"token": token})
    assert reply.status_code == 404
    assert await office.events() == []

    key = await other_workspace()
    own = await office.api.http.post("/v1/mail/hooks", headers={"authorization": f"Bearer {key}"})
    theirs = own.json()["hooks"][0]["url"].partition("?token=")[2]
    reply = await office.api.http.post(path, params={"token": theirs}, content=body)
    assert reply.json()["accepted"] == 1
    assert await office.events() == []
    assert await office.reason() is None


@pytest.mark.parametrize("scope", ["read", "write"])
async def test_hooks_are_given_to_those_who_manage(office, scope):
    key = await office.api.key(scope)
    reply = await office.api.http.post("/v1/mail/hooks", headers={"authorization": f"Bearer {key}"})
    assert reply.status_code == 403


@pytest.mark.parametrize(("signed_with", "status"), [("the key", 200), ("another", 401)])
async def test_mailguns_signature_is_checked_where_its_key_is_known(office, signed_with, status):
    parts = office.api.runtime.settings.parts.values()
    known = Settings([*parts, MailSettings(mailgun_signing_key="the key")])
    app = office.api.http._transport.app
    app._runtime = msgspec.structs.replace(office.api.runtime, settings=known)
    notice = mailgun_event("complained", office.api.clock(), key=signed_with)
    assert (await office.tell("mailgun", notice)).status_code == status
    assert await office.reason() == ("complained" if status == 200 else None)
    unsigned = {"event-data": notice["event-data"]}
    assert (await office.tell("mailgun", unsigned)).status_code == 401


async def test_events_are_listed_the_latest_first(office):
    for number in range(5):
        office.api.clock.move(seconds=1)
        event = {"id": str(number), "event": "soft_bounce", "address": f"a{number}@example.com"}
        await office.tell("generic", event)
    first = await office.events(limit=3)
    assert [event["name"] for event in first] == ["generic:4", "generic:3", "generic:2"]
    rest = await office.events(before=first[-1]["id"])
    assert [event["name"] for event in rest] == ["generic:1", "generic:0"]


async def test_an_event_from_the_future_happened_now(office):
    at = (office.api.clock() + timedelta(days=400)).isoformat()
    event = {"id": "1", "event": "soft_bounce", "address": ADDRESS, "occurred_at": at}
    await office.tell("generic", event)
    (kept,) = await office.events()
    assert kept["occurred_at"] == kept["created_at"]
