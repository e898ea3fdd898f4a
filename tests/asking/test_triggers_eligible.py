"""Triggers under a survey's and a touchpoint's conditions, as they are stored and read."""

from __future__ import annotations

from uuid import uuid4

import msgspec
import pytest
from eligible_steps import BERLIN, DAY, answer, ready, reason
from trigger_steps import HOME, NOW, fire, prepare

from harken_server.asking.explaining import list_prospects
from harken_server.database.database import Database
from harken_server.invitations.store import mark_shown
from harken_server.respondents.store.suppressions import suppress
from harken_server.surveys.asking import (
    Clocks,
    Quota,
    Rule,
    SurveyAsking,
    TouchpointAsking,
    WorkspaceAsking,
)
from harken_server.surveys.store.touchpoints import put_workspace_asking


async def test_a_survey_asks_within_its_window_only(database: Database) -> None:
    await ready(database, SurveyAsking(opens_at=NOW + DAY, closes_at=NOW + 3 * DAY))

    assert await reason(database, "c-1") == "not_open"
    assert await reason(database, "c-1", send_at=NOW + DAY) == "asked"
    assert await reason(database, "c-2", at=NOW + 2 * DAY) == "asked"
    assert await reason(database, "c-3", at=NOW + 3 * DAY) == "not_open"


async def test_a_survey_closes_after_its_complete_counted_responses(database: Database) -> None:
    survey_id = await ready(database, SurveyAsking(closes_after=2))
    await answer(database, survey_id, None)
    await answer(database, survey_id, None, is_complete=False)
    await answer(database, survey_id, None, standing="quarantined")
    assert await reason(database, "c-1") == "asked"

    await answer(database, survey_id, None)

    refused = await fire(database, "c-2")
    assert refused.decision.reason == "not_open"
    assert refused.explanation.endswith("until it has 2 complete responses, and has 2.")


@pytest.mark.parametrize("suppressed", ["c-1", "kim@example.com"])
async def test_people_are_suppressed_by_name_or_by_address(
    database: Database, suppressed: str
) -> None:
    await ready(database)
    await fire(database, "c-1", email="Kim@Example.com", at=NOW - 40 * DAY)
    await suppress(database, HOME, suppressed, reason="complained", now=NOW, new_id=uuid4())

    refused = await fire(database, "c-1")

    assert refused.decision.reason == "suppressed"
    assert "(complained)" in refused.explanation


async def test_an_anonymous_trigger_is_suppressed_by_its_address(database: Database) -> None:
    await ready(database)
    await suppress(database, HOME, "kim@example.com", reason="bounced", now=NOW, new_id=uuid4())

    assert await reason(database, None, email="Kim@Example.com") == "suppressed"
    assert await reason(database, None, email="ada@example.com") == "asked"


async def test_consent_is_remembered_and_a_refusal_always_holds(database: Database) -> None:
    await ready(database, SurveyAsking(needs_consent=True))

    assert await reason(database, "c-1") == "no_consent"
    assert await reason(database, "c-1", consent=True) == "asked"
    assert await reason(database, "c-1", at=NOW + 40 * DAY) == "asked"
    assert await reason(database, "c-1", at=NOW + 90 * DAY, consent=False) == "no_consent"
    assert await reason(database, "c-1", at=NOW + 91 * DAY) == "no_consent"


async def test_rules_see_what_was_known_and_what_the_trigger_brings(database: Database) -> None:
    rules = (Rule(of="context", name="amount", op="at_least", value=20),)
    await ready(
        database, SurveyAsking(only_when=(BERLIN,)), asking=TouchpointAsking(only_when=rules)
    )

    assert await reason(database, "c-1", traits={"city": "Berlin"}) == "not_in_segment"
    assert await reason(database, "c-1", context={"amount": 20}) == "asked"
    moved = await fire(database, "c-1", traits={"city": "Oslo"}, context={"amount": 20})
    assert moved.verdict.detail == 'trait city is "Berlin"'
    assert (
        await reason(database, None, traits={"city": "Berlin"}, context={"amount": 21}) == "asked"
    )


async def test_only_what_rules_look_at_is_kept_with_the_decision(database: Database) -> None:
    await ready(database, SurveyAsking(only_when=(BERLIN,)))

    decided = await fire(
        database, "c-1", traits={"city": "Berlin", "born": "1970"}, context={"note": "secret"}
    )

    facts = msgspec.json.decode(decided.decision.facts)
    assert facts["traits"] == {"city": "Berlin"}
    assert "secret" not in decided.decision.facts


async def test_a_quota_fills_with_complete_answers_of_its_people(database: Database) -> None:
    quota = Quota(name="berlin", limit=1, where=(BERLIN,))
    survey_id = await ready(database, SurveyAsking(quotas=(quota,)))
    first = await fire(database, "c-1", traits={"city": "Berlin"})
    assert first.invitation is not None
    assert first.invitation.quotas == ("berlin",)
    assert await reason(database, "c-2", traits={"city": "Berlin"}) == "asked"

    await answer(database, survey_id, first)

    full = await fire(database, "c-3", traits={"city": "Berlin"})
    assert (full.decision.reason, full.verdict.detail) == ("quota_full", "berlin")
    assert full.explanation == "Not asked: quota berlin wants 1 answer and has 1."
    assert await reason(database, "c-4", traits={"city": "Oslo"}) == "asked"


async def test_an_excluded_answer_leaves_its_place_in_the_quota(database: Database) -> None:
    survey_id = await ready(database, SurveyAsking(quotas=(Quota(name="all", limit=1),)))
    await answer(database, survey_id, await fire(database, "c-1"), standing="quarantined")

    assert await reason(database, "c-2") == "asked"


@pytest.mark.parametrize("clock", ["asked", "shown", "dismissed", "answered"])
@pytest.mark.parametrize("scope", ["survey", "touchpoint", "global"])
async def test_each_clock_of_each_scope_runs_by_itself_across_channels(
    database: Database, scope: str, clock: str
) -> None:
    clocks = Clocks(**{f"{clock}_days": 10})
    survey_id = await ready(
        database,
        SurveyAsking(cooldown=clocks) if scope == "survey" else None,
        asking=TouchpointAsking(cooldown=clocks) if scope == "touchpoint" else TouchpointAsking(),
        link_ttl_days=1,
    )
    if scope == "global":
        await put_workspace_asking(database, HOME, WorkspaceAsking(cooldown=clocks))
    asked = await fire(database, "c-1", channel="widget")
    assert asked.invitation is not None
    reasons: list[str] = []
    for step in ("asked", "shown", "dismissed", "answered"):
        if step in ("shown", "dismissed"):
            await mark_shown(database, asked.invitation, NOW, is_dismissed=step == "dismissed")
        if step == "answered":
            await answer(database, survey_id, asked)
        if step == clock:
            reached = {"channel": "email", "email": "c-1@example.com"}
            cooling = await fire(database, "c-1", at=NOW + 9 * DAY, **reached)
            assert cooling.verdict.detail == f"{scope}.{clock}"
            reasons.append(cooling.decision.reason)
            break
        before = await list_prospects(database, HOME, "c-1", NOW + 9 * DAY)
        assert before[0].reason == "asked", step

    assert reasons == ["cooldown"]
    assert await reason(database, "c-1", channel="sms", at=NOW + 10 * DAY) == "asked"


async def test_a_touchpoints_clock_lets_other_touchpoints_ask(database: Database) -> None:
    await ready(database, asking=TouchpointAsking(cooldown=Clocks(asked_days=10)), link_ttl_days=1)
    await fire(database, "c-1")
    await prepare(database, touchpoint="shop.visited", survey="csat", cooldown_days=0)

    assert await reason(database, "c-1", at=NOW + 2 * DAY) == "cooldown"
    assert await reason(database, "c-1", at=NOW + 2 * DAY, touchpoint="shop.visited") == "asked"
