"""Triggers are remembered: a key decides once, and a respondent is asked once at a time."""

import asyncio
from datetime import timedelta

import pytest
from trigger_steps import HOME, NOW, counted, fire, prepare

from harken_server.asking.triggers import TriggerResult
from harken_server.database.database import Database
from harken_server.kernel.errors import ConflictError
from harken_server.surveys.store.surveys import set_status

DAY = timedelta(days=1)


@pytest.mark.parametrize("respondent", ["customer-1", None])
async def test_the_same_key_gives_the_same_decision_and_invitation_for_ever(
    database: Database, respondent: str | None
) -> None:
    await prepare(database)
    first = await fire(database, respondent, key="order-17")

    again = await fire(database, respondent, key="order-17", at=NOW + 400 * DAY)

    assert again.is_repeat
    assert not first.is_repeat
    assert again.decision == first.decision
    assert again.invitation == first.invitation
    assert again.explanation == first.explanation
    assert again.survey_key == "nps"
    assert await counted(database, "decision") == await counted(database, "invitation") == 1


async def test_a_repeated_cooldown_decision_is_explained_alike(database: Database) -> None:
    await prepare(database)
    await fire(database)
    first = await fire(database, at=NOW + 3 * DAY, key="order-17")

    again = await fire(database, at=NOW + 5 * DAY, key="order-17")
    await fire(database, at=NOW + 60 * DAY)
    much_later = await fire(database, at=NOW + 61 * DAY, key="order-17")

    assert again.explanation == first.explanation
    assert much_later.decision == first.decision
    assert much_later.explanation == first.explanation
    assert first.explanation == "Not asked: asked 3 days ago; the cooldown is 30 days."


async def test_a_repeat_names_the_survey_decided_on_though_the_touchpoint_moved_on(
    database: Database,
) -> None:
    await prepare(database, survey="nps")
    first = await fire(database, key="order-17")
    await prepare(database, survey="csat")

    again = await fire(database, key="order-17", at=NOW + DAY)

    assert again.survey_key == "nps"
    assert again.explanation == first.explanation


async def test_a_repeated_refusal_stays_though_the_survey_went_live(database: Database) -> None:
    await prepare(database, status="draft")
    await fire(database, key="order-17")
    await set_status(database, HOME, "nps", "live", NOW)

    again = await fire(database, key="order-17", at=NOW + DAY)

    assert again.decision.reason == "not_live"
    assert again.explanation == "Not asked: survey nps is draft, not live."


async def test_the_same_key_with_another_request_is_a_conflict_that_changes_nothing(
    database: Database,
) -> None:
    await prepare(database)
    await fire(database, key="order-17")

    for change in ({"respondent": "customer-2"}, {"context": {"a": 1}}, {"locale": "de"}):
        with pytest.raises(ConflictError, match="order-17") as caught:
            await fire(database, **{"respondent": "customer-1", **change}, key="order-17")
        assert caught.value.code == "idempotency_key_reused"
    assert await counted(database, "decision") == 1


async def test_a_hundred_triggers_at_once_for_one_respondent_ask_once(database: Database) -> None:
    await prepare(database)

    results = await asyncio.gather(*(fire(database) for _ in range(100)))

    reasons = sorted(result.decision.reason for result in results)
    assert reasons == ["asked"] + ["cooldown"] * 99
    assert await counted(database, "invitation") == 1
    assert await counted(database, "decision") == 100


@pytest.mark.parametrize("respondent", ["customer-1", None])
async def test_a_hundred_triggers_at_once_with_one_key_decide_once(
    database: Database, respondent: str | None
) -> None:
    await prepare(database)

    results = await asyncio.gather(
        *(fire(database, respondent, key="order-17") for _ in range(100))
    )

    assert len({result.decision.id for result in results}) == 1
    assert len({result.invitation.id for result in results if result.invitation}) == 1
    assert sum(not result.is_repeat for result in results) == 1
    assert await counted(database, "decision") == await counted(database, "invitation") == 1


async def test_one_key_used_at_once_for_many_respondents_decides_for_one(
    database: Database,
) -> None:
    await prepare(database)

    results = await asyncio.gather(
        *(fire(database, f"customer-{n}", key="order-17") for n in range(30)),
        return_exceptions=True,
    )

    assert sum(isinstance(result, TriggerResult) for result in results) == 1
    codes = [result.code for result in results if isinstance(result, ConflictError)]
    assert codes == ["idempotency_key_reused"] * 29
    assert await counted(database, "decision") == await counted(database, "invitation") == 1


async def test_many_keys_and_respondents_at_once_do_not_wait_for_one_another_for_ever(
    database: Database,
) -> None:
    await prepare(database)

    results = await asyncio.gather(
        *(fire(database, f"customer-{n % 5}", key=f"key-{n % 35}") for n in range(105))
    )

    assert len({result.decision.id for result in results}) == 35
    assert await counted(database, "invitation") == 5
