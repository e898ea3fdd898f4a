"""Home: numbers, comments and notices, and who sees which of them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from api_client import SURVEY, Api
from home_steps import count, deliver, shown
from hostile_texts import TRICKS
from markupsafe import escape
from signed_in import sign_in

from harken_server.responses.store.escalations import EscalationDetail, open_escalation

STEADY = range(5, 34)
"""Days ago: every day of four weeks, and none of the last four."""


async def test_an_empty_workspace_leads_to_the_gallery(api: Api) -> None:
    page = await (await sign_in(api, "editor")).get()

    assert 'href="/console/default/surveys/new"' in page.text
    assert "Ask your first question" in page.text


async def test_who_may_not_make_a_survey_is_not_led_to_it(api: Api) -> None:
    page = await (await sign_in(api, "viewer")).get()

    assert "Nothing to see yet" in page.text
    assert "/surveys/new" not in page.text


async def test_a_survey_without_an_answer_leads_to_sharing_it(live: Api) -> None:
    page = await (await sign_in(live)).get()

    assert "No answer yet" in page.text
    assert 'href="/console/default/share/post_purchase"' in page.text


async def test_the_score_is_that_of_the_last_90_days_and_weeks_are_told_apart(live: Api) -> None:
    await count(live, {"10": 99}, days_ago=90)
    await count(live, {"9": 30, "3": 10}, days_ago=89, touchpoint="order.delivered")
    await count(live, {"9": 1, "7": 1}, days_ago=7)
    await count(live, {"9": 4}, days_ago=6)

    text = shown((await (await sign_in(live)).get()).text)

    assert "54 28 to 74 · 46 answers" in text
    assert "4 this week · 2 the week before" in text
    assert "early days" in text


async def test_the_number_is_the_one_that_the_api_gives_for_these_days(live: Api) -> None:
    for rating in (9, 10, 10, 3):
        await live.submit({"recommend": rating})
    score = await live.score(**{"from": "2026-08-24"})

    text = shown((await (await sign_in(live)).get()).text)

    assert f"{score['score']:.0f} " in text
    assert "4 answers" in text


async def test_a_score_that_moved_is_compared_with_the_four_weeks_before(live: Api) -> None:
    await count(live, {"10": 90, "0": 10}, days_ago=3)
    await count(live, {"10": 50, "0": 50}, days_ago=40)

    text = shown((await (await sign_in(live)).get()).text)

    assert "up 80 on the four weeks before" in text
    assert "could be chance" not in text


async def test_the_newest_comments_come_first_whatever_their_survey(live: Api) -> None:
    await live.push({**SURVEY, "key": "second", "title": "Second", "touchpoints": []})
    for number in range(3):
        for key in ("post_purchase", "second"):
            await live.submit({"recommend": 2, "why": f"Text {number} {key}"}, survey=key)
            live.clock.move(minutes=1)

    page = await (await sign_in(live, "analyst")).get()

    text = shown(page.text)
    order = [text.index(f"Text {n} {key}") for n in (2, 1) for key in ("second", "post_purchase")]
    assert order == sorted(order)
    assert "Text 0 post_purchase" not in text
    assert 'title="21 Nov 2026, 12:05 UTC">1 minute ago</time>' in page.text


async def test_single_answers_are_not_shown_to_a_role_that_may_not_read_them(live: Api) -> None:
    await live.submit({"recommend": 2, "why": "Cold coffee"})

    text = shown((await (await sign_in(live, "viewer")).get()).text)

    assert "Cold coffee" not in text
    assert "Newest comments" not in text
    assert "1 answer" in text


@pytest.mark.parametrize("trick", [text for text in TRICKS if "<" in text])
async def test_hostile_comments_and_titles_are_inert(live: Api, trick: str) -> None:
    await live.push({**SURVEY, "title": f"Title {trick}"})
    assert (await live.submit({"recommend": 1, "why": f"Comment {trick}"})).status_code == 201

    page = await (await sign_in(live)).get()

    shown_as_title = 0 if "\n" in trick else 2  # a title of lines is refused
    assert page.text.count(str(escape(trick.splitlines()[-1]))) == 1 + shown_as_title
    assert not any(line in page.text for line in trick.splitlines() if "<" in line)


async def test_nothing_to_do_is_said_calmly(live: Api) -> None:
    text = shown((await (await sign_in(live)).get()).text)

    assert "All quiet." in text


async def test_what_needs_attention_is_listed_with_where_to_go_on(live: Api) -> None:
    closing = {"closes_at": "2026-11-24T12:00:00Z", "quotas": [{"name": "early", "limit": 0}]}
    await live.push({**SURVEY, "asking": closing})
    for days in STEADY:
        await count(live, {"9": 1}, days_ago=days, touchpoint="order.delivered")
    await deliver(live, "failed")
    detail = EscalationDetail(poor_answers=2, within_days=90)
    runtime = live.runtime
    await open_escalation(
        runtime.db, runtime.home, "kim", detail, now=live.clock(), new_id=runtime.new_id()
    )

    text = shown((await (await sign_in(live)).get()).text)

    assert "One customer answered poorly more than once and waits for a call. See who" in text
    assert "One message of the last 7 days could not be sent. Test the mail server" in text
    assert "No answer from order.delivered for 4 days" in text
    assert "“Your order” closes in 3 days." in text
    assert "The quota early of “Your order” is full" in text
    assert "All quiet" not in text


async def test_what_presses_comes_before_the_numbers_and_else_behind_them(live: Api) -> None:
    visitor = await sign_in(live)
    calm = shown((await visitor.get()).text)
    await live.push({**SURVEY, "asking": {"closes_at": "2026-11-24T12:00:00Z"}})
    noted = shown((await visitor.get()).text)
    await deliver(live, "failed")
    pressed = shown((await visitor.get()).text)

    assert calm.index("Your order") < calm.index("Needs attention")
    assert noted.index("No answer") < noted.index("Needs attention")
    assert pressed.index("Needs attention") < pressed.index("No answer")
    assert pressed.index("could not be sent") < pressed.index("closes in 3 days")


async def test_where_a_role_does_not_reach_there_is_no_link(live: Api) -> None:
    await deliver(live, "failed")

    text = shown((await (await sign_in(live, "analyst")).get()).text)

    assert "could not be sent." in text
    assert "Test the mail server" not in text


@pytest.mark.parametrize("mail_settings", [{}], ids=["without-mail"])
async def test_mail_that_waits_for_a_mail_server_is_told(live: Api) -> None:
    await deliver(live, "queued")

    text = shown((await (await sign_in(live)).get()).text)

    assert "Mail waits to be sent, and no mail server is set." in text


async def test_the_front_line_sees_their_touchpoints_and_nobody_elses(live: Api) -> None:
    for days in STEADY:
        await count(live, {"10": 41}, days_ago=days, touchpoint="elsewhere")
    await count(live, {"0": 3}, days_ago=1, touchpoint="order.delivered")
    await answer_at(live, "order.delivered", "Ours was cold")
    await answer_at(live, "elsewhere", "Theirs was late")
    await deliver(live, "failed")

    visitor = await sign_in(live, "frontline", touchpoints=("order.delivered",))
    text = shown((await visitor.get()).text)

    assert "4 answers" in text
    assert "Ours was cold" in text
    assert "Theirs" not in text
    assert "elsewhere" not in text
    assert "could not be sent" not in text
    assert "Share" not in text


async def test_the_front_line_sees_their_stores_and_nobody_elses(live: Api) -> None:
    stores = {"dimensions": [{"name": "store"}]}
    assert (await live.http.put("/v1/dimensions", json=stores)).status_code == 200
    for store, text in (("oslo-3", "Ours was cold"), ("bergen-1", "Theirs was late")):
        for rating in (1, 2, 3):
            await live.submit({"recommend": rating, "why": text}, context={"store": store})

    visitor = await sign_in(live, "frontline", stores=("oslo-3",))
    text = shown((await visitor.get()).text)

    assert "3 answers" in text
    assert "Ours was cold" in text
    assert "Theirs" not in text


async def test_the_front_line_without_a_place_sees_nothing(live: Api) -> None:
    await live.submit({"recommend": 2, "why": "Cold coffee"})

    text = shown((await (await sign_in(live, "frontline")).get()).text)

    assert "Nothing of yours yet" in text
    assert "Cold" not in text
    assert "Your order" not in text


async def test_paused_and_closed_ones_stand_below_what_is_live(live: Api) -> None:
    await live.push({**SURVEY, "key": "later", "title": "Later", "touchpoints": []}, status="draft")

    text = shown((await (await sign_in(live)).get()).text)

    assert text.index("Your order") < text.index("Paused and closed") < text.index("Later Paused")


async def test_many_surveys_without_answers_are_a_list_below_the_numbers(live: Api) -> None:
    for number in range(4):
        await live.push({**SURVEY, "key": f"new{number}", "title": f"N{number}", "touchpoints": []})
        if number == 1:
            few = shown((await (await sign_in(live)).get()).text)
    await live.submit({"recommend": 9})

    text = shown((await (await sign_in(live)).get()).text)

    assert "Without answers" not in few
    assert text.index("Your order") < text.index("Without answers N0 Live Share N1 Live")
    assert "No answer yet" not in text


async def test_a_survey_without_a_score_tells_how_many_answered(api: Api) -> None:
    choices = [{"value": value, "label": value} for value in ("price", "speed")]
    question = {"type": "multiple_choice", "key": "reasons", "text": "Why?", "choices": choices}
    await api.push(_with([question]))
    await api.submit({"reasons": ["price", "speed"]})

    text = shown((await (await sign_in(api)).get()).text)

    assert "Answers 1 " in text
    assert "1 this week" in text


def _with(questions: list[dict[str, Any]]) -> dict[str, Any]:
    kept = {name: value for name, value in SURVEY.items() if name != "touchpoints"}
    return {**kept, "questions": questions}


async def answer_at(api: Api, touchpoint: str, text: str) -> None:
    """A poor answer with a comment, at a touchpoint that is known."""
    await api.http.put(f"/v1/touchpoints/{touchpoint}", json={"survey": "post_purchase"})
    reply = await api.http.post(
        "/v1/public/responses",
        json={"id": str(uuid4()), "survey": "post_purchase", "touchpoint": touchpoint,
              "answers": {"recommend": 2, "why": text}},
    )  # fmt: skip
    assert reply.status_code < 300, reply.text
