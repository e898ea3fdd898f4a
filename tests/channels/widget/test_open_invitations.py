"""What waits for a respondent, and when it was first seen; with proved respondents beside it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from harken_server.database.database import Database
from harken_server.invitations.invitation import Invitation
from harken_server.invitations.store import (
    add_invitation,
    get_invitation,
    mark_shown,
)
from harken_server.respondents.store.suppressions import suppress
from harken_server.responses.store.changing import erase_response
from harken_server.responses.store.persons_sql import list_open_invitations
from harken_server.responses.store.row import get_response
from harken_server.responses.store.writing import RESPONSES
from harken_server.surveys.published import SurveyStatus
from harken_server.surveys.store.surveys import get_survey_by_id, publish_version

NOW = datetime(2026, 3, 1, 12, 0, 0, 123000, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


async def publish(db: Database, workspace_id: UUID, status: SurveyStatus = "live") -> UUID:
    survey, _ = await publish_version(
        db, workspace_id, key=f"s{uuid4().hex[:8]}", definition=b"{}", digest="d" * 64,
        change="first", expected=0, now=NOW, survey_id=uuid4(), version_id=uuid4(), status=status,
    )  # fmt: skip
    return survey.id


async def invite(db: Database, workspace_id: UUID, survey_id: UUID, **changes: Any) -> Invitation:
    values: dict[str, Any] = {
        "id": uuid4(), "workspace_id": workspace_id, "survey_id": survey_id,
        "code": uuid4().hex[:13].upper(), "touchpoint": "order.delivered", "channel": "widget",
        "created_at": NOW, "respondent": "kim", "expires_at": NOW + MINUTE,
    }  # fmt: skip
    invitation = Invitation(**{**values, **changes})
    await add_invitation(db, invitation)
    return invitation


async def waiting(db: Database, workspace_id: UUID, now: datetime = NOW) -> list[UUID]:
    found = await list_open_invitations(db, workspace_id, "kim", "widget", now, 5)
    return [each.invitation.id for each in found]


async def test_the_oldest_come_first_and_no_more_than_wanted(database, workspace):
    survey_id = await publish(database, workspace.id)
    made = [
        await invite(database, workspace.id, survey_id, created_at=NOW - n * MINUTE)
        for n in (1, 5, 3)
    ]

    all_of_them = await waiting(database, workspace.id)
    two = await list_open_invitations(database, workspace.id, "kim", "widget", NOW, 2)

    assert all_of_them == [made[1].id, made[2].id, made[0].id]
    assert [each.invitation for each in two] == [made[1], made[2]]
    assert [each.has_partial for each in two] == [False, False]


@pytest.mark.parametrize(
    "changes",
    [
        {"respondent": "alex"},
        {"respondent": "KIM"},
        {"respondent": None},
        {"channel": "receipt"},
        {"expires_at": NOW},
    ],
    ids=str,
)
async def test_what_is_not_for_now_here_and_this_person_does_not_wait(database, workspace, changes):
    survey_id = await publish(database, workspace.id)
    await invite(database, workspace.id, survey_id, **changes)

    assert await waiting(database, workspace.id) == []


async def test_another_workspace_has_another_queue(database, workspace):
    survey_id = await publish(database, workspace.id)
    await invite(database, workspace.id, survey_id)

    assert await waiting(database, uuid4()) == []


async def test_an_invitation_may_never_expire(database, workspace):
    survey_id = await publish(database, workspace.id)
    lasting = await invite(database, workspace.id, survey_id, expires_at=None)

    assert await waiting(database, workspace.id, NOW + timedelta(days=900)) == [lasting.id]


@pytest.mark.parametrize("status", ["draft", "closed"])
async def test_a_survey_must_be_live(database, workspace, status):
    await invite(database, workspace.id, await publish(database, workspace.id, status))

    assert await waiting(database, workspace.id) == []


async def test_a_suppressed_respondent_has_no_queue(database, workspace):
    await invite(database, workspace.id, await publish(database, workspace.id))
    await suppress(database, workspace.id, "kim", reason="erased", now=NOW, new_id=uuid4())

    assert await waiting(database, workspace.id) == []


async def test_it_waits_until_its_response_is_complete(database, workspace, make_response):
    survey_id = await publish(database, workspace.id)
    invitation = await invite(database, workspace.id, survey_id)
    survey = await get_survey_by_id(database, workspace.id, survey_id)
    used = {"survey": survey, "invitation_id": invitation.id, "is_single_use": True}
    begun = make_response(is_complete=False, **used)
    await database.store(RESPONSES, begun)

    (partial,) = await list_open_invitations(database, workspace.id, "kim", "widget", NOW, 5)
    await database.store(
        RESPONSES, make_response(id=begun.id, sequence=2, replaces=1, digest=b"1" * 16, **used)
    )

    assert partial.has_partial
    assert partial.invitation.response_id == begun.id
    assert await waiting(database, workspace.id) == []


async def test_it_does_not_wait_again_when_its_response_is_erased(
    database, workspace, make_response
):
    survey_id = await publish(database, workspace.id)
    invitation = await invite(database, workspace.id, survey_id)
    survey = await get_survey_by_id(database, workspace.id, survey_id)
    given = make_response(
        survey=survey, invitation_id=invitation.id, is_single_use=True, is_complete=False
    )
    await database.store(RESPONSES, given)

    await erase_response(database, workspace.id, survey_id, given.id)

    assert await waiting(database, workspace.id) == []


async def test_only_the_first_time_is_kept(database, workspace):
    survey_id = await publish(database, workspace.id)
    invitation = await invite(database, workspace.id, survey_id)

    for minutes, is_dismissed in ((0, False), (1, False), (2, True), (3, True), (4, False)):
        await mark_shown(database, invitation, NOW + minutes * MINUTE, is_dismissed=is_dismissed)

    kept = await get_invitation(database, workspace.id, invitation.id)
    assert kept is not None
    assert (kept.shown_at, kept.dismissed_at) == (NOW, NOW + 2 * MINUTE)
    assert await waiting(database, workspace.id) == []


async def test_what_was_dismissed_was_shown(database, workspace):
    survey_id = await publish(database, workspace.id)
    invitation = await invite(database, workspace.id, survey_id)

    await mark_shown(database, invitation, NOW, is_dismissed=True)

    kept = await get_invitation(database, workspace.id, invitation.id)
    assert kept is not None
    assert (kept.shown_at, kept.dismissed_at) == (NOW, NOW)


async def test_whether_a_respondent_is_proved_is_kept_with_each_sequence(
    database, workspace, make_response
):
    first = make_response(is_complete=False, respondent="kim", proof="signature")
    steps = [
        first,
        make_response(
            id=first.id, sequence=2, replaces=1, is_complete=False, respondent="alex",
            digest=b"1" * 16,
        ),
        make_response(
            id=first.id, sequence=3, replaces=2, respondent="kim", proof="signature",
            digest=b"2" * 16,
        ),
    ]  # fmt: skip

    seen = []
    for step in steps:
        await database.store(RESPONSES, step)
        stored = await get_response(database, workspace.id, step.survey.id, first.id)
        seen.append((stored.respondent, stored.proof))
    await erase_response(database, workspace.id, first.survey.id, first.id)
    erased = await get_response(database, workspace.id, first.survey.id, first.id)

    assert seen == [("kim", "signature"), ("alex", ""), ("kim", "signature")]
    assert (erased.respondent, erased.proof) == (None, "")
