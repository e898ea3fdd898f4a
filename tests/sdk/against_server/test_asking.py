"""Asking people through the client, against the real application: both sides agree."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

import harken


async def test_what_a_trigger_tells_of_a_person_is_kept(client: harken.AsyncClient) -> None:
    send_at = datetime.now(UTC) + timedelta(days=1)
    decision = await client.trigger(
        "order.delivered",
        respondent="c 42 é?",
        channel="email",
        context={"store": "oslo"},
        traits={"plan": "pro", "seats": 7},
        email="Ada@Example.com",
        phone="+47 22 12 34 56",
        timezone="Europe/Oslo",
        consent=True,
        send_at=send_at,
    )
    known = await client.respondents.get("c 42 é?")
    assert decision.delivery
    mail = await client.deliveries.get(decision.delivery)
    listed = [each async for each in client.deliveries.list("visit", state="queued", limit=1)]

    assert (decision.asked, decision.error, decision.channel) == (True, None, "email")
    assert decision.decided_at
    assert (known.email, known.phone, known.timezone) == (
        "ada@example.com",
        "+4722123456",
        "Europe/Oslo",
    )
    assert (known.consent, known.traits) == (True, {"plan": "pro", "seats": 7})
    assert listed == [mail]
    assert (mail.state, mail.kind, mail.address) == ("queued", "invitation", "Ada@Example.com")
    assert abs(mail.due_at - send_at) < timedelta(days=1)
    with pytest.raises(harken.ConflictError) as caught:
        await client.deliveries.retry(decision.delivery)
    assert caught.value.code == "delivery_not_failed"


async def test_a_decision_is_read_again_and_without_an_address_nobody_is_asked(
    client: harken.AsyncClient,
) -> None:
    decision = await client.trigger("order.delivered", respondent="c-42", channel="email")
    assert decision.id

    assert await client.decisions.get(decision.id) == decision
    assert (decision.asked, decision.reason, decision.delivery) == (False, "unreachable", None)
    with pytest.raises(harken.NotFoundError):
        await client.decisions.get("unknown")


async def test_each_of_a_batch_gets_its_own_decision(client: harken.AsyncClient) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001
    decisions = await client.trigger_batch(
        [
            {"touchpoint": "order.delivered", "respondent": "c-1"},
            {"touchpoint": "Not A Touchpoint"},
            {"touchpoint": "order.delivered", "respondent": "c-1"},
            {"touchpoint": "order.delivered", "send_at": naive},
            {"respondent": "c-9"},
            {"touchpoint": "never.heard_of", "surprise": 1},
            {"touchpoint": "never.heard_of"},
        ]
    )

    assert [decision.reason for decision in decisions] == [
        "asked",
        "invalid",
        "cooldown",
        "invalid",
        "invalid",
        "invalid",
        "no_survey",
    ]
    assert isinstance(decisions[1].error, harken.ValidationError)
    assert decisions[1].error.problems[0].path == "$.touchpoint"
    assert [type(each.error) for each in decisions[3:6]] == [ValueError, TypeError, TypeError]
    assert decisions[0].invitation


async def test_a_long_batch_is_sent_in_pieces(client: harken.AsyncClient) -> None:
    triggers = [{"touchpoint": "never.heard_of", "respondent": f"c-{n}"} for n in range(501)]

    decisions = await client.trigger_batch(triggers)

    assert [each.respondent for each in decisions] == [f"c-{n}" for n in range(501)]
    assert {each.reason for each in decisions} == {"no_survey"}


async def test_triggers_in_the_background_arrive(client: harken.AsyncClient) -> None:
    client.trigger_soon("order.delivered", respondent="c-1", traits={"plan": "pro"})
    client.trigger_soon("Not A Touchpoint", respondent="c-2")

    assert await client.flush(10)

    assert (client.trigger_counts.sent, client.trigger_counts.refused) == (1, 1)
    assert (await client.respondents.get("c-1")).traits == {"plan": "pro"}


async def test_a_respondent_is_set_and_explained(client: harken.AsyncClient) -> None:
    put = await client.respondents.put("c-42", email="a@b.example", traits={"plan": "pro"})
    less = await client.respondents.put("c-42", consent=False)
    explained = await client.respondents.explain("c-42")
    open_to = await client.respondents.explain("stranger")

    assert put.email == "a@b.example"
    assert (less.email, less.traits, less.consent) == (None, {}, False)
    [prospect] = explained.surveys
    assert (prospect.survey, prospect.touchpoint) == ("visit", "order.delivered")
    assert (prospect.asked, prospect.reason) == (False, "no_consent")
    assert prospect.explanation
    assert open_to.surveys[0].asked
    with pytest.raises(harken.NotFoundError):
        await client.respondents.get("stranger")
    with pytest.raises(harken.ValidationError):
        await client.respondents.put("c-42", email="nonsense")


async def test_suppressions_are_added_listed_and_removed(client: harken.AsyncClient) -> None:
    for number in range(5):
        await client.suppressions.add(f"c-{number}")
    await client.suppressions.add("c-9", reason="unsubscribed")
    await client.suppressions.remove("c-3")

    names = [each.respondent async for each in client.suppressions.list(limit=2)]
    later = [each async for each in client.suppressions.list(after="c-2")]

    assert names == ["c-0", "c-1", "c-2", "c-4", "c-9"]
    assert later[-1].reason == "unsubscribed"
    assert (await client.trigger("order.delivered", respondent="c-9")).reason == "suppressed"
    with pytest.raises(harken.NotFoundError):
        await client.suppressions.remove("c-3")


async def test_poor_answers_escalate_until_somebody_called(client: harken.AsyncClient) -> None:
    rules = await client.asking.put(
        cooldown=harken.AskingClocks(shown_days=2),
        escalation=harken.EscalationRule(poor_answers=1, within_days=30),
    )
    await client.responses.submit(
        "visit", {"recommend": 0}, respondent="c-42", touchpoint="order.delivered"
    )

    decision = await client.trigger("order.delivered", respondent="c-42")
    [escalation] = [each async for each in client.escalations.list(limit=1)]
    closed = await client.escalations.close(escalation.id)

    assert decision.reason == "escalated"
    assert (escalation.respondent, escalation.detail.poor_answers) == ("c-42", 1)
    assert closed.closed_at
    assert [each async for each in client.escalations.list()] == []
    assert [each.id async for each in client.escalations.list(state="all")] == [escalation.id]
    assert await client.asking.get() == rules
    assert (rules.cooldown.shown_days, rules.cooldown.asked_days) == (2, 0)
    assert (await client.asking.put()).escalation is None
    with pytest.raises(harken.ValidationError):
        await client.asking.put(cooldown=harken.AskingClocks(asked_days=-1))


AWKWARD: list[Any] = [
    42, 2**70, UUID(int=7), Decimal(17), " c-1 ", "acme/users/17", "/", "//", "%", "%2F", "100%",
    ".", "..", "../..", "?", "a?b=c", "#", "a&b", "a+b", "a b", "-", "a\\b", "søren@пример.рф",
    "日本",
    "👩‍🚀", "'; --", "x" * 200, "/" * 200,
]  # fmt: skip


@pytest.mark.seconds
async def test_every_name_that_can_be_asked_can_be_used_everywhere(
    client: harken.AsyncClient,
) -> None:
    """With any characters, and however the application holds it."""
    rules = {"survey": "visit", "touchpoint": "order.delivered", "every": "quarter"}
    await client.programmes.put("people", **rules)
    for given in AWKWARD:
        name = str(given).strip()
        decision = await client.trigger("order.delivered", respondent=given, traits={"plan": "x"})
        assert (decision.reason, decision.respondent) == ("asked", name)
        assert decision.id
        assert (await client.decisions.get(f" {decision.id} ")).respondent == name
        assert (await client.respondents.get(given)).traits == {"plan": "x"}
        assert (await client.respondents.put(given, traits={"plan": Decimal(2)})).respondent == name
        assert (await client.respondents.explain(given)).respondent == name
        await client.suppressions.add(given)
        assert (await client.trigger("order.delivered", respondent=given)).reason == "suppressed"
        assert [each.respondent async for each in client.suppressions.list()] == [name]
        await client.suppressions.remove(given)
        assert (await client.programmes.add_members("people", [given])).added == 1
        assert [each.respondent for each in await client.programmes.members("people")] == [name]
        assert (await client.programmes.remove_members("people", [given])).removed == 1
        table = (await client.mail.links("visit", [given], dialect="raw")).decode("utf-8-sig")
        assert [row["respondent"] for row in csv.DictReader(io.StringIO(table))] == [name]
        receipt = await client.responses.submit("visit", {"recommend": 9}, respondent=given)
        kept = await client.responses.submit("visit", {"recommend": 7}, respondent=given)
        assert (await client.responses.get("visit", receipt.id)).respondent == name
        await client.responses.erase("visit", receipt.id)
        assert (await client.responses.get("visit", receipt.id)).respondent is None
        preview = await client.respondents.preview_erasure(given)
        erasure = await client.respondents.erase(given, claimed=True, hold=True)
        assert erasure.respondent == name
        assert (preview.found, preview.claimed, preview.suppressed) == (erasure.erased, {}, False)
        assert (erasure.claimed, erasure.claimed_erased, erasure.suppressed) == ({}, True, True)
        entry = await anext(client.audit.list(respondent=given, limit=1))
        assert (entry.action, entry.detail["erased"]) == ("erase_respondent", erasure.erased)
        assert {"decision", "invitation", "respondent", "response"} <= {*erasure.erased}
        assert (await client.respondents.erase(given)).erased == {}
        assert (await client.responses.get("visit", kept.id)).state == "erased"
        assert (await client.trigger("order.delivered", respondent=given)).reason == "suppressed"
        await client.suppressions.remove(given)
        assert (await client.trigger("order.delivered", respondent=given)).reason == "asked"
        assert client.sign_identity(given) == client.sign_identity(name)
