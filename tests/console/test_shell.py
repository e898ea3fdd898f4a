"""The frame of the console: who gets in, what forms carry, and what the navigation shows."""

from __future__ import annotations

import pytest
from api_client import Api
from console_routes import console_routes, undeclared
from signed_in import sign_in

from harken_server.workspaces.people.rules import RIGHTS, Role

FOR_ANYBODY_SIGNED_IN = {"/console"}
"""Paths below `/console` that no right guards: this one only leads on to a workspace."""

OF_ONESELF = ("/me/", "/confirm", "/preview/", "/results/{survey:str}/export/")
"""What a form does there is somebody's own: their account, a preview that stores nothing, a file of
what they may read anyway."""
OF_OWNERS = ("/people", "/keys", "/settings", "/audit", "/workspaces/")


def test_every_route_below_the_console_says_who_may_open_it() -> None:
    assert undeclared() == sorted(FOR_ANYBODY_SIGNED_IN)
    assert console_routes("GET")


def test_who_may_only_look_changes_nothing_but_what_is_their_own() -> None:
    for route in console_routes("POST"):
        if route.rules.right in {"see", "read"}:
            assert route.path.startswith(OF_ONESELF), route


def test_people_keys_settings_and_the_audit_log_are_for_who_manages_alone() -> None:
    found = [route for route in console_routes() if route.path.startswith(OF_OWNERS)]

    assert {route.rules.right for route in found} == {"manage"}
    assert all(any(route.path.startswith(one) for route in found) for one in OF_OWNERS)


async def test_a_stranger_is_led_to_the_door_and_back(api: Api) -> None:
    reply = await api.http.get("/console/default")

    assert reply.status_code == 303
    assert reply.headers["location"] == "/sign-in?next=/console/default"


@pytest.mark.parametrize("role", RIGHTS)
async def test_navigation_shows_what_a_role_may_see(api: Api, role: Role) -> None:
    visitor = await sign_in(api, role)

    page = await visitor.get()

    assert page.status_code == 200
    assert ("Audit log" in page.text) == (role == "owner")
    assert "Home" in page.text


async def test_another_workspace_is_not_there(api: Api) -> None:
    visitor = await sign_in(api)

    page = await visitor.http.get("/console/elsewhere")

    assert page.status_code == 404
    assert "no such workspace" in page.text


@pytest.mark.parametrize(
    ("role", "path", "title"),
    [
        ("owner", "/surveys/none", "There is no page at this address"),
        ("viewer", "/people", "This is not open to you"),
    ],
)
async def test_a_failure_is_named_for_what_it_is(
    api: Api, role: Role, path: str, title: str
) -> None:
    page = await (await sign_in(api, role)).get(path)

    assert f"<title>{title} · " in page.text
    assert 'href="/console/default"' in page.text
