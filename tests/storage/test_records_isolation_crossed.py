"""A record that names something of another workspace shows nothing of it, and takes none of it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from isolation import (
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
    response,
    rows_of,
    within,
)
from isolation_mail import build_deliveries, delivery
from isolation_places import STORE, add_till, build_stores, place

from harken_server.core.records import NewResponse
from harken_server.storage import deliveries, place_codes, tills
from harken_server.storage.database import Database


async def test_a_place_code_does_not_show_a_store_or_till_of_others(database: Database) -> None:
    await build_stores(database)
    await place_codes.add_place_code(database, place(THEIRS, code="9XK4N2M7Q"))

    listed = await place_codes.list_place_codes(database, THEIRS, after="", limit=9)
    shown = [*listed, await place_codes.find_place_code(database, "9XK4N2M7Q")]

    assert [(one.store, one.till) for one in shown if one] == [(None, None)] * 2


async def test_a_till_in_a_store_of_others_is_not_there(database: Database) -> None:
    await build_stores(database)
    await add_till(database, THEIRS, uuid4())

    assert await tills.list_tills(database, THEIRS, store=None, after=0, limit=9) == []
    assert await tills.find_till(database, 2) is None
    assert await tills.first_till(database, THEIRS, STORE) is None
    assert len(await tills.list_tills(database, OURS, store=None, after=0, limit=9)) == 1


async def test_a_delivery_about_an_invitation_of_others_knows_nothing_of_it(
    database: Database,
) -> None:
    await build_deliveries(database)
    crossed = delivery(THEIRS, id=fresh(THEIRS))
    await within(database, lambda tx: deliveries.add_delivery(tx, crossed))

    assert await deliveries.read_send_facts(database, crossed) is None
    assert await deliveries.read_send_facts(database, delivery(OURS)) is not None


def _claiming(workspace_id: object) -> NewResponse:
    survey_id = SURVEY if workspace_id == OURS else fresh(THEIRS)
    changes = {"id": uuid4(), "survey_id": survey_id, "invitation_id": OPEN, "is_single_use": True}
    return response(OURS if workspace_id == OURS else THEIRS, **changes)


async def test_a_response_does_not_claim_an_invitation_of_others(database: Database) -> None:
    await add_workspaces(database)
    await build_survey(database)
    await build_invitations(database)
    rows = await rows_of(database, OURS)

    outcome = await database.responses.store(_claiming(THEIRS))

    assert outcome.kind == "already_answered"
    assert await rows_of(database, OURS) == rows
    assert (await database.responses.store(_claiming(OURS))).kind == "stored"


@pytest.mark.parametrize("first", [OURS, THEIRS])
async def test_responses_to_surveys_of_two_workspaces_may_have_one_id(
    database: Database, first: object
) -> None:
    await build_survey(database)
    await build_invitations(database)
    theirs = response(THEIRS, survey_id=fresh(THEIRS), answers=[])
    if first == THEIRS:
        assert (await database.responses.store(theirs)).kind == "stored"
    await build_responses(database)
    rows = await rows_of(database, OURS)

    outcome = await database.responses.store(theirs)

    assert outcome.kind == ("repeated" if first == THEIRS else "stored")
    assert await rows_of(database, OURS) == rows
    assert SECRET not in str(await rows_of(database, THEIRS))
