"""The audit log: every change by a key, a person or a program has its entry, and keeps it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from api_client import Api
from litestar.handlers import HTTPRouteHandler
from source_files import SOURCES

from harken_server import start
from harken_server.http.operations import OPERATION, Operation
from harken_server.routes import KEYED
from harken_server.workspaces.store import audit

EVERYDAY = {"trigger", "put_respondent", "tell_events", "take_in_feedback"}
"""What an application does all day: their declarations say why no entry is made of them."""
WRITING = {"to", "go_to", "Reply", "write_down", "make_invitation", "_with_codes"}
"""What has an entry made: the frame of each redirection, and stories that write by themselves."""
ONLY_LOOKING = {"check_places", "try_survey", "try_template"}
"""They tell what would come of it, and change nothing."""
CHANGING = [route for route in KEYED if not {"GET", "HEAD", "OPTIONS"} >= set(route.http_methods)]


def operation_of(route: HTTPRouteHandler) -> Operation:
    return route.opt[OPERATION]


async def call(live: Api, route: HTTPRouteHandler) -> None:
    """Work the operation as its route does, with a story that changes what it is told to."""

    async def story(who: Any, **given: Any) -> None: ...

    declared = route.opt["declared"]._replace(function=story, read=None)
    declared = declared._replace(operation=declared.operation._replace(query=None))
    key = live.http.headers["authorization"].encode()
    pieces = {name: str(uuid4()) for name in declared.pieces}
    scope = {
        "type": "http", "method": "POST", "query_string": b"", "headers": [(b"authorization", key)],
        "client": ("127.0.0.1", 1), "path_params": pieces, "path": "/v1", "raw_path": b"/v1",
        "path_template": next(iter(route.paths)),
    }  # fmt: skip
    await declared.work(live.runtime, scope, None)


async def test_every_operation_that_changes_something_is_written_down_under_its_id(
    api: Api,
) -> None:
    routes = [route for route in CHANGING if not operation_of(route).everyday]
    for route in routes:
        await call(api, route)

    found = await audit.list_entries(api.runtime.db, api.runtime.home, limit=1000)

    assert len(routes) > 30
    assert sorted(each.action for each in found) == sorted(operation_of(r).id for r in routes)
    assert all(each.api_key_id is not None for each in found)


def test_what_is_not_written_down_is_an_everyday_act_with_its_reason() -> None:
    everyday = {operation_of(route).id: operation_of(route).everyday for route in CHANGING}

    assert {name for name, reason in everyday.items() if reason} == EVERYDAY


async def test_a_person_in_a_path_is_named_by_a_digest(api: Api) -> None:
    route = next(r for r in CHANGING if operation_of(r).id == "suppress_respondent")
    await call(api, route)

    (entry,) = await audit.list_entries(api.runtime.db, api.runtime.home)

    assert re.fullmatch("respondent [0-9a-f]{64}", entry.subject)


async def test_what_changed_nothing_is_no_act(live: Api) -> None:
    body = (await live.http.get("/v1/surveys/post_purchase")).json()["definition"]
    tried = await live.http.post("/v1/surveys?dry_run=true", json={**body, "title": "Other"})
    same = await live.http.post("/v1/surveys", json=body)

    pushed = (await live.http.get("/v1/audit", params={"action": "push_survey"})).json()["entries"]

    assert (tried.status_code, same.status_code) == (200, 200)
    assert [each["detail"]["version"] for each in pushed] == [1]


async def test_entries_are_found_by_who_did_it_and_when(live: Api) -> None:
    live.clock.move(seconds=10)
    begun = live.clock().isoformat()
    made = (await live.http.post("/v1/keys", json={"name": "till", "scopes": ["read"]})).json()
    live.clock.move(seconds=10)
    other = {"authorization": f"Bearer {await live.key('manage')}"}
    await live.http.delete(f"/v1/keys/{made['id']}", headers=other)
    whole = (await live.http.get("/v1/audit")).json()["entries"]

    async def actions(**query: str) -> list[str]:
        reply = await live.http.get("/v1/audit", params=query)
        return [each["action"] for each in reply.json()["entries"]]

    assert whole[1]["subject"] == made["id"]
    assert whole[1]["detail"] == {"name": "till", "scopes": ["read"]}
    assert await actions(key=whole[0]["api_key_id"]) == ["revoke_key"]
    assert await actions(since=begun) == ["revoke_key", "create_key"]
    assert await actions(until=begun) == ["push_survey"]
    assert await actions(program="cli") == []
    assert made["key"] not in str(whole)


async def test_a_key_made_on_the_command_line_is_written_down_as_such(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    await start._make_key(api.runtime, "by hand", ("read",))

    (entry,) = await audit.list_entries(api.runtime.db, api.runtime.home)

    assert (entry.program, entry.action) == ("cli", "create_key")
    assert entry.detail == {"name": "by hand", "scopes": ["read"]}


def test_no_code_changes_or_takes_away_entries() -> None:
    """An act of several transactions writes its own entry again, and no other (`audit.write`)."""
    naming = {
        path.name: text
        for path in SOURCES
        if re.search(r"audit_entry\b|import AuditEntry as", text := path.read_text("utf-8"))
    }

    assert naming.keys() == {"audit.py", "contents.py", "tables.py"}
    assert not re.search(r"\.(remove|change|put_many)\(", naming["audit.py"])
    assert not re.search(r"(DELETE|UPDATE) +(FROM +)?audit_entry", naming["contents.py"])


def names_called(function: ast.AST) -> set[str]:
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    named = (getattr(each, "id", None) or getattr(each, "attr", "") for each in calls)
    return set(named)


def acts() -> Iterator[tuple[str, set[str]]]:
    """Every form of the console, and what its function calls."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.AsyncFunctionDef):
                names = [
                    call.args[1].value
                    for call in node.decorator_list
                    if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "act"
                    if isinstance(call.args[1], ast.Constant)
                ]
                yield from ((str(name), names_called(node)) for name in names)


def test_every_form_of_the_console_is_written_down() -> None:
    """By the frame where it leads on to another page, else by itself."""
    found = dict(acts())
    silent = {name for name, called in found.items() if not called & WRITING}

    assert {"create_key", "change_member", "put_asking", "create_device"} <= found.keys()
    assert silent == ONLY_LOOKING
