"""A record that names something of another workspace shows nothing of it, and takes none of it."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from isolation import (
    EARLIER,
    LATER,
    NOW,
    OPEN,
    OURS,
    SECRET,
    SURVEY,
    THEIRS,
    add_workspaces,
    build_invitations,
    build_responses,
    build_survey,
    fresh,
    invitation,
    response,
    rows_of,
    within,
)
from isolation_mail import CONFIRMED, HELD, build_deliveries, build_visits, delivery, promise, sent
from isolation_places import STORE, add_till, build_stores, place

from harken_server.channels.email import store as mail_store
from harken_server.channels.email.rules.visits import LinkVisit
from harken_server.channels.email.store import MOST_VISITS
from harken_server.channels.receipts.store import places
from harken_server.database.database import Database
from harken_server.deliveries.rules import Delivery
from harken_server.deliveries.store import deliveries
from harken_server.deliveries.store.facts_sql import list_unanswered, read_send_facts
from harken_server.invitations.store import add_invitation
from harken_server.respondents.store.respondents import Respondent, put_respondent
from harken_server.responses.response import NewResponse
from harken_server.responses.store.writing import RESPONSES
from harken_server.surveys.store.surveys import publish_version


async def test_a_place_code_does_not_show_a_store_or_till_of_others(database: Database) -> None:
    await build_stores(database)
    await places.add_place_code(database, place(THEIRS, code="9XK4N2M7Q"))

    listed = await places.list_place_codes(database, THEIRS, after="", limit=9)
    shown = [*listed, await places.find_place_code(database, "9XK4N2M7Q")]

    assert [(one.store, one.till) for one in shown if one] == [(None, None)] * 2


async def test_a_till_in_a_store_of_others_is_not_there(database: Database) -> None:
    await build_stores(database)
    await add_till(database, THEIRS, uuid4())

    assert await places.list_tills(database, THEIRS, store=None, after=0, limit=9) == []
    assert await places.find_till(database, 2) is None
    assert await places.first_till(database, THEIRS, STORE) is None
    assert len(await places.list_tills(database, OURS, store=None, after=0, limit=9)) == 1


async def test_a_delivery_about_something_of_others_knows_nothing_of_it(
    database: Database,
) -> None:
    await build_deliveries(database)
    await _their_survey_and_invitation(database)
    crossed = [
        delivery(THEIRS, id=uuid4(), wave=str(number), survey_id=survey_id, invitation_id=invited)
        for number, (survey_id, invited) in enumerate(
            [
                (SURVEY, OPEN),
                (SURVEY, fresh(THEIRS)),
                (fresh(THEIRS), OPEN),
            ]
        )
    ]
    for one in crossed:
        await within(database, lambda tx, one=one: deliveries.add_delivery(tx, one))

    facts = [await read_send_facts(database, one) for one in crossed]

    assert facts == [None, None, None]
    assert await read_send_facts(database, delivery(OURS)) is not None


async def test_a_delivery_does_not_know_the_timezone_of_a_namesake(database: Database) -> None:
    await _their_survey_and_invitation(database)
    known = Respondent(respondent="kim", timezone="Europe/Oslo", updated_at=NOW)
    await put_respondent(database, OURS, known)
    one = delivery(THEIRS, survey_id=fresh(THEIRS), invitation_id=fresh(THEIRS))
    await within(database, lambda tx: deliveries.add_delivery(tx, one))

    facts = await read_send_facts(database, one)

    assert facts is not None
    assert facts.timezone is None


async def test_nobody_is_reminded_of_an_invitation_of_others(database: Database) -> None:
    await build_deliveries(database)
    one = sent(THEIRS, id=fresh(THEIRS))
    await within(database, lambda tx: deliveries.add_delivery(tx, one))

    assert await _unanswered(database, THEIRS) == []
    assert len(await _unanswered(database, OURS)) == 1


async def test_a_reminder_of_others_does_not_stand_for_ours(database: Database) -> None:
    await build_deliveries(database)
    reminder = sent(THEIRS, id=fresh(THEIRS), kind="reminder")
    await within(database, lambda tx: deliveries.add_delivery(tx, reminder))

    assert len(await _unanswered(database, OURS)) == 1


async def test_a_visit_does_not_show_the_promise_of_others(database: Database) -> None:
    await within(database, lambda tx: promise(tx, OURS, HELD))
    await mail_store.add_visit(database, THEIRS, OPEN, CONFIRMED, new_id=HELD)

    assert await mail_store.list_promises(database, THEIRS, OPEN) == []


async def test_visits_of_two_workspaces_are_kept_each_to_its_own_limit(database: Database) -> None:
    await build_visits(database)
    await build_visits(database, THEIRS)
    visit = LinkVisit(kind="open", visited_at=LATER)

    await mail_store.add_visit(database, THEIRS, OPEN, visit, new_id=uuid4())

    kept = [await mail_store.list_visits(database, each, OPEN) for each in (OURS, THEIRS)]
    assert [len(visits) for visits in kept] == [MOST_VISITS] * 2


async def _their_survey_and_invitation(db: Database) -> None:
    await publish_version(
        db, THEIRS, key="visit", definition=b"{}", digest="d" * 64, change="first", expected=0,
        now=NOW, survey_id=fresh(THEIRS), version_id=uuid4(), status="live",
    )  # fmt: skip
    changes = {"id": fresh(THEIRS), "survey_id": fresh(THEIRS), "code": "2123456789ABC"}
    await add_invitation(db, invitation(THEIRS, **changes))


async def _unanswered(db: Database, workspace_id: UUID) -> list[Delivery]:
    return await list_unanswered(
        db,
        workspace_id,
        SURVEY,
        "email",
        delivered=("sent",),
        sent_after=EARLIER,
        sent_until=LATER,
        now=NOW,
        limit=9,
    )


def _claiming(workspace_id: object) -> NewResponse:
    changes = {"id": uuid4(), "invitation_id": OPEN, "is_single_use": True}
    return response(OURS if workspace_id == OURS else THEIRS, **changes)


async def test_a_response_does_not_claim_an_invitation_of_others(database: Database) -> None:
    await add_workspaces(database)
    await build_survey(database)
    await build_invitations(database)
    rows = await rows_of(database, OURS)

    outcome = await database.store(RESPONSES, _claiming(THEIRS))

    assert outcome.kind == "already_answered"
    assert await rows_of(database, OURS) == rows
    assert (await database.store(RESPONSES, _claiming(OURS))).kind == "stored"


@pytest.mark.parametrize("first", [OURS, THEIRS])
async def test_responses_to_surveys_of_two_workspaces_may_have_one_id(
    database: Database, first: object
) -> None:
    await build_survey(database)
    await build_invitations(database)
    await _their_survey_and_invitation(database)
    theirs = response(THEIRS, answers=[])
    if first == THEIRS:
        assert (await database.store(RESPONSES, theirs)).kind == "stored"
    await build_responses(database)
    rows = await rows_of(database, OURS)

    outcome = await database.store(RESPONSES, theirs)

    assert outcome.kind == ("repeated" if first == THEIRS else "stored")
    assert await rows_of(database, OURS) == rows
    assert SECRET not in str(await rows_of(database, THEIRS))
