"""What one workspace knows of somebody does not weigh in another where they have the same name."""

from __future__ import annotations

from uuid import UUID, uuid4

import msgspec
import pytest
from isolation import (
    ANSWERED,
    EARLIER,
    NOW,
    OURS,
    SURVEY,
    THEIRS,
    build_invitations,
    build_responses,
    build_survey,
    fresh,
    invitation,
)
from isolation_asking import decision

from harken_server.asking.decision import Decision
from harken_server.asking.store import decisions_sql as decisions
from harken_server.asking.store import pace_sql as pace
from harken_server.asking.store import settings_sql as asking
from harken_server.database.database import Database
from harken_server.invitations import store as invitations
from harken_server.kernel.ids import RANDOM_BYTES, uuid7
from harken_server.respondents.store import suppressions
from harken_server.respondents.store.persons_sql import Subject, read_persons
from harken_server.respondents.store.respondents import Respondent, put_respondent
from harken_server.responses.store.persons_sql import list_open_invitations
from harken_server.surveys.published import Touchpoint
from harken_server.surveys.store.surveys import publish_version
from harken_server.surveys.store.touchpoints import put_touchpoint


async def _open_of_ours(database: Database) -> list[str]:
    found = await list_open_invitations(database, OURS, "kim", "widget", NOW, 5)
    return [one.invitation.code for one in found]


async def test_a_suppression_of_others_hides_no_invitation_of_ours(database: Database) -> None:
    await build_survey(database)
    await build_invitations(database)
    await suppressions.suppress(
        database, THEIRS, "kim", reason="asked_not_to", now=NOW, new_id=uuid4()
    )
    await suppressions.suppress_survey(database, THEIRS, "kim", SURVEY, NOW)
    await suppressions.suppress_address(
        database, THEIRS, "kim@example.org", reason="bounced", now=NOW
    )

    assert await _open_of_ours(database) == ["0123456789ABC"]
    assert not await suppressions.is_suppressed(
        database, OURS, "kim", SURVEY, address="kim@example.org"
    )
    assert await suppressions.is_suppressed(database, THEIRS, "kim", SURVEY)


async def test_who_is_suppressed_for_one_survey_is_so_in_one_workspace(database: Database) -> None:
    await suppressions.suppress_survey(database, THEIRS, "kim", SURVEY, NOW)

    found = [await suppressions.is_suppressed(database, w, "kim", SURVEY) for w in (OURS, THEIRS)]

    assert found == [False, True]


async def test_an_invitation_to_a_survey_of_others_is_not_open(database: Database) -> None:
    await build_survey(database)
    crossed = invitation(THEIRS, id=fresh(THEIRS), code="2123456789ABC")
    await invitations.add_invitation(database, crossed)

    assert not await list_open_invitations(database, THEIRS, "kim", "widget", NOW, 5)


async def test_answers_to_invitations_of_others_do_not_set_the_pace(database: Database) -> None:
    await build_survey(database)
    await build_invitations(database)
    await build_responses(database)
    for workspace_id in (OURS, THEIRS):
        await _decide(
            database, decision(workspace_id, invitation_id=ANSWERED, idempotency_key=None)
        )

    paces = [await pace.read_pace(database, w, "store.till", SURVEY, NOW) for w in (OURS, THEIRS)]

    assert [(each.asked, each.answered) for each in paces] == [(1, 1), (1, 0)]


async def _decide(database: Database, made: Decision) -> None:
    own = uuid7(EARLIER, made.workspace_id.bytes[-RANDOM_BYTES:])
    async with database.transaction() as tx:
        await decisions.record_decisions(tx, [msgspec.structs.replace(made, id=own)])


async def test_a_touchpoint_asks_no_survey_of_others_with_the_same_key(database: Database) -> None:
    await build_survey(database)
    named = Touchpoint(key="store.till", survey="visit")
    await put_touchpoint(database, THEIRS, named, NOW, fresh(THEIRS))

    settings = await asking.read_settings(database, THEIRS, "store.till")

    assert (settings.survey, settings.survey_id, settings.survey_status) == ("visit", None, None)
    assert (await asking.read_settings(database, OURS, "store.till")).survey_id == SURVEY


async def test_a_survey_is_not_asked_at_touchpoints_of_others(database: Database) -> None:
    await build_survey(database)
    await publish_version(
        database, THEIRS, key="visit", definition=b"{}", digest="d" * 64, change="first",
        expected=0, now=NOW, survey_id=fresh(THEIRS), version_id=fresh(THEIRS), status="live",
    )  # fmt: skip

    ours, theirs = [await asking.list_settings(database, w) for w in (OURS, THEIRS)]

    assert [each.touchpoint for each in ours] == ["store.till"]
    assert [each.touchpoint for each in theirs] == [None]


@pytest.mark.parametrize(("known", "suppressed"), [(OURS, THEIRS), (THEIRS, OURS)])
async def test_a_stored_address_meets_no_suppression_of_others(
    database: Database, known: UUID, suppressed: UUID
) -> None:
    kim = Respondent(respondent="kim", email="kim@example.org", updated_at=NOW)
    await put_respondent(database, known, kim)
    await suppressions.suppress(
        database, suppressed, "kim@example.org", reason="bounced", now=NOW, new_id=uuid4()
    )
    subject = Subject(respondent="kim", now=NOW, poor_since=NOW)

    found = [(await read_persons(database, w, [subject]))[0].suppression for w in (OURS, THEIRS)]

    assert found == [None, None]
    await put_respondent(database, suppressed, kim)
    assert (await read_persons(database, suppressed, [subject]))[0].suppression == "bounced"
