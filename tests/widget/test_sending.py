"""What the survey code sends: whole bodies, growing sequences, and nothing twice or lost."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from host_site import HostSite
from live_server import LiveServer
from playwright.async_api import Route
from sittings import Sittings
from watched import Watched

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SURVEY = {
    "key": "visit",
    "title": "Your visit",
    "context": {"store": "", "vip": ""},
    "questions": [
        {"type": "nps", "key": "recommend", "text": "How likely?", "required": True},
        {"type": "short_text", "key": "why", "text": "Why?"},
        {"type": "email", "key": "mail", "text": "Your address?"},
    ],
}
DAY_MS = 86_400_000
UUID7 = r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
HIDE = """hidden => {
    Object.defineProperty(document, "visibilityState", {value: hidden, configurable: true});
    document.dispatchEvent(new Event("visibilitychange", {bubbles: true}));
}"""
ANSWERED = {"answers": {"recommend": 9, "why": "Fine", "mail": "ada@example.com"}}


@pytest_asyncio.fixture(loop_scope="session")
async def visit(
    open_page: Callable[..., Awaitable[Watched]], host_site: HostSite, shop: LiveServer
) -> Sittings:
    """A page of a site, and the survey published."""
    shop.push(SURVEY)
    made = Sittings((await open_page()).page, host_site, shop)
    await made.visit()
    return made


async def answer_all(visit: Sittings) -> None:
    """Press through all pages, with answers given beforehand."""
    await visit.press("Next")
    await visit.press("Next")
    await visit.press("Send")


async def refuse(visit: Sittings, status: int, code: str) -> None:
    """Answer submissions with a problem."""
    problem = json.dumps({"status": status, "code": code})
    await visit.page.route(
        "**/v1/public/responses*",
        lambda route: route.fulfill(
            status=status, body=problem, headers={"access-control-allow-origin": "*"}
        ),
    )


async def test_a_submission_says_all_that_the_server_knows_to_take(visit: Sittings) -> None:
    context = {"store": 'Oslo \u2028 "3"\n\\', "vip": True, "odd": {"a": 1}, "nothing": None}

    await visit.open(SURVEY, respondent="u1", touchpoint="shop.exit", context=context, **ANSWERED)
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

    await visit.open(SURVEY, answers=odd)
    await visit.page.evaluate(HIDE, "hidden")
    await visit.page.get_by_role("radio", name="8").check(force=True)
    await visit.page.evaluate(HIDE, "hidden")

    await visit.stored("visit", lambda one: one["answers"] == {"recommend": 8})
    assert len(visit.sent) == 1


async def test_parts_are_sent_when_the_page_hides_and_merged_at_the_end(visit: Sittings) -> None:
    await visit.open(SURVEY)
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
    await visit.open(SURVEY)
    await visit.page.get_by_role("radio", name="3").check(force=True)
    await visit.page.evaluate("sitting.close(true), sitting.close(true)")
    await visit.page.evaluate(HIDE, "hidden")

    stored = await visit.stored("visit", lambda one: one["answers"] == {"recommend": 3})
    assert stored["complete"] is False
    told = await visit.page.evaluate("told.map(one => one.event)")
    assert told == ["shown", "dismissed", "gone"]


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [
        (410, "survey_closed", "We are no longer collecting answers here."),
        (410, "invitation_expired", "Your invitation could be answered for a limited time"),
        (410, "already_answered", "there is nothing more to do"),
        (422, "invalid_submission", "Please check your answers"),
        (404, "survey_unknown", "We are no longer collecting answers here."),
    ],
)
async def test_a_refusal_is_shown_and_nothing_waits(
    visit: Sittings, status: int, code: str, said: str
) -> None:
    await refuse(visit, status, code)
    await visit.open(SURVEY, **ANSWERED)
    await answer_all(visit)

    await visit.page.get_by_text(said).wait_for()
    assert (await visit.told("error"))["message"] == code
    assert await visit.waiting() == []


async def test_a_reply_that_got_lost_is_no_second_response(visit: Sittings) -> None:
    """The server has the answers, the browser heard of a fault: sent again, stored once."""

    async def lose(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await visit.page.route("**/v1/public/responses*", lose)
    await visit.open(SURVEY, **ANSWERED)
    await answer_all(visit)
    assert (await visit.told("submitted"))["delivered"] is False
    assert len(await visit.waiting()) == 1
    await visit.page.unroute_all(behavior="wait")
    await visit.page.evaluate("code.resend()")

    assert await visit.waiting() == []
    await visit.stored("visit", lambda one: one["complete"])


async def test_without_storage_the_answers_stay_to_be_tried_again(visit: Sittings) -> None:
    await visit.visit("delete window.localStorage; Object.defineProperty(window, 'localStorage', "
                      "{get() { throw new DOMException('no', 'SecurityError') }})")  # fmt: skip
    await visit.page.route("**/v1/public/responses*", lambda route: route.abort())
    await visit.open(SURVEY, **ANSWERED)
    await answer_all(visit)
    await visit.page.get_by_text("They are still here").wait_for()
    await visit.page.unroute_all(behavior="wait")
    await visit.press("Try again")

    assert (await visit.told("submitted"))["delivered"] is True
    await visit.stored("visit", lambda one: one["complete"])
    assert visit.sent[0] == visit.sent[1]


async def test_a_page_that_goes_while_sending_keeps_the_answers(visit: Sittings) -> None:
    held: list[Route] = []

    async def hold(route: Route) -> None:
        held.append(route)

    await visit.page.route("**/v1/public/responses*", hold)
    await visit.open(SURVEY, **ANSWERED)
    await answer_all(visit)
    await visit.until(lambda: held, "a request")
    assert await visit.waiting() == []
    await visit.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert len(await visit.waiting()) == 1
    await held[0].continue_()
    await visit.told("submitted")

    await visit.page.wait_for_function("() => !localStorage['harken.waiting']")


async def test_a_busy_server_says_when_to_come_back(visit: Sittings) -> None:
    tries: list[float] = []

    async def busy(route: Route) -> None:
        tries.append(1)
        headers = {"access-control-allow-origin": "*", "retry-after": "30"}
        headers["access-control-expose-headers"] = "retry-after"
        await route.fulfill(status=503, body="{}", headers=headers)

    await visit.page.clock.install()
    await visit.page.evaluate("Math.random = () => 0")
    await visit.page.route("**/v1/public/responses*", busy)
    await visit.open(SURVEY, **ANSWERED)
    await answer_all(visit)
    await visit.told("submitted")
    await visit.page.clock.run_for(15_000)  # its own time goes on as well
    assert len(tries) == 1
    await visit.page.clock.run_for(15_100)
    await visit.until(lambda: len(tries) == 2, "a second try")


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
    await visit.open(SURVEY, **ANSWERED)
    await visit.page.evaluate(f"() => {{ {spoiled} }}")
    await visit.page.get_by_role("radio", name="9").check(force=True)
    await visit.page.evaluate(f"({HIDE})('hidden')")
    await answer_all(visit)

    stored = await visit.stored("visit", lambda one: one["complete"])
    assert stored["answers"] == ANSWERED["answers"]


async def test_a_page_that_changes_what_json_means_is_told_of_the_error(visit: Sittings) -> None:
    await visit.open(SURVEY, **ANSWERED)
    await visit.page.evaluate("() => { Array.prototype.toJSON = () => 'no'; }")
    await answer_all(visit)

    assert (await visit.told("error"))["message"]
    assert visit.server.responses("visit") == []


async def test_one_bad_line_or_submission_does_not_hold_up_the_others(visit: Sittings) -> None:
    address = f"{visit.server.url}/v1/public/responses?key={visit.server.public_key}"
    bad: dict[str, Any] = {"id": "nonsense"}
    good = {"id": "018f3a52-0000-7000-8000-00000000000a", "survey": "visit"}
    good |= {"answers": {"recommend": 1}, "channel": "widget"}
    await visit.open(SURVEY)
    await visit.page.evaluate(
        """([address, ...bodies]) => {
            const line = body => `${Date.now()} ${address} ${JSON.stringify(body)}`;
            localStorage["harken.waiting"] = ["rubbish", "7", ...bodies.map(line)].join("\\n");
        }""",
        [address, bad, good],
    )
    await visit.page.evaluate("code.resend()")

    assert await visit.waiting() == []
    await visit.stored("visit", lambda one: one["answers"] == {"recommend": 1})


async def test_what_waited_says_for_how_long_by_the_same_clock(visit: Sittings) -> None:
    address = f"{visit.server.url}/v1/public/responses?key={visit.server.public_key}"
    kept = {"id": "018f3a52-0000-7000-8000-00000000000b", "survey": "visit"}
    kept |= {"answers": {"recommend": 2}, "channel": "widget"}
    await visit.open(SURVEY)
    await visit.page.evaluate(
        """([address, body, ago]) => {
            const line = `${Date.now() - ago} ${address} ${JSON.stringify(body)}`;
            localStorage["harken.waiting"] = line;
        }""",
        [address, kept, 2 * DAY_MS],
    )
    await visit.page.evaluate("code.resend()")

    await visit.stored("visit", lambda one: one["answers"] == {"recommend": 2})
    [sent] = visit.sent
    assert 2 * DAY_MS <= sent["waited_ms"] < 2 * DAY_MS + 60_000
