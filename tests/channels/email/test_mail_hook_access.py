"""What mail hooks refuse, who may have them, and what they took."""

from __future__ import annotations

import json
from datetime import timedelta

import msgspec
import pytest
from mail_notices import (
    ADDRESS,
    mailgun_event,
    ses_bounce,
    sns,
)

from harken_server.channels.email.settings import MailSettings
from harken_server.http.settings import HttpSettings
from harken_server.kernel.settings import Settings


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
