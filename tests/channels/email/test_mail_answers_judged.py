"""Answers from a message that a program may have sent: the last human answer wins."""

from __future__ import annotations

from random import Random

import pytest
from mail_scanners import play, sends_forms

from harken_server.channels.email.answers.settling import settle_answer
from harken_server.channels.email.answers.taking import MAIL_SETTLE, MailVisitor
from harken_server.channels.email.store import MOST_VISITS
from harken_server.database import outbox
from harken_server.invitations.redeem import redeem_code
from harken_server.responses.asked import collection_of
from harken_server.responses.store.changing import reopen_response
from harken_server.surveys.catalog import Catalog


@pytest.mark.parametrize("is_complete", [True, False])
async def test_what_a_program_sends_over_a_human_answer_is_taken_back(inbox, is_complete):
    link = await inbox.link()
    await inbox.answer(link, 9)
    await inbox.settle()
    if not is_complete:
        await inbox.reopen()
    await play(inbox, [(inbox.clock(), sends_forms(inbox, link, Random(7)))])
    stored = await inbox.responses()
    assert [item["answers"] for item in stored] == [{"recommend": 9}]
    assert [item["standing"] for item in stored] == ["counted"]
    assert stored[0]["complete"] is is_complete
    assert await inbox.count() == 1
    assert await inbox.differences() == []


async def test_a_person_after_a_program_is_heard(inbox):
    link = await inbox.link()
    await play(inbox, [(inbox.clock(), sends_forms(inbox, link, Random(3)))])
    assert await inbox.standings() == {"quarantined": 1}
    inbox.clock.move(minutes=20)
    await inbox.answer(link, 8, reason="price")
    await inbox.settle()
    stored = await inbox.responses("counted")
    assert [item["answers"] for item in stored] == [{"recommend": 8, "reason": "price"}]


async def test_a_person_who_means_what_the_program_sent_is_heard_too(inbox):
    link = await inbox.link()
    page = await inbox.open(link, 5)
    await inbox.send(link, page)
    await inbox.settle()
    assert await inbox.standings() == {"quarantined": 1}
    inbox.clock.move(minutes=20)
    await inbox.answer(link, 5)
    await inbox.settle()
    assert await inbox.standings() == {"counted": 1}


async def test_judging_again_changes_nothing(inbox):
    link = await inbox.link()
    await inbox.answer(link, 9)
    inbox.clock.move(seconds=13)
    items = await outbox.claim_due(inbox.api.runtime.db, inbox.clock(), 10, 60, kind=MAIL_SETTLE)
    for item in [*items, *items]:
        await settle_answer(collection_of(inbox.api.runtime), item)
    assert len(items) == 1
    assert await inbox.count() == 1


async def test_a_server_that_dies_between_the_doubt_and_the_answer_leaves_what_counted(inbox):
    link = await inbox.link()
    await inbox.answer(link, 9)
    await inbox.settle()
    runtime = inbox.api.runtime
    invitation = await redeem_code(runtime.db, link)
    visitor = MailVisitor(invitation, "7", inbox.clock(), runtime.new_id)
    loaded = await runtime.of(Catalog).by_id(invitation.workspace_id, invitation.survey_id)
    sitting = await visitor.open(collection_of(runtime), loaded, invitation.response_id, {})
    await visitor.promise(collection_of(runtime), sitting, "confirm", sitting.sequence + 1)
    await reopen_response(
        runtime.db, invitation.workspace_id, invitation.survey_id, sitting.response_id
    )
    assert await inbox.standings() == {"provisional": 1}

    await inbox.settle()
    stored = await inbox.responses("counted")
    assert [(item["answers"], item["complete"]) for item in stored] == [({"recommend": 9}, True)]
    assert await inbox.differences() == []


async def test_what_the_owner_set_aside_stays_aside(inbox):
    link = await inbox.link()
    await inbox.answer(link, 9)
    stored = (await inbox.responses())[0]
    path = f"/v1/surveys/post_purchase/responses/{stored['id']}"
    reply = await inbox.api.http.patch(path, json={"standing": "excluded"})
    assert reply.is_success, reply.text
    await inbox.settle()
    assert await inbox.standings() == {"excluded": 1}


async def test_nobody_fills_the_disk_with_visits(inbox):
    link = await inbox.link()
    for _ in range(260):
        inbox.clock.move(seconds=0.01)
        await inbox.open(link, 3)
    rows = await inbox.api.runtime.db.fetch("SELECT COUNT(*) FROM link_visit")
    assert rows[0][0] == MOST_VISITS
    inbox.clock.move(minutes=5)
    await inbox.answer(link, 8)
    await inbox.settle()
    assert await inbox.standings() == {"counted": 1}
