"""Answering from a message: a GET answers nothing, one press does, and programs never count."""

from __future__ import annotations

import asyncio
import re

import pytest
from api_client import SURVEY
from mail_visitors import Inbox


async def test_a_press_in_a_message_shows_the_page_with_it_chosen(inbox):
    link = await inbox.link()
    page = await inbox.open(link, 9)
    assert page.status_code == 200
    assert re.search(r'name="a_recommend" value="9"[^>]* checked', page.text)
    assert await inbox.responses() == []


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_looking_answers_nothing(inbox, method):
    link = await inbox.link()
    for rating in range(11):
        reply = await inbox.api.http.request(method, f"/e/{link}?a={rating}")
        assert reply.status_code == 200
    await inbox.settle()
    assert await inbox.responses() == []


async def test_one_press_is_stored_at_once_and_counts_when_it_has_settled(inbox):
    link = await inbox.link()
    await inbox.open(link, 9)
    inbox.clock.move(seconds=3)
    reply = await inbox.confirm(link, 9)
    assert reply.status_code == 200
    stored = (await inbox.responses("provisional"))[0]
    assert stored["answers"] == {"recommend": 9}
    assert stored["channel"] == "email"
    assert await inbox.count() == 0

    await inbox.settle()
    assert await inbox.standings() == {"counted": 1}
    assert await inbox.count() == 1


async def test_upper_case_links_work_too(inbox):
    link = await inbox.link()
    page = await inbox.api.http.get(f"/E/{link}?a=3")
    assert page.status_code == 200
    assert re.search(r'value="3"[^>]* checked', page.text)


async def test_pressing_twice_is_one_answer(inbox):
    link = await inbox.link()
    page = await inbox.open(link, 9)
    inbox.clock.move(seconds=3)
    first, second = await asyncio.gather(inbox.send(link, page), inbox.send(link, page))
    assert first.status_code == second.status_code == 200
    await inbox.settle()
    assert await inbox.standings() == {"counted": 1}


async def test_another_number_fifteen_seconds_later_replaces_the_first(inbox):
    link = await inbox.link()
    await inbox.answer(link, 9)
    inbox.clock.move(seconds=15)
    await inbox.settle_due()
    assert await inbox.count() == 1

    await inbox.answer(link, 7)
    assert await inbox.count() == 0, "in doubt until it has settled"
    await inbox.settle()
    assert [item["answers"] for item in await inbox.responses("counted")] == [{"recommend": 7}]


async def test_a_day_later_an_answer_that_counts_can_no_longer_be_changed(inbox):
    link = await inbox.link()
    await inbox.answer(link, 9)
    await inbox.settle()
    inbox.clock.move(hours=24)
    page = await inbox.open(link, 2)
    assert page.status_code == 410
    assert (await inbox.confirm(link, 2)).status_code == 410
    await inbox.settle()
    assert [item["answers"] for item in await inbox.responses("counted")] == [{"recommend": 9}]


@pytest.mark.parametrize("value", ["11", "-1", "%00", "nine", "9" * 70, "", "9&a=3"])
async def test_a_value_that_is_no_answer_chooses_nothing_wrong(inbox, value):
    link = await inbox.link()
    page = await inbox.api.http.get(f"/e/{link}?a={value}")
    assert page.status_code == 200
    chosen = re.findall(r'value="(\w+)"[^>]* checked', page.text)
    assert chosen == (["9"] if value == "9&a=3" else [])


async def test_an_unknown_link_is_explained_and_leaves_nothing(inbox):
    for path in ("/e/0000000000004?a=9", "/e/nonsense", "/e/0000000000004/x"):
        assert (await inbox.api.http.get(path)).status_code == 404
    assert (await inbox.api.http.post("/e/0000000000004/seen")).status_code == 404
    rows = await inbox.api.runtime.db.fetch("SELECT COUNT(*) FROM link_visit")
    assert rows[0][0] == 0


async def test_the_trap_leads_people_on(inbox):
    link = await inbox.link()
    reply = await inbox.api.http.get(f"/e/{link}/x")
    assert (reply.status_code, reply.headers["location"]) == (303, f"../{link}")
    page = await inbox.api.http.get(f"/e/{link}/x", follow_redirects=True)
    assert page.status_code == 200


async def test_required_later_questions_wait_for_their_own_page(api):
    survey = {**SURVEY, "questions": [
        SURVEY["questions"][0], {**SURVEY["questions"][1], "required": True},
    ]}  # fmt: skip
    await api.push(survey)
    inbox = Inbox(api)
    link = await inbox.link()
    page = await inbox.open(link, 9)
    assert "a_reason" not in page.text
    inbox.clock.move(seconds=3)
    reply = await inbox.send(link, page)
    assert "a_reason" in reply.text
    await inbox.settle()
    assert [item["answers"] for item in await inbox.responses("counted")] == [{"recommend": 9}]

    inbox.clock.move(seconds=5)
    ending = await inbox.send(link, reply, a_reason="price")
    assert await inbox.standings() == {"counted": 1}, "an added answer raises no doubt"
    assert "Thank you" in ending.text
    assert (await inbox.responses())[0]["answers"] == {"recommend": 9, "reason": "price"}


@pytest.mark.parametrize("counts_opens", [True, False])
async def test_a_page_that_was_seen_is_kept_apart_where_the_survey_wants_that(api, counts_opens):
    await api.push({**SURVEY, "asking": {"email_counts_opens": counts_opens}})
    inbox = Inbox(api)
    link = await inbox.link()
    page = await inbox.open(link, 9)
    assert ("connect-src 'self'" in page.headers["content-security-policy"]) is counts_opens
    assert ("/seen" in page.text) is counts_opens
    inbox.clock.move(seconds=5)
    assert (await api.http.post(f"/e/{link}/seen?a=9")).status_code == 204
    await inbox.settle()
    assert await inbox.standings() == ({"provisional": 1} if counts_opens else {})
    assert await inbox.count() == 0
    shown = (await api.http.get("/v1/surveys/post_purchase/scores")).json()
    assert shown["apart"] == ({"provisional": 1} if counts_opens else {})

    inbox.clock.move(minutes=2)
    await inbox.answer(link, 9)
    await inbox.settle()
    assert await inbox.standings() == {"counted": 1}


async def test_a_seen_page_never_touches_what_a_person_confirmed(api):
    await api.push({**SURVEY, "asking": {"email_counts_opens": True}})
    inbox = Inbox(api)
    link = await inbox.link()
    await inbox.answer(link, 9)
    for wait_s in (3, 30):
        inbox.clock.move(seconds=wait_s)
        await inbox.open(link, 2)
        inbox.clock.move(seconds=6)
        await api.http.post(f"/e/{link}/seen?a=2")
        await inbox.settle_due()
    await inbox.settle()
    assert [item["answers"] for item in await inbox.responses()] == [{"recommend": 9}]


async def test_a_closed_survey_and_an_expired_link_are_explained(inbox):
    link = await inbox.link()
    page = await inbox.open(link, 9)
    await inbox.api.http.post("/v1/surveys/post_purchase/status", json={"status": "closed"})
    inbox.clock.move(seconds=3)
    assert (await inbox.send(link, page)).status_code == 410
    assert (await inbox.api.http.post(f"/e/{link}/seen?a=9")).status_code in {204, 410}
    await inbox.settle()
    assert await inbox.responses() == []


async def test_a_link_for_many_answers_judges_each_by_itself(inbox):
    invitation = await inbox.invite(is_single_use=False)
    for rating in (9, 4):
        await inbox.answer(invitation.code, rating)
        inbox.clock.move(minutes=5)
    page = await inbox.open(invitation.code, 7)
    await inbox.send(invitation.code, page)
    await inbox.settle()
    assert await inbox.standings() == {"counted": 2, "quarantined": 1}


async def test_a_survey_begun_by_mail_is_finished_elsewhere_without_counting_twice(api):
    survey = {**SURVEY, "questions": [
        SURVEY["questions"][0], {**SURVEY["questions"][1], "required": True},
    ]}  # fmt: skip
    await api.push(survey)
    inbox = Inbox(api)
    invitation = await inbox.invite()
    await inbox.answer(invitation.code, 9)
    await inbox.settle()
    assert await inbox.count() == 1
    body = {
        "id": str(invitation.answer_id), "token": invitation.code, "sequence": 2,
        "channel": "widget", "answers": {"reason": "price"},
    }  # fmt: skip
    reply = await api.http.post("/v1/public/responses", json=body)
    assert reply.status_code == 201, reply.text
    assert await inbox.count() == 1
    assert (await inbox.responses())[0]["answers"] == {"recommend": 9, "reason": "price"}
    assert await inbox.differences() == []


async def test_an_answered_link_says_when_and_offers_an_empty_form_that_replaces_the_answer(inbox):
    link = await inbox.link()
    await inbox.answer(link, 9, reason="price")
    await inbox.settle()

    page = await inbox.open(link)
    assert "You answered on 21 November." in page.text
    assert "price" not in page.text
    form = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    again = await inbox.api.http.post(f"/e/{link}", data={**form, "go": "again"})
    assert again.status_code == 200
    assert not re.search(r"value=\"\w+\"[^>]* (checked|selected)", again.text)
    assert [item["answers"] for item in await inbox.responses()] == [
        {"recommend": 9, "reason": "price"}
    ]

    inbox.clock.move(seconds=20)
    await inbox.send(link, again, a_recommend="2")
    await inbox.settle()
    assert [item["answers"] for item in await inbox.responses("counted")] == [{"recommend": 2}]


async def test_an_answered_link_offers_nothing_once_it_may_not_be_changed(inbox):
    link = await inbox.link()
    await inbox.answer(link, 9)
    await inbox.settle()
    inbox.clock.move(days=40)

    page = await inbox.open(link, 3)

    assert page.status_code == 410
    assert "You answered on 21 November." in page.text
    assert "Answer again?" not in page.text
