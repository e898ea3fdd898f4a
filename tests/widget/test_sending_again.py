"""What could not be sent: refused for good, kept on the device, and sent again once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.async_api import Route
from sittings import Sittings
from visit_survey import ANSWERED, VISIT, answer_all

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

DAY_MS = 86_400_000


async def refuse(visit: Sittings, status: int, code: str) -> None:
    """Answer submissions with a problem."""
    problem = json.dumps({"status": status, "code": code})
    await visit.page.route(
        "**/v1/public/responses*",
        lambda route: route.fulfill(
            status=status, body=problem, headers={"access-control-allow-origin": "*"}
        ),
    )


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
    await visit.open(VISIT, **ANSWERED)
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
    await visit.open(VISIT, **ANSWERED)
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
    await visit.open(VISIT, **ANSWERED)
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
    await visit.open(VISIT, **ANSWERED)
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
    await visit.open(VISIT, **ANSWERED)
    await answer_all(visit)
    await visit.told("submitted")
    await visit.page.clock.run_for(15_000)  # its own time goes on as well
    assert len(tries) == 1
    await visit.page.clock.run_for(15_100)
    await visit.until(lambda: len(tries) == 2, "a second try")


async def test_one_bad_line_or_submission_does_not_hold_up_the_others(visit: Sittings) -> None:
    address = f"{visit.server.url}/v1/public/responses?key={visit.server.public_key}"
    bad: dict[str, Any] = {"id": "nonsense"}
    good = {"id": "018f3a52-0000-7000-8000-00000000000a", "survey": "visit"}
    good |= {"answers": {"recommend": 1}, "channel": "widget"}
    await visit.open(VISIT)
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
    await visit.open(VISIT)
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
