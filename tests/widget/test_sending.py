"""What the survey code sends: whole bodies and growing sequences."""

from __future__ import annotations

import re

import pytest
from sittings import Sittings
from visit_survey import ANSWERED, VISIT, answer_all

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

UUID7 = r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
HIDE = """hidden => {
    Object.defineProperty(document, "visibilityState", {value: hidden, configurable: true});
    document.dispatchEvent(new Event("visibilitychange", {bubbles: true}));
}"""


async def test_a_submission_says_all_that_the_server_knows_to_take(visit: Sittings) -> None:
    context = {"store": 'Oslo \u2028 "3"\n\\', "vip": True, "odd": {"a": 1}, "nothing": None}

    await visit.open(VISIT, respondent="u1", touchpoint="shop.exit", context=context, **ANSWERED)
    await answer_all(visit)
    submitted = await visit.told("submitted")

    stored = await visit.stored("visit", lambda one: one["complete"])
    [sent] = visit.sent
    assert re.match(UUID7, sent["id"])
    assert submitted["delivered"] is True
    assert submitted["response"] == sent["id"] == stored["id"]
    assert sent["context"] == {"store": 'Oslo \u2028 "3"\n\\', "vip": True, "nothing": None}
    assert (sent["version"], sent["locale"], sent["channel"]) == (1, "en", "widget")
    assert (sent["sequence"], sent["complete"], sent["cleared"]) == (1, True, [])
    assert stored["answers"] == ANSWERED["answers"]
    assert (stored["respondent"], stored["touchpoint"]) == ("u1", "shop.exit")
    assert stored["started_at"] is not None
    assert await visit.waiting() == []


async def test_answers_given_beforehand_are_not_sent_by_themselves(visit: Sittings) -> None:
    odd = {"recommend": 99, "unknown": 1, "why": "Fine"}

    await visit.open(VISIT, answers=odd)
    await visit.page.evaluate(HIDE, "hidden")
    await visit.page.get_by_role("radio", name="8").check(force=True)
    await visit.page.evaluate(HIDE, "hidden")

    await visit.stored("visit", lambda one: one["answers"] == {"recommend": 8})
    assert len(visit.sent) == 1


async def test_parts_are_sent_when_the_page_hides_and_merged_at_the_end(visit: Sittings) -> None:
    await visit.open(VISIT)
    await visit.page.get_by_role("radio", name="8").check(force=True)
    await visit.page.get_by_label("Why?").fill("Slow")
    await visit.page.evaluate(HIDE, "hidden")
    await visit.page.evaluate(HIDE, "visible")
    await visit.page.evaluate(HIDE, "hidden")
    await visit.stored("visit", lambda one: one["answers"] == {"recommend": 8, "why": "Slow"})
    await visit.page.get_by_label("Why?").fill("")
    await visit.press("Next")
    await visit.page.get_by_label("Your address?").fill("ada@")
    await visit.page.evaluate(HIDE, "hidden")
    await visit.stored("visit", lambda one: one["answers"] == {"recommend": 8})
    await visit.page.get_by_label("Your address?").fill("ada@example.com")
    await visit.press("Send")
    await visit.told("submitted")
    await visit.page.evaluate(HIDE, "hidden")

    stored = await visit.stored("visit", lambda one: one["complete"])
    assert stored["answers"] == {"recommend": 8, "mail": "ada@example.com"}
    assert [one["sequence"] for one in visit.sent] == [1, 2, 3]
    assert [one["cleared"] for one in visit.sent] == [
        [],
        ["why", "mail"],
        ["why"],
    ]
    said = [{*one["answers"], *one["cleared"]} for one in visit.sent]
    assert said[0] <= said[1] <= said[2], "a part that arrives late has nothing new to say"
    assert len({one["id"] for one in visit.sent}) == 1
    assert len({one["resume"] for one in visit.sent}) == 1
    assert len(visit.sent[0]["resume"]) >= 16


async def test_closing_tells_it_once_and_keeps_the_part(visit: Sittings) -> None:
    await visit.open(VISIT)
    await visit.page.get_by_role("radio", name="3").check(force=True)
    await visit.page.evaluate("sitting.close(true), sitting.close(true)")
    await visit.page.evaluate(HIDE, "hidden")

    stored = await visit.stored("visit", lambda one: one["answers"] == {"recommend": 3})
    assert stored["complete"] is False
    told = await visit.page.evaluate("told.map(one => one.event)")
    assert told == ["shown", "dismissed", "gone"]


@pytest.mark.parametrize(
    "spoiled",
    [
        "JSON.stringify = JSON.parse = () => { throw new Error('mine') }",
        "window.JSON = null",
        "delete window.fetch",
        "window.fetch = () => { throw new Error('mine') }",
        "Object.prototype.extra = 'everywhere'; Array.prototype.more = () => 1",
        "navigator.sendBeacon = null; delete crypto.randomUUID",
    ],
)
async def test_a_page_that_spoils_the_tools_does_not_spoil_the_body(
    visit: Sittings, spoiled: str
) -> None:
    await visit.open(VISIT, **ANSWERED)
    await visit.page.evaluate(f"() => {{ {spoiled} }}")
    await visit.page.get_by_role("radio", name="9").check(force=True)
    await visit.page.evaluate(f"({HIDE})('hidden')")
    await answer_all(visit)

    stored = await visit.stored("visit", lambda one: one["complete"])
    assert stored["answers"] == ANSWERED["answers"]


async def test_a_page_that_changes_what_json_means_is_told_of_the_error(visit: Sittings) -> None:
    await visit.open(VISIT, **ANSWERED)
    await visit.page.evaluate("() => { Array.prototype.toJSON = () => 'no'; }")
    await answer_all(visit)

    assert (await visit.told("error"))["message"]
    assert visit.server.responses("visit") == []
