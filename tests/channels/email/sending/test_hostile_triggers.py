"""Triggers and people with hostile fields: refused by name, or asked by a mail that arrives."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from api_client import SURVEY, Api
from hostile_texts import TRICKS
from mail_sink import Sink
from mail_steps import KEYS, MAIL_SETTINGS, QUICK
from msgspec import inspect
from tiers import POSTGRES_NIGHTLY, nightly

from harken_server.asking.api.respondents import RespondentBody
from harken_server.asking.requests import TriggerRequest
from harken_server.channels.email.channel import EMAIL
from harken_server.channels.email.sending.mail import open_mail
from harken_server.configuration import load_settings
from harken_server.database import outbox
from harken_server.deliveries.channels import Sends
from harken_server.deliveries.handing_over import Dispatcher
from harken_server.deliveries.rules import send_kind
from harken_server.kernel.work_outcomes import Done

pytestmark = POSTGRES_NIGHTLY
GREETING = "{{context.store}}"
HOSTILE = SURVEY | {
    "email": {"subject": GREETING, "preheader": GREETING, "intro": GREETING},
    "title": GREETING,
}


def text_fields(kind: type[msgspec.Struct]) -> list[str]:
    """Fields of a body that take texts, alone or as values of a map."""
    shape = inspect.type_info(kind)
    assert isinstance(shape, inspect.StructType)
    return [field.encode_name for field in shape.fields if _takes_text(field.type)]


def _takes_text(kind: Any) -> bool:
    parts = kind.types if isinstance(kind, inspect.UnionType) else (kind,)
    return any(
        isinstance(part, inspect.StrType)
        or (isinstance(part, inspect.DictType) and _takes_text(part.value_type))
        for part in parts
    )


def filled(field: str, trick: str) -> dict[str, Any]:
    return {field: {"store": trick} if field in {"context", "traits"} else trick}


async def deliver(api: Api, sink: Sink) -> int:
    """Send all that is due; how many were handed over. Nothing may fail."""
    loaded = load_settings({**MAIL_SETTINGS, "HARKEN_SMTP_URL": sink.url})
    assert isinstance(EMAIL.way, Sends)
    sent = 0
    async with open_mail(loaded, KEYS, patience=QUICK) as sender:
        mailroom = Dispatcher(api.runtime.db, sender, EMAIL.way.limits(loaded), clock=api.clock)
        while items := await outbox.claim_due(
            api.runtime.db, api.clock(), 100, 20.0, kind=send_kind("email")
        ):
            for item in items:
                assert await mailroom.send(item) == Done()
                sent += 1
    return sent


@pytest.mark.parametrize("step", [6, nightly(1)])
async def test_no_field_of_a_trigger_loses_a_mail_or_is_a_fault(
    live: Api, sink: Sink, step: int
) -> None:
    """Every trick in the context, which mails show, and each `step`-th in every other field."""
    assert (await live.push(HOSTILE)).status_code in {200, 201}
    fields = text_fields(TriggerRequest)
    assert {"respondent", "context", "traits", "email", "locale", "channel"} <= set(fields)
    queued = 0

    tried = [
        (field, trick) for field in fields for trick in TRICKS[:: 1 if field == "context" else step]
    ]
    for number, (field, trick) in enumerate(tried):
        who = {"channel": "email", "email": f"p{number}@example.com", "respondent": f"p{number}"}
        body = {"touchpoint": "order.delivered", **who, **filled(field, trick)}
        reply = await live.http.post("/v1/triggers", json=body)
        assert reply.status_code in {200, 201, 400, 422}, (field, trick, reply.text)
        if field in {"context", "traits"} and reply.status_code == 422:
            assert "\x00" in trick or len(trick) > 500, (field, trick, reply.text)
        queued += "delivery" in reply.json()

    assert queued > len(TRICKS)
    assert await deliver(live, sink) == queued == len(sink.kept)
    for _, _, content in sink.kept:
        head = content.partition(b"\r\n\r\n")[0].lower()
        assert b"\nx-evil" not in head
        assert head.count(b"\nto: ") == head.count(b"\nsubject: ") == 1


@pytest.mark.parametrize("field", text_fields(RespondentBody))
async def test_no_field_of_a_person_is_a_fault(live: Api, field: str) -> None:
    for trick in TRICKS:
        reply = await live.http.put("/v1/respondents/ada", json=filled(field, trick))
        assert reply.status_code in {200, 204, 400, 422}, (field, trick, reply.text)


async def test_an_address_with_an_encoded_word_is_refused_by_name(live: Api) -> None:
    address = "=?utf-8?q?=0D=0ABcc=3A_x=40evil.example?=@example.com"

    reply = await live.http.put("/v1/respondents/ada", json={"email": address})

    assert reply.status_code == 422
    assert [problem["path"] for problem in reply.json()["problems"]] == ["$.email"]
