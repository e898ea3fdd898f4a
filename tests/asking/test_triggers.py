"""Triggers decide and explain: one test for each reason, and for what starts a cooldown."""

import json
import logging
from datetime import timedelta
from uuid import uuid4

import pytest
from trigger_steps import ELSEWHERE, HOME, NOW, counted, fire, prepare

from harken_server.database.database import Database
from harken_server.invitations.redeeming_sql import find_invitation
from harken_server.kernel.errors import InvalidInputError
from harken_server.kernel.logs import JsonLines
from harken_server.respondents.store.suppressions import suppress
from harken_server.surveys.published import SurveyStatus, Touchpoint
from harken_server.surveys.store.surveys import set_status
from harken_server.surveys.store.touchpoints import put_touchpoint

DAY = timedelta(days=1)


async def test_an_eligible_respondent_is_asked_with_a_stored_invitation(
    database: Database,
) -> None:
    await prepare(database, link_ttl_days=7)

    result = await fire(database, context={"store": "Berlin"}, locale="de", channel="receipt")

    assert result.decision.is_asked
    assert (result.decision.reason, result.survey_key) == ("asked", "nps")
    assert result.explanation == "Asked: survey nps at touchpoint order.delivered."
    assert result.invitation is not None
    assert result.decision.invitation_id == result.invitation.id
    assert result.invitation.expires_at == NOW + 7 * DAY
    assert result.invitation.is_single_use
    stored = await find_invitation(database, result.invitation.code)
    assert stored == result.invitation
    assert (stored.respondent, stored.locale, stored.channel) == ("customer-1", "de", "receipt")
    assert stored.context == {"store": "Berlin"}


async def test_a_decision_keeps_with_what_probability_somebody_was_to_be_asked(
    database: Database,
) -> None:
    await prepare(database)
    rates = {"always": 1.0, "never": 0.0}
    for key, rate in rates.items():
        touchpoint = Touchpoint(key=key, survey="nps", sample_rate=rate)
        await put_touchpoint(database, HOME, touchpoint, NOW, uuid4())

    drawn = {
        key: (await fire(database, touchpoint=key)).decision.probability
        for key in ("never", "always", "never.heard_of")
    }

    assert drawn == {**rates, "never.heard_of": None}


async def test_an_unassigned_touchpoint_asks_nobody_and_says_so(database: Database) -> None:
    result = await fire(database, touchpoint="never.heard_of")

    assert result.decision.reason == "no_survey"
    assert result.explanation == "Not asked: touchpoint never.heard_of has no survey assigned."
    assert result.invitation is None
    assert result.survey_key is None


async def test_a_touchpoint_whose_survey_is_missing_asks_nobody(database: Database) -> None:
    touchpoint = Touchpoint(key="order.delivered", survey="gone")
    await put_touchpoint(database, HOME, touchpoint, NOW, uuid4())

    result = await fire(database)

    assert result.decision.reason == "no_survey"
    assert "survey gone, which does not exist" in result.explanation


@pytest.mark.parametrize("status", ["draft", "closed"])
async def test_a_survey_that_is_not_live_asks_nobody(
    database: Database, status: SurveyStatus
) -> None:
    await prepare(database, status=status)

    result = await fire(database)

    assert result.decision.reason == "not_live"
    assert status in result.explanation
    assert await counted(database, "invitation") == 0


async def test_a_suppressed_respondent_is_not_asked(database: Database) -> None:
    await prepare(database)
    await suppress(database, HOME, "customer-1", reason="unsubscribed", now=NOW, new_id=uuid4())

    assert (await fire(database)).decision.reason == "suppressed"
    assert (await fire(database, "customer-2")).decision.reason == "asked"


async def test_sampling_takes_the_same_people_each_time(database: Database) -> None:
    await prepare(database, sample_rate=0.5, cooldown_days=0)
    people = [f"customer-{n}" for n in range(40)]

    first = [(await fire(database, person)).decision.reason for person in people]
    second = [(await fire(database, person, at=NOW + DAY)).decision.reason for person in people]

    assert set(first) == {"asked", "sampled_out"}
    assert second == [{"asked": "open_invitation"}.get(reason, reason) for reason in first]


async def test_anonymous_respondents_are_sampled_by_their_idempotency_key(
    database: Database,
) -> None:
    await prepare(database, sample_rate=0.5)

    reasons = {(await fire(database, None, key=f"receipt-{n}")).decision.reason for n in range(40)}

    assert reasons == {"asked", "sampled_out"}


async def test_the_cooldown_holds_for_its_days_and_names_its_figures(database: Database) -> None:
    await prepare(database, cooldown_days=30)
    await fire(database)

    early = await fire(database, at=NOW + 3 * DAY)
    late = await fire(database, at=NOW + 30 * DAY)

    assert early.decision.reason == "cooldown"
    assert early.explanation == "Not asked: asked 3 days ago; the cooldown is 30 days."
    assert late.decision.reason == "asked"


async def test_the_cooldown_counts_from_being_asked_by_any_survey_of_the_workspace(
    database: Database,
) -> None:
    await prepare(database, survey="nps")
    await fire(database)
    await prepare(database, survey="csat")

    assert (await fire(database, at=NOW + DAY)).decision.reason == "cooldown"


async def test_not_being_asked_starts_no_cooldown(database: Database) -> None:
    await prepare(database, status="draft")
    await fire(database)
    await set_status(database, HOME, "nps", "live", NOW)

    assert (await fire(database, at=NOW + DAY)).decision.reason == "asked"


async def test_without_a_cooldown_an_open_invitation_is_the_only_one(database: Database) -> None:
    await prepare(database, cooldown_days=0, link_ttl_days=7)

    reasons = [(await fire(database, at=NOW + days * DAY)).decision.reason for days in (0, 6, 7)]

    assert reasons == ["asked", "open_invitation", "asked"]


async def test_anonymous_respondents_have_no_cooldown(database: Database) -> None:
    await prepare(database)

    assert [(await fire(database, None)).decision.reason for _ in range(3)] == ["asked"] * 3


async def test_workspaces_know_nothing_of_one_another(database: Database) -> None:
    await prepare(database)
    await prepare(database, workspace_id=ELSEWHERE)
    await fire(database, key="order-17")
    await suppress(database, HOME, "customer-2", reason="bounced", now=NOW, new_id=uuid4())

    there = await fire(database, key="order-17", workspace_id=ELSEWHERE)
    also = await fire(database, "customer-2", workspace_id=ELSEWHERE)

    assert there.decision.reason == also.decision.reason == "asked"
    assert not there.is_repeat


async def test_every_problem_of_a_trigger_is_named_and_nothing_is_recorded(
    database: Database,
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        await fire(database, "", touchpoint="Not A Touchpoint", key="")

    paths = {problem.path for problem in caught.value.problems}
    assert paths == {"$.respondent", "$.touchpoint", "Idempotency-Key"}
    assert await counted(database, "decision") == 0


async def test_each_decision_is_one_log_line_without_the_respondent(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    await prepare(database)
    caplog.set_level(logging.INFO, "harken.triggers")

    asked = await fire(database, "kim@example.com", channel="widget", key="order-17")
    await fire(database, "kim@example.com", channel="widget", key="order-17")
    refused = await fire(database, "kim@example.com", touchpoint="never.heard_of")

    lines = [json.loads(JsonLines().format(record)) for record in caplog.records]
    assert [
        [line.get(name) for name in ("level", "touchpoint", "survey", "channel", "reason")]
        for line in lines
    ] == [
        ["info", "order.delivered", "nps", "widget", "asked"],
        ["info", "never.heard_of", None, "api", "no_survey"],
    ]
    assert [line["decision"] for line in lines] == [
        str(result.decision.id) for result in (asked, refused)
    ]
    assert "kim" not in str(lines)
