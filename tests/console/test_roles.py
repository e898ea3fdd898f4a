"""Role by route: every route below `/console`, found in the application, asked by everybody.

A route that is written tomorrow is asked tomorrow; what its declaration says is what it must do.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx
import pytest
from api_client import Api
from console_routes import ConsoleRoute, console_routes
from console_stage import (
    ROLES,
    STRANGERS,
    Who,
    changed,
    comes,
    contents_of,
    ids_of_console,
)
from signed_in import SignedIn, come_again
from tiers import POSTGRES_NIGHTLY

from harken_server.workspaces.people.rules import Role

pytestmark = POSTGRES_NIGHTLY

SECRET = "only-for-readers"
NO_REACH, NOT_GOOD, ELSEWHERE = "Your role does not reach", "no longer good", "of another site"
FOREIGN = (
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site", "origin": "https://feedback.example.com"},
    {"origin": "https://evil.example"},
)


@pytest.fixture
async def ids(live: Api) -> dict[str, str]:
    return await ids_of_console(live)


@pytest.mark.parametrize("who", [*ROLES, *STRANGERS])
async def test_a_page_opens_for_whom_its_right_says(
    live: Api, ids: dict[str, str], who: Who
) -> None:
    visitor = await comes(live, who, ids)
    before = await contents_of(live.runtime.db)

    for route in console_routes("GET"):
        reply = await visitor.http.get(route.at(ids))
        assert is_answered_right(reply, route, who), told(route, reply)

    assert not changed(before, await contents_of(live.runtime.db))


@pytest.mark.parametrize("who", [*ROLES, *STRANGERS])
async def test_a_form_without_its_token_does_nothing_for_anybody(
    live: Api, ids: dict[str, str], who: Who
) -> None:
    visitor = await comes(live, who, ids)
    other = await come_again(live.runtime, visitor.account)
    sent = [{}, {"csrf": "0" * 64}]
    if who in ROLES:
        sent.append({"csrf": await other.token()})
    before = await contents_of(live.runtime.db)

    for route in console_routes("POST"):
        for form in sent:
            reply = await visitor.http.post(route.at(ids), data=form)
            assert is_refused(reply, route, who, NOT_GOOD), told(route, reply)

    assert not changed(before, await contents_of(live.runtime.db))


@pytest.mark.parametrize("role", ROLES)
async def test_a_form_that_another_site_sends_does_nothing_although_its_token_is_good(
    live: Api, ids: dict[str, str], role: Role
) -> None:
    visitor = await comes(live, role, ids)
    form = {"csrf": await visitor.token()}
    before = await contents_of(live.runtime.db)

    for route in console_routes("POST"):
        for headers in FOREIGN:
            reply = await visitor.http.post(route.at(ids), data=form, headers=headers)
            assert is_refused(reply, route, role, ELSEWHERE), told(route, reply)

    assert not changed(before, await contents_of(live.runtime.db))


@pytest.mark.parametrize("role", ROLES)
async def test_a_good_form_is_let_in_for_whom_its_right_says(
    live: Api, ids: dict[str, str], role: Role
) -> None:
    visitor = await comes(live, role, ids)
    for route in console_routes("POST"):
        before = await contents_of(live.runtime.db)
        again = await come_again(live.runtime, visitor.account)
        reply = await _send(again, route, ids)
        if route.is_for(role):
            assert reply.status_code < 500, told(route, reply)
            assert NOT_GOOD not in reply.text, told(route, reply)
            assert NO_REACH not in reply.text, told(route, reply)
        else:
            assert is_refused(reply, route, role, NO_REACH), told(route, reply)
            assert not changed(before, await contents_of(live.runtime.db)), told(route, reply)


@pytest.mark.parametrize("who", ["viewer", "frontline"])
async def test_no_page_tells_a_comment_to_whom_it_is_not_for(
    live: Api, ids: dict[str, str], who: Who
) -> None:
    """A viewer sees scores alone; somebody on the front line only what is theirs."""
    await live.submit({"recommend": 1, "why": SECRET}, context={"store": "elsewhere"})
    visitor, owner = await comes(live, who, ids), await comes(live, "owner", ids)
    told_owner = 0

    for route in console_routes("GET"):
        address = route.at(ids | {"file": "comments.csv"})
        assert SECRET not in (await visitor.http.get(address)).text, route
        told_owner += SECRET in (await owner.http.get(address)).text

    assert told_owner


async def test_what_is_dangerous_asks_for_the_password_again(
    live: Api, ids: dict[str, str]
) -> None:
    visitor = await comes(live, "owner", ids)
    earlier = await come_again(live.runtime, visitor.account, is_confirmed=False)
    before = await contents_of(live.runtime.db)

    for route in console_routes():
        if route.rules.is_confirmed:
            reply = await _send(earlier, route, ids)
            assert reply.status_code == 303, told(route, reply)
            asked = urlsplit(reply.headers["location"])
            assert asked.path == "/console/default/confirm", told(route, reply)

    assert not changed(before, await contents_of(live.runtime.db))


def is_answered_right(reply: httpx.Response, route: ConsoleRoute, who: Who) -> bool:
    """Whether a page answered as its declaration says."""
    if who in STRANGERS or not route.is_for(who):
        return is_refused(reply, route, who, NO_REACH)
    if reply.status_code == 303:
        return reply.headers["location"].startswith("/console/default")
    is_missing = who == "frontline" and reply.status_code == 404
    return reply.status_code == 200 or is_missing


def is_refused(reply: httpx.Response, route: ConsoleRoute, who: Who, why: str) -> bool:
    """Whether it was refused; with the right for the reason named, and else for the missing one."""
    if who == "elsewhere":
        return reply.status_code == 404 and "no such workspace" in reply.text
    if who in STRANGERS:
        is_led = reply.headers.get("location", "").startswith("/sign-in?next=/console/default")
        return reply.status_code == 303 and is_led
    reason = why if route.is_for(who) else NO_REACH
    return reply.status_code == 403 and reason in reply.text


def told(route: ConsoleRoute, reply: httpx.Response) -> str:
    """What a failing test shows."""
    return f"{route} {reply.status_code} {reply.headers.get('location')} {reply.text[-1500:]}"


async def _send(visitor: SignedIn, route: ConsoleRoute, ids: dict[str, str]) -> httpx.Response:
    if route.method == "GET":
        return await visitor.http.get(route.at(ids))
    return await visitor.http.post(route.at(ids), data={"csrf": await visitor.token()})
