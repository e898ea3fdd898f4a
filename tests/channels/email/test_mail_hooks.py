"""Bounces and complaints, told by providers and by mail servers, are heeded once each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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

from harken_server.channels.email.rules.addresses import make_return_address
from harken_server.deliveries.store.deliveries import list_deliveries
from harken_server.respondents.store.suppressions import is_suppressed

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
