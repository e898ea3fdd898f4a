"""The audit log's page and file: what they show, how they are narrowed, and what they withhold."""

from __future__ import annotations

import csv
import io
import re

import pytest
from api_client import Api
from signed_in import SignedIn, sign_in

from harken_server.routes import ACTIONS
from harken_server.workspaces.console import audit as page_of_audit
from harken_server.workspaces.store import audit
from harken_server.workspaces.store.audit import Act


async def rows(owner: SignedIn, **query: str) -> list[dict[str, str]]:
    reply = await owner.get("/audit.csv", **query)
    assert reply.status_code == 200, reply.text
    return list(csv.DictReader(io.StringIO(reply.text)))


async def write_many(api: Api, number: int) -> None:
    for count in range(number):
        api.clock.move(seconds=1)
        act = Act(
            api.runtime.new_id(), api.runtime.home, None, "create_key", api.clock(), program="cli"
        )
        async with api.runtime.db.transaction() as tx:
            await audit.write(tx, act, f"number {count}", name="=1+1")


async def test_the_page_says_who_did_what_on_what(api: Api) -> None:
    owner = await sign_in(api)
    await owner.post("/settings/name", name="Coffee & Co")
    await api.http.post("/v1/keys", json={"name": "till", "scopes": ["read"]})

    page = await owner.get("/audit")

    for text in ("owner@example.com", "Renamed workspace", "Made key", "Coffee &amp; Co", "till"):
        assert text in page.text


async def test_pages_lead_on_to_the_first_entry(api: Api) -> None:
    owner = await sign_in(api)
    await write_many(api, page_of_audit.AT_ONCE + 2)

    first = await owner.get("/audit")
    link = first.text.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    rest = await owner.http.get(link.replace("&amp;", "&"))

    assert "number 51" in first.text
    assert "number 1<" not in first.text
    assert "number 1<" in rest.text
    assert 'rel="next"' not in rest.text


async def test_the_file_has_every_entry_and_no_formula(api: Api) -> None:
    owner = await sign_in(api)
    await write_many(api, 3)
    api.clock.move(seconds=1)
    await owner.post("/settings/name", name="=cmd|' /C calc'!A0")

    found = await rows(owner)

    assert [row["action"] for row in found] == ["rename_workspace", *["create_key"] * 3]
    assert [row["kind"] for row in found] == ["person", *["program"] * 3]
    assert found[0]["who"] == "owner@example.com"
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in found for cell in row.values())


async def test_entries_are_narrowed_by_who_what_and_when(api: Api) -> None:
    await write_many(api, 2)
    api.clock.move(days=2)
    owner = await sign_in(api)
    await owner.post("/settings/name", name="Shop")
    today = f"{api.clock():%Y-%m-%d}"

    by_person = await rows(owner, who=f"person:{owner.account.id}")
    by_program = await rows(owner, who="program:cli")
    by_action = await rows(owner, action="rename_workspace")
    by_day = await rows(owner, **{"from": today, "until": today})
    wrong = await owner.get("/audit", **{"from": "yesterday"})

    assert len(by_person) == len(by_action) == len(by_day) == 1
    assert len(by_program) == 2
    assert wrong.status_code == 422
    assert "From must be a day like 2026-03-31." in wrong.text


async def test_more_than_a_file_holds_is_refused_in_a_sentence(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_of_audit, "READ_AT_ONCE", 2)
    monkeypatch.setattr(page_of_audit, "MOST_LINES", 3)
    owner = await sign_in(api)
    await write_many(api, 5)

    page = await owner.get("/audit.csv")

    assert page.status_code == 422
    assert "shorter period" in page.text


async def test_another_workspace_has_a_log_of_its_own(api: Api) -> None:
    owner = await sign_in(api)
    await owner.post("/keys/new", name="Secret name", scopes="read")
    await owner.post("/workspaces/new", name="Other", slug="other")

    there = SignedIn(owner.http, owner.account, "other")

    assert "Secret name" not in (await there.get("/audit")).text
    assert "Secret name" not in (await there.get("/audit.csv")).text


async def test_an_empty_log_leads_to_the_next_step(api: Api) -> None:
    owner = await sign_in(api)

    assert "Nothing was changed yet" in (await owner.get("/audit")).text
    assert "Nothing matches" in (await owner.get("/audit", action="odd")).text


async def test_every_action_that_is_declared_is_offered_once_in_words(api: Api) -> None:
    owner = await sign_in(api)

    page = (await owner.get("/audit", action="push_survey")).text
    select = page.partition('name="action"')[2].partition("</select>")[0]
    offered = re.findall(r'<option value="(\w*)"( selected)?>([^<]+)<', select)

    assert {name for name, _, _ in offered} == {"", *ACTIONS.all}
    assert len({text for _, _, text in offered}) == len(offered) > 60
    assert [name for name, chosen, _ in offered if chosen] == ["push_survey"]
    assert ("Published survey (push_survey)") in {text for _, _, text in offered}


async def test_an_action_of_before_that_is_asked_for_is_offered_too(api: Api) -> None:
    owner = await sign_in(api)

    page = await owner.get("/audit", action="gone_since")

    assert '<option value="gone_since" selected>' in page.text
