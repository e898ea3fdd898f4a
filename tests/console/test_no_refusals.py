"""Nothing on a page leads to a refusal: every link and form of it, for every role.

Whoever is signed in begins at home and goes wherever the pages lead; of addresses that differ in
their ids or values alone one is opened.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from api_client import SURVEY, Api
from console_routes import ConsoleRoute, console_routes
from console_stage import ROLES, comes, ids_of_console
from home_steps import count, deliver
from read_page import Element, read_page
from signed_in import SignedIn, sign_in
from tiers import POSTGRES_NIGHTLY

from harken_server.workspaces.people.rules import Role

pytestmark = POSTGRES_NIGHTLY

HOUSE = "/console/default"
_PIECE = re.compile(r"\{\w+(?::\w+)?\}")
REACHED = {"owner": 40, "editor": 25, "analyst": 8, "frontline": 4, "viewer": 5}
"""Pages and files that each comes to at least: a walk that ends at once proves nothing."""


@pytest.mark.parametrize("role", ROLES)
async def test_nothing_leads_somebody_to_what_is_not_for_them(live: Api, role: Role) -> None:
    ids = await ids_of_console(live)
    place = {"touchpoint": "order.delivered", "member": ids["stores"]}
    await live.push({**SURVEY, "key": "paused", "touchpoints": []}, status="draft")
    for survey in ("post_purchase", "paused"):
        for days in range(5, 34):
            await count(live, {"9": 1}, days_ago=days, survey=survey, **place)
    await deliver(live, "failed")

    opened = await walk(await comes(live, role, ids), role)

    assert len(opened) >= REACHED[role], opened


@pytest.mark.parametrize("role", ROLES)
async def test_nothing_in_an_empty_workspace_does_so_either(api: Api, role: Role) -> None:
    assert await walk(await sign_in(api, role), role)


async def walk(visitor: SignedIn, role: Role) -> list[str]:
    """Open whatever the pages lead to; the addresses that were opened."""
    ahead, seen, opened = deque([visitor.at()]), set[object](), list[str]()
    while ahead:
        address = ahead.popleft()
        if (kind := kind_of(address)) in seen:
            continue
        seen.add(kind)
        reply = await visitor.http.get(address, follow_redirects=True)
        assert reply.status_code == 200, (role, address, reply.status_code, reply.text[-800:])
        opened.append(address)
        if reply.headers["content-type"].startswith("text/html"):
            page = read_page(reply.text)
            assert not (closed := [each for each in acts_of(page) if not each.is_for(role)]), (
                address, closed,
            )  # fmt: skip
            ahead += links_of(page)
    return opened


def links_of(page: Element) -> Iterator[str]:
    """Addresses of the console that are opened by a press, or that the page loads."""
    for each in page.every("a", "img", "iframe", "form", "button"):
        if each.attributes.get("method") == "post":
            continue
        for name in ("href", "src", "action", "formaction"):
            address = each.attributes.get(name, "").partition("#")[0]
            if urlsplit(address).path.startswith(HOUSE):
                yield address


def acts_of(page: Element) -> Iterator[ConsoleRoute]:
    """What the page's forms do."""
    for form in page.every("form"):
        action = urlsplit(form.attributes.get("action", "")).path
        if form.attributes.get("method") == "post" and action.startswith(HOUSE):
            yield route_of("POST", action)


def kind_of(address: str) -> object:
    """The same for addresses of which one is enough."""
    parts = urlsplit(address)
    return route_of("GET", parts.path), *sorted({name for name, _ in parse_qsl(parts.query)})


def route_of(method: str, path: str) -> ConsoleRoute:
    """The most exact one of this path."""
    fitting = [
        route
        for route in console_routes(method)
        if re.fullmatch(_PIECE.sub("[^/]+", re.sub(r"\.", r"\\.", route.path)), path[len(HOUSE) :])
    ]
    assert fitting, f"a page leads to {method} {path}, which is none of the console's"
    return min(fitting, key=lambda route: route.path.count("{"))
