"""Triggers under a survey's and a touchpoint's conditions, as they are stored and read."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from trigger_steps import HOME, NOW, counted, fire, prepare

from harken_server.asking.explaining import find_decision, list_prospects
from harken_server.asking.store.escalations import close_escalation, list_escalations
from harken_server.asking.store.settings import put_workspace_asking
from harken_server.asking.triggers import TriggerResult
from harken_server.database.database import Database
from harken_server.database.values import to_time
from harken_server.invitations.store import mark_shown
from harken_server.respondents.store.respondents import find_by_phone, get_respondent
from harken_server.respondents.store.suppressions import suppress
from harken_server.responses.response import NewResponse
from harken_server.responses.store.writing import RESPONSES
from harken_server.surveys.answers.typed_rows import AnswerRow
from harken_server.surveys.asking import (
    Clocks,
    Escalation,
    Quota,
    Rule,
    SurveyAsking,
    TouchpointAsking,
    WorkspaceAsking,
)
from harken_server.surveys.definition import encode_survey
from harken_server.surveys.questions.types import Nps
from harken_server.surveys.store.surveys import get_survey, get_survey_by_id
from harken_server.surveys.survey import Survey

DAY = timedelta(days=1)
BERLIN = Rule(name="city", value="Berlin")


async def ready(db: Database, of_survey: SurveyAsking | None = None, **settings: Any) -> UUID:
    """A workspace with a survey `nps` that asks so; the survey's id."""
    await db.execute(
        "INSERT INTO workspace (id, slug, name, created_at, dimensions, asking)"
        " VALUES ($1, 'home', 'Home', $2, '[]', '{}')",
        HOME,
        NOW,
    )
    survey = Survey(
        key="nps", title="T", questions=(Nps(key="recommend", text="?"),), asking=of_survey
    )
    await prepare(db, definition=encode_survey(survey), **{"cooldown_days": 0, **settings})
    record = await get_survey(db, HOME, "nps")
    assert record is not None
    return record.id


async def answer(
    db: Database, survey_id: UUID, asked: TriggerResult | None, rating: int = 9, **changes: Any
) -> None:
    """Answer the invitation of a decision completely."""
    survey = await get_survey_by_id(db, HOME, survey_id)
    assert survey is not None
    values: dict[str, Any] = {
        "id": uuid4(),
        "survey": survey,
        "version": 1,
        "sequence": 1,
        "is_complete": True,
        "digest": b"0" * 16,
        "received_at": NOW,
        "answers": [AnswerRow("recommend", rating=rating)],
        "touchpoint": "order.delivered",
    }
    if asked is not None:
        assert asked.invitation is not None
        values |= {
            "invitation_id": asked.invitation.id,
            "is_single_use": True,
            "respondent": asked.invitation.respondent,
        }
    await db.store(RESPONSES, NewResponse(**(values | changes)))


async def reason(db: Database, *args: Any, **kwargs: Any) -> str:
    return (await fire(db, *args, **kwargs)).decision.reason


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
    assert full.explanation == "Not asked: quota berlin wants 1 answers and has 1."
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
            cooling = await fire(database, "c-1", channel="email", at=NOW + 9 * DAY)
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


async def test_two_poor_answers_escalate_once_and_closing_starts_anew(database: Database) -> None:
    survey_id = await ready(database)
    for day in (0, 1):
        asked = await fire(database, "c-1", at=NOW + day * DAY)
        await answer(database, survey_id, asked, rating=6, received_at=NOW + day * DAY)
    later = NOW + 2 * DAY

    results = await asyncio.gather(*(fire(database, "c-1", at=later) for _ in range(20)))

    assert {result.decision.reason for result in results} == {"escalated"}
    assert "2 poor answers within 90 days" in results[0].explanation
    (opened,) = await list_escalations(database, HOME, is_open=True, before=None, limit=10)
    assert (opened.respondent, opened.detail.poor_answers) == ("c-1", 2)
    await close_escalation(database, HOME, opened.id, later)
    again = await fire(database, "c-1", at=later)
    assert again.decision.reason == "asked"
    await answer(database, survey_id, again, rating=0, received_at=later + DAY)
    assert await reason(database, "c-1", at=later + 2 * DAY) == "asked"


async def test_poor_answers_count_for_their_days_and_not_when_apart(database: Database) -> None:
    survey_id = await ready(database)
    standings = ("counted", "quarantined", "excluded")
    for day, standing in enumerate(standings):
        asked = await fire(database, "c-1", at=NOW + day * DAY)
        await answer(
            database, survey_id, asked, rating=0, received_at=NOW + day * DAY, standing=standing
        )
    assert await reason(database, "c-1", at=NOW + 4 * DAY) == "asked"
    await put_workspace_asking(
        database, HOME, WorkspaceAsking(escalation=Escalation(poor_answers=1, within_days=50))
    )

    assert await reason(database, "c-1", at=NOW + 49 * DAY) == "escalated"
    assert await reason(database, "c-1", at=NOW + 51 * DAY) == "asked"
    await put_workspace_asking(database, HOME, WorkspaceAsking(escalation=None))
    assert await reason(database, "c-1", at=NOW + 90 * DAY) == "asked"


async def test_what_is_told_of_a_person_is_merged_under_any_concurrency(
    database: Database,
) -> None:
    await ready(database)

    await asyncio.gather(
        *(fire(database, "c-1", traits={f"t{n}": n}) for n in range(20)),
        fire(database, "c-1", email="Kim@Example.com", phone="+47 22 12 34 56"),
        fire(database, "c-1", timezone="Europe/Oslo", consent=True, locale="nb"),
    )
    await fire(database, "c-1", traits={"t0": None, "t1": "new"})

    known = await get_respondent(database, HOME, "c-1")
    assert known is not None
    assert known.traits == {"t1": "new"} | {f"t{n}": n for n in range(2, 20)}
    assert (known.email, known.phone) == ("kim@example.com", "+4722123456")
    assert (known.timezone, known.consent, known.locale) == ("Europe/Oslo", True, "nb")
    assert await find_by_phone(database, HOME, "+4722123456") == [known]


async def test_nothing_is_kept_again_of_somebody_erased(database: Database) -> None:
    await ready(database)
    await suppress(database, HOME, "c-1", reason="erased", now=NOW, new_id=uuid4())

    assert await reason(database, "c-1", traits={"city": "Berlin"}) == "suppressed"
    assert await get_respondent(database, HOME, "c-1") is None


async def test_an_e_mail_is_queued_with_the_invitation_when_an_address_is_known(
    database: Database,
) -> None:
    await ready(database)

    with_address = await fire(
        database, "c-1", channel="email", email="kim@example.com", send_at=NOW + DAY
    )
    without = await fire(database, "c-2", channel="email")
    elsewhere = await fire(database, "c-3", channel="sms", email="ada@example.com")

    assert with_address.delivery_id is not None
    assert without.delivery_id is elsewhere.delivery_id is None
    assert without.decision.is_asked
    assert await counted(database, "delivery") == await counted(database, "outbox") == 1
    due = await database.fetch("SELECT due_at, address FROM delivery")
    assert to_time(due[0][0]) == NOW + DAY
    assert with_address.invitation is not None
    assert with_address.invitation.expires_at == NOW + 31 * DAY


async def test_a_decision_is_told_again_as_it_was(database: Database) -> None:
    survey_id = await ready(database, SurveyAsking(quotas=(Quota(name="all", limit=1),)))
    first = await fire(database, "c-1", channel="email", email="kim@example.com", key="order-1")
    await answer(database, survey_id, first)
    full = await fire(database, "c-2")
    await prepare(database, survey="csat", status="draft")

    for made in (first, full):
        again = await find_decision(database, HOME, made.decision.id)
        assert again is not None
        assert (again.decision, again.verdict) == (made.decision, made.verdict)
        assert (again.explanation, again.survey_key) == (made.explanation, "nps")
        assert again.delivery_id == made.delivery_id
    assert await find_decision(database, uuid4(), first.decision.id) is None


async def test_a_decision_of_the_first_release_is_told_by_its_reason_alone(
    database: Database,
) -> None:
    await ready(database)
    await fire(database, "c-1")
    refused = await fire(database, "c-1")
    await database.execute("UPDATE decision SET facts = '{}'")

    again = await find_decision(database, HOME, refused.decision.id)

    assert again is not None
    assert again.survey_key == "nps"
    assert again.explanation.startswith("Not asked: The respondent has an invitation")


async def test_prospects_tell_what_a_trigger_would_say_and_change_nothing(
    database: Database,
) -> None:
    await ready(database, SurveyAsking(only_when=(BERLIN,)))
    await prepare(database, touchpoint="shop.visited", survey="csat")
    await prepare(database, touchpoint=None, survey="lonely")
    before = [await counted(database, name) for name in ("decision", "invitation", "respondent")]

    prospects = await list_prospects(database, HOME, "c-1", NOW)

    assert [(one.survey, one.touchpoint, one.reason) for one in prospects] == [
        ("csat", "shop.visited", "asked"),
        ("lonely", None, "no_survey"),
        ("nps", "order.delivered", "not_in_segment"),
    ]
    after = [await counted(database, name) for name in ("decision", "invitation", "respondent")]
    assert after == before


async def test_a_touchpoint_adapts_to_the_answers_it_wants(database: Database) -> None:
    survey_id = await ready(database, asking=TouchpointAsking(responses_a_week=2))
    first = await fire(database, "c-1")
    await answer(database, survey_id, first)
    assert await reason(database, "c-2") == "asked"

    await answer(database, survey_id, None)

    done = await fire(database, "c-3")
    assert done.decision.reason == "sampled_out"
    assert "asks 0 % of respondents" in done.explanation
    assert "set for 2 answers a week, of which 2 came" in done.explanation
    assert await reason(database, "c-3", at=NOW + 7 * DAY) in {"asked", "sampled_out"}


async def test_a_hundred_triggers_on_two_open_databases_ask_one_respondent_once(
    postgres_url: str,
) -> None:
    one, other = [await Database.open(postgres_url) for _ in range(2)]
    try:
        await ready(one)

        results = await asyncio.gather(
            *(fire(db, "c-1", key=f"{n}") for n in range(50) for db in (one, other)),
            return_exceptions=True,
        )

        reasons = [one.decision.reason for one in results if isinstance(one, TriggerResult)]
        assert len(reasons) == 100
        assert sum(reason == "asked" for reason in reasons) in {1, 2}
        assert await counted(one, "invitation") == 1
        assert await counted(one, "decision") == 50
    finally:
        await one.close()
        await other.close()
