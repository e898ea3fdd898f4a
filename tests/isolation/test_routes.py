"""Every keyed route with an id in its path, called with the key of another workspace: 404."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from api_client import Api
from one_of_each import one_of_each

from harken_server.http.operations import OPERATION

WRITES_INTO_THE_CALLERS_OWN = {
    "put_touchpoint", "suppress_respondent", "put_programme", "put_respondent",
    "load_journey_template", "erase_respondent", "take_in_feedback", "put_segment",
}  # fmt: skip
"""These make the thing in the workspace of the key, whatever another workspace has."""
NOTHING_THERE_IS_EMPTY = {
    "explain_respondent", "get_respondent", "get_timeline", "preview_erasure",
}  # fmt: skip
"""A respondent is whoever the caller names; nothing of another workspace may be told of them."""
SAME_EVERYWHERE = {"templates", "journeys", "surveys", "tills", "intake"}
"""Names that another workspace may have too, and numbers too short to be told apart."""
BODIES: dict[str, Any] = {
    "set_survey_status": {"status": "closed"},
    "put_targets": {"targets": []},
    "create_results_link": {"days": 1},
    "create_export_link": {"days": 1},
    "create_sheet_token": {"name": "Weekly"},
    "set_response_standing": {"standing": "excluded"},
    "put_device": {"settings": {}},
    "change_place_code": {"label": "x"},
    "create_till": {"name": "x", "touchpoint": "store.till"},
    "change_till": {"name": "x"},
    "change_programme_members": {"members": [{"respondent": "c-1"}]},
    "create_personal_links": {"respondents": [{"respondent": "c-1"}]},
    "change_annotation": {"title": "x"},
}

ENDING = {"follow_survey": {"events": "1"}}
"""What a route is asked for that never ends by itself."""


@pytest.fixture
async def ids(live: Api) -> dict[str, str]:
    """One of everything in the first workspace: what stands in a path, by the path before it."""
    return await one_of_each(live)


async def test_every_route_with_an_id_is_closed_to_another_workspace(
    live: Api, ids: dict[str, str], other_workspace: Callable[[], Awaitable[str]]
) -> None:
    """Generated from the routes: a new route is tested the day it is written."""
    stranger = {"authorization": f"Bearer {await other_workspace()}"}
    routes = [(method, path_to(path, ids), name) for path, method, name in routes_with_ids(live)]
    assert len(routes) >= 45
    assert not [path for _, path, _ in routes if "{" in path]

    for method, path, name in routes:
        if method == "GET":
            own = await live.http.get(path, params=ENDING.get(name))
            assert own.status_code == 200, (name, path, own.text)
        if name in WRITES_INTO_THE_CALLERS_OWN:
            continue
        theirs = await live.http.request(method, path, json=BODIES.get(name), headers=stranger)
        if name in NOTHING_THERE_IS_EMPTY:
            assert "kim@example.com" not in theirs.text
            assert "post_purchase" not in theirs.text
            continue
        assert theirs.status_code == 404, (name, method, path, theirs.status_code, theirs.text)
    kept = await live.http.get(f"/v1/surveys/post_purchase/responses/{ids['responses']}")
    assert kept.json()["answers"] == {"recommend": 9}
    assert kept.json()["standing"] == "counted"


async def test_nothing_of_another_workspace_is_listed(
    live: Api, ids: dict[str, str], other_workspace: Callable[[], Awaitable[str]]
) -> None:
    stranger = {"authorization": f"Bearer {await other_workspace()}"}
    told = [value for name, value in ids.items() if name not in SAME_EVERYWHERE]
    looked_at = 0
    for path, handler in plain_routes(live):
        if path.startswith("/v1/journeys/templates"):
            continue
        reply = await live.http.get(path, headers=stranger)
        own = await live.http.get(path)
        looked_at += any(value in own.text for value in told)
        assert not [value for value in told if value in reply.text], (handler, path)
    assert looked_at >= 8


def path_to(template: str, ids: dict[str, str]) -> str:
    """The template with each placeholder replaced by the id of what the word before it names."""
    return re.sub(r"/([a-z-]+)/\{[^}]+\}", lambda found: f"/{found[1]}/{ids[found[1]]}", template)


def routes_with_ids(api: Api) -> list[tuple[str, str, str]]:
    """Path, method and name of every keyed operation with an id in its path."""
    return [(path, method, name) for path, method, name in keyed_routes(api) if "{" in path]


def plain_routes(api: Api) -> list[tuple[str, str]]:
    """Path and name of every keyed GET without one."""
    return [
        (path, name) for path, method, name in keyed_routes(api)
        if "{" not in path and method == "GET"
    ]  # fmt: skip


def keyed_routes(api: Api) -> list[tuple[str, str, str]]:
    app: Any = api.http._transport.app.app  # the Litestar app inside the gateway
    return [
        (route.path_format, method, handler.opt[OPERATION].id)
        for route in app.routes
        for handler in getattr(route, "route_handlers", ())
        if OPERATION in getattr(handler, "opt", {}) and handler.opt[OPERATION].is_keyed
        for method in handler.http_methods
        if method not in {"OPTIONS", "HEAD"}
    ]
