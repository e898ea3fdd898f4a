"""What triggers leave behind: escalations, what is known of a person, decisions told again."""

from __future__ import annotations

import asyncio
from uuid import uuid4

from eligible_steps import BERLIN, DAY, answer, ready, reason
from trigger_steps import HOME, NOW, counted, fire, prepare

from harken_server.asking.explaining import find_decision, list_prospects
from harken_server.asking.triggers import TriggerResult
from harken_server.database.database import Database
from harken_server.database.opening import open_database
from harken_server.database.values import to_time
from harken_server.respondents.store.respondents import find_by_phone, get_respondent
from harken_server.respondents.store.suppressions import suppress
from harken_server.responses.store.escalations import close_escalation, list_escalations
from harken_server.surveys.asking import (
    Escalation,
    Quota,
    SurveyAsking,
    TouchpointAsking,
    WorkspaceAsking,
)
from harken_server.surveys.store.touchpoints import put_workspace_asking


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
    assert elsewhere.decision.is_asked
    assert without.decision.reason == "unreachable"
    assert without.explanation == (
        "Not asked: channel email cannot reach: no e-mail address of this respondent is known."
    )
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
    assert await reason(database, "c-4") == "asked"  # anybody could have sent that answer

    await answer(database, survey_id, None, origin_proof="place")

    done = await fire(database, "c-3")
    assert done.decision.reason == "sampled_out"
    assert "asks 0 % of respondents" in done.explanation
    assert "set for 2 answers a week, of which 2 came" in done.explanation
    assert await reason(database, "c-3", at=NOW + 7 * DAY) in {"asked", "sampled_out"}


async def test_a_hundred_triggers_on_two_open_databases_ask_one_respondent_once(
    postgres_url: str,
) -> None:
    one, other = [await open_database(postgres_url) for _ in range(2)]
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
