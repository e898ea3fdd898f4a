"""Publishing is atomic and optimistic; versions never change."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from harken_server.database.database import Database, Transaction
from harken_server.kernel.errors import ConflictError
from harken_server.surveys.published import Change, SurveyRecord, SurveyStatus, VersionRecord
from harken_server.surveys.store.surveys import (
    get_survey,
    get_survey_by_id,
    get_version,
    list_surveys,
    list_versions,
    publish_version,
    set_status,
)
from harken_server.surveys.store.touchpoints import assign_touchpoints, list_touchpoints

NOW = datetime(2026, 3, 1, 12, 0, 0, 123000, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
HOME = uuid4()


async def _publish(
    database: Database | Transaction,
    expected: int,
    *,
    workspace_id: UUID = HOME,
    key: str = "post_purchase",
    definition: bytes = b'{"title":"Caf\xc3\xa9"}',
    change: Change = "first",
    now: datetime = NOW,
    status: SurveyStatus = "live",
) -> tuple[SurveyRecord, VersionRecord]:
    return await publish_version(
        database,
        workspace_id,
        key=key,
        definition=definition,
        digest="d" * 64,
        change=change,
        expected=expected,
        now=now,
        survey_id=uuid4(),
        version_id=uuid4(),
        status=status,
    )


async def test_the_first_version_makes_the_survey(database: Database) -> None:
    survey, version = await _publish(database, 0)

    assert (survey.version, survey.status, survey.created_at) == (1, "live", NOW)
    assert (version.number, version.change, version.published_at) == (1, "first", NOW)
    assert await get_survey(database, HOME, "post_purchase") == survey
    assert await get_version(database, HOME, survey.id, 1) == version
    assert await get_survey_by_id(database, HOME, survey.id) == survey


async def test_the_definition_comes_back_byte_for_byte(database: Database) -> None:
    definition = '{"title":"Gr\u00fc\u00dfe {} $1 ?1 % \U0001f600 \\u0000"}'.encode()

    survey, _ = await _publish(database, 0, definition=definition)

    version = await get_version(database, HOME, survey.id, 1)
    assert version is not None
    assert version.definition == definition


async def test_the_next_version_keeps_the_survey_and_the_older_versions(
    database: Database,
) -> None:
    first_survey, first = await _publish(database, 0)

    survey, second = await _publish(
        database, 1, definition=b"{}", change="breaking", now=LATER, status="draft"
    )

    assert survey.id == first_survey.id == second.survey_id
    assert (survey.version, survey.status) == (2, "draft")
    assert (survey.created_at, survey.updated_at) == (NOW, LATER)
    assert await list_versions(database, HOME, survey.id) == [first, second]


@pytest.mark.parametrize("expected", [0, 2, 7])
async def test_publishing_on_another_number_changes_nothing(
    database: Database, expected: int
) -> None:
    survey, version = await _publish(database, 0)

    with pytest.raises(ConflictError, match="post_purchase"):
        await _publish(database, expected, now=LATER)

    assert await get_survey(database, HOME, "post_purchase") == survey
    assert await list_versions(database, HOME, survey.id) == [version]


async def test_a_survey_that_is_not_there_cannot_be_advanced(database: Database) -> None:
    with pytest.raises(ConflictError):
        await _publish(database, 1)

    assert await list_surveys(database, HOME) == []


@pytest.mark.parametrize("published", [0, 1])
async def test_of_publishers_at_once_one_wins_and_the_others_are_told(
    database: Database, published: int
) -> None:
    if published:
        await _publish(database, 0)

    outcomes = await asyncio.gather(
        *(_publish(database, published) for _ in range(6)), return_exceptions=True
    )

    losers = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    assert [type(loser) for loser in losers] == [ConflictError] * 5
    survey = await get_survey(database, HOME, "post_purchase")
    assert survey is not None
    assert survey.version == published + 1
    assert len(await list_versions(database, HOME, survey.id)) == published + 1


async def test_a_version_that_cannot_be_stored_leaves_the_survey_as_it_was(
    database: Database,
) -> None:
    survey, _ = await _publish(database, 0)

    with pytest.raises(Exception):  # noqa: B017, PT011  # Whatever the database raises.
        await publish_version(
            database,
            HOME,
            key="post_purchase",
            definition=b"{}",
            digest="far too long" * 10,
            change="cosmetic",
            expected=1,
            now=LATER,
            survey_id=uuid4(),
            version_id=uuid4(),
            status="live",
        )

    assert await get_survey(database, HOME, "post_purchase") == survey


async def test_each_survey_has_a_number_of_its_own_that_stays(database: Database) -> None:
    published = await asyncio.gather(
        *(
            _publish(database, 0, key=f"s{n}", workspace_id=uuid4() if n % 2 else HOME)
            for n in range(6)
        )
    )
    await _publish(database, 1, key="s0")
    await set_status(database, HOME, "s0", "closed", LATER)

    kept = await get_survey(database, HOME, "s0")
    assert sorted(survey.number for survey, _ in published) == [1, 2, 3, 4, 5, 6]
    assert kept is not None
    assert kept.number == published[0][0].number


async def test_publishing_and_assigning_can_share_one_transaction(database: Database) -> None:
    async def publish_and_stumble() -> None:
        async with database.transaction() as tx:
            await _publish(tx, 0)
            await assign_touchpoints(tx, HOME, "post_purchase", ["till"], NOW, [uuid4()])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await publish_and_stumble()

    assert await list_surveys(database, HOME) == []
    assert await list_touchpoints(database, HOME) == []


async def test_two_workspaces_publish_the_same_key_apart(database: Database) -> None:
    other = uuid4()
    mine, _ = await _publish(database, 0)
    theirs, _ = await _publish(database, 0, workspace_id=other)

    advanced, _ = await _publish(database, 1)

    assert (mine.id, advanced.version) == (advanced.id, 2)
    assert await list_surveys(database, other) == [theirs]
    assert len(await list_versions(database, other, theirs.id)) == 1


async def test_surveys_are_listed_by_key(database: Database) -> None:
    for key in ("zeta", "alpha", "alpha_2"):
        await _publish(database, 0, key=key)

    surveys = await list_surveys(database, HOME)

    assert [survey.key for survey in surveys] == ["alpha", "alpha_2", "zeta"]


async def test_a_status_is_set_without_a_new_version(database: Database) -> None:
    await _publish(database, 0)

    closed = await set_status(database, HOME, "post_purchase", "closed", LATER)

    assert closed is not None
    assert (closed.status, closed.version, closed.updated_at) == ("closed", 1, LATER)
    assert await get_survey(database, HOME, "post_purchase") == closed


async def test_the_status_of_another_workspace_is_out_of_reach(database: Database) -> None:
    survey, _ = await _publish(database, 0)

    assert await set_status(database, uuid4(), "post_purchase", "closed", LATER) is None

    assert await get_survey(database, HOME, "post_purchase") == survey
