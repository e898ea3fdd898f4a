"""Keys in the console: made and shown once, used, ended; refusals keep what was typed."""

from __future__ import annotations

import re

import pytest
from api_client import Api
from signed_in import add_person, sign_in

from harken_server.workspaces.people.rules import RIGHTS, Role
from harken_server.workspaces.store import audit


async def test_a_new_key_is_shown_once_and_works_until_it_is_revoked(api: Api) -> None:
    owner = await sign_in(api)

    made = await owner.post("/keys/new", name="Web shop", scopes="read")
    (secret,) = set(re.findall(r"hk_[a-z2-7]{32}", made.text))
    bearer = {"authorization": f"Bearer {secret}"}
    works = await api.http.get("/v1/surveys", headers=bearer)
    listed = await owner.get("/keys")
    keys = (await api.http.get("/v1/keys")).json()["keys"]
    mine = next(key["id"] for key in keys if key["name"] == "Web shop")
    revoked = await owner.post(f"/keys/{mine}/revoke")
    refused = await api.http.get("/v1/surveys", headers=bearer)

    assert "Authorization: Bearer" in made.text
    assert works.status_code == 200
    assert secret not in listed.text
    assert "Web shop" in listed.text
    assert revoked.status_code == 303
    assert refused.status_code == 401


async def test_what_was_typed_comes_back_with_what_is_wrong(api: Api) -> None:
    owner = await sign_in(api)

    page = await owner.post("/keys/new", name="x" * 121, origins="https://shop.example/path")

    assert page.status_code == 422
    assert "Name must have 1 to 120 characters, not 121" in page.text
    assert "Choose at least one" in page.text
    assert "https://shop.example/path" in page.text


async def test_a_site_that_is_none_is_named(api: Api) -> None:
    owner = await sign_in(api)

    page = await owner.post("/keys/new", name="site", scopes="public", origins="shop.example")

    assert page.status_code == 422
    assert "must be a scheme and a host" in page.text
    assert 'value="public" checked' in page.text


async def test_a_key_of_another_workspace_is_not_there(api: Api) -> None:
    owner = await sign_in(api)
    await owner.post("/workspaces/new", name="Other", slug="other")
    theirs = await owner.http.get("/console/other/keys")
    keys = (await api.http.get("/v1/keys")).json()["keys"]
    token = re.search(r'name="csrf" value="([\w=-]+)"', theirs.text)
    assert token is not None

    refused = await owner.http.post(
        f"/console/other/keys/{keys[0]['id']}/revoke", data={"csrf": token[1]}
    )

    assert keys[0]["name"] not in theirs.text
    assert refused.status_code == 404


async def test_hostile_names_are_inert_on_every_page_that_shows_them(api: Api) -> None:
    evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7 * 7 }}'
    owner = await sign_in(api)
    await owner.post("/settings/name", name=evil)
    await add_person(api.runtime, "frontline", email=f"{evil}@example.com", stores=(evil,))

    pages = [await owner.post("/keys/new", name=evil, scopes="read")]
    pages += [await owner.get(path) for path in ("/keys", "/people", "/settings", "/audit")]

    for page in pages:
        assert page.status_code == 200
        assert "alert(1)" in page.text
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "49" not in page.text.partition("alert(1)")[2][:40]


@pytest.mark.parametrize("role", [role for role in RIGHTS if "manage" not in RIGHTS[role]])
@pytest.mark.parametrize("path", ["/people", "/keys", "/settings", "/audit", "/audit.csv"])
async def test_only_owners_reach_what_owners_manage(api: Api, role: Role, path: str) -> None:
    visitor = await sign_in(api, role)

    page = await visitor.get(path)

    assert page.status_code == 403
    assert "ask an owner" in page.text


async def test_a_key_made_in_the_console_is_in_the_audit_log_with_the_person(api: Api) -> None:
    owner = await sign_in(api)
    await owner.post("/keys/new", name="Web shop", scopes=["read", "write"])

    (entry,) = await audit.list_entries(api.runtime.db, api.runtime.home)

    assert (entry.action, entry.account_id) == ("create_key", owner.account.id)
    assert entry.detail == {"name": "Web shop", "scopes": ["read", "write"]}
