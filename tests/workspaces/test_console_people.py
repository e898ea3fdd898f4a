"""People in the console: roles, who is removed, and who stays."""

from __future__ import annotations

import re

import pytest
from api_client import Api
from signed_in import SignedIn, add_person, sign_in

from harken_server.workspaces.people.account import Account
from harken_server.workspaces.people.store import accounts
from harken_server.workspaces.store import audit
from harken_server.workspaces.store.workspaces import add_workspace


async def role_of(api: Api, account: Account) -> str | None:
    found = await accounts.get_membership(api.runtime.db, api.runtime.home, account.id)
    return found and found.role


async def test_the_list_shows_roles_and_second_factors(api: Api) -> None:
    owner = await sign_in(api)
    await add_person(api.runtime, "frontline", stores=("Oslo",))

    page = await owner.get("/people")

    assert "owner@example.com" in page.text
    assert "Front line" in page.text
    assert "Oslo" in page.text
    assert "Not signed in" in page.text


async def test_a_role_is_changed_and_holds_at_once(api: Api) -> None:
    owner = await sign_in(api)
    editor = await sign_in(api, "editor")

    changed = await owner.post(f"/people/{editor.account.id}/role", role="viewer")

    assert changed.status_code == 303
    assert await role_of(api, editor.account) == "viewer"
    (entry,) = await audit.list_entries(api.runtime.db, api.runtime.home)
    assert entry.action == "change_member"
    assert (entry.detail["was"], entry.detail["role"]) == ("editor", "viewer")


async def test_somebody_on_the_front_line_gets_only_stores_that_exist(api: Api) -> None:
    owner = await sign_in(api)
    person = await add_person(api.runtime, "viewer")
    await api.http.post("/v1/stores", json={"name": "Oslo"})
    path = f"/people/{person.id}/role"

    nothing = await owner.post(path, role="frontline", stores=["Atlantis"])
    some = await owner.post(path, role="frontline", stores=["Oslo", "Atlantis"])

    assert nothing.status_code == 422
    assert "at least one store or touchpoint" in nothing.text
    assert some.status_code == 303
    found = await accounts.get_membership(api.runtime.db, api.runtime.home, person.id)
    assert found is not None
    assert found.stores == ("Oslo",)


async def test_the_form_says_that_answers_are_not_counted_by_store_until_they_are(api: Api) -> None:
    owner = await sign_in(api)
    await api.http.post("/v1/stores", json={"name": "Oslo"})

    before = await owner.get("/people/invite")
    await owner.post("/settings/dimensions", dimensions="store")
    after = await owner.get("/people/invite")

    assert "Choosing one begins it" in before.text
    assert "not counted by store yet" not in after.text


@pytest.mark.parametrize("act", ["role", "remove"])
async def test_the_last_owner_stays(api: Api, act: str) -> None:
    owner = await sign_in(api)

    page = await owner.post(f"/people/{owner.account.id}/{act}", role="viewer")

    assert page.status_code == 409
    assert "only owner" in page.text
    assert await role_of(api, owner.account) == "owner"


async def test_whoever_is_removed_is_out_and_stays_readable_in_the_log(api: Api) -> None:
    owner = await sign_in(api)
    other = await sign_in(api, "owner", email="second@example.com")
    await other.post("/settings/name", name="Shop")

    removed = await owner.post(f"/people/{other.account.id}/remove")
    page = await other.get()
    log = await owner.get("/audit")

    assert removed.status_code == 303
    assert page.status_code in {303, 404}
    assert "second@example.com" in log.text
    assert "Renamed workspace" in log.text


async def test_whoever_is_removed_from_their_only_workspace_reads_so_on_any_page(api: Api) -> None:
    owner = await sign_in(api)
    viewer = await sign_in(api, "viewer")

    await owner.post(f"/people/{viewer.account.id}/remove")
    page = await viewer.http.get(viewer.at("/results"), follow_redirects=True)

    assert page.status_code == 200
    assert "No workspace yet" in page.text


async def test_sessions_of_a_member_end(api: Api) -> None:
    owner = await sign_in(api)
    editor = await sign_in(api, "editor")

    await owner.post(f"/people/{editor.account.id}/sign-out")

    assert (await editor.get()).status_code == 303


async def test_nobody_gets_at_somebody_of_a_workspace_they_do_not_own(api: Api) -> None:
    owner = await sign_in(api)
    editor = await sign_in(api, "editor")
    elsewhere = await add_workspace(
        api.runtime.db, api.runtime.new_id(), "elsewhere", "", api.clock()
    )
    await add_person(api.runtime, "owner", email="editor@example.com", workspace=elsewhere.id)

    refused = await owner.post(f"/people/{editor.account.id}/sign-out")

    assert refused.status_code == 403
    assert "another workspace" in refused.text
    assert (await editor.get()).status_code == 200


async def test_a_person_of_another_workspace_is_not_there(api: Api) -> None:
    owner = await sign_in(api)
    elsewhere = await add_workspace(
        api.runtime.db, api.runtime.new_id(), "elsewhere", "", api.clock()
    )
    stranger = await add_person(
        api.runtime, "owner", email="far@example.com", workspace=elsewhere.id
    )

    page = await owner.get(f"/people/{stranger.id}")
    acts = [await owner.post(f"/people/{stranger.id}/{act}") for act in ("remove", "sign-out")]

    assert page.status_code == 404
    assert {reply.status_code for reply in acts} == {404}
    assert "far@example.com" not in (await owner.get("/people")).text


async def test_what_is_dangerous_asks_for_the_password_again(api: Api) -> None:
    owner = await sign_in(api)
    api.clock.move(minutes=11)

    for path in (f"/people/{owner.account.id}", "/keys/new"):
        page = await owner.get(path)
        assert page.status_code == 303
        assert "/confirm?next=" in page.headers["location"]


async def test_a_further_workspace_belongs_to_who_made_it(api: Api) -> None:
    owner = await sign_in(api)

    made = await owner.post("/workspaces/new", name="Café <b>", slug="cafe")
    taken = await owner.post("/workspaces/new", name="Again", slug="cafe")
    wrong = await owner.post("/workspaces/new", name="", slug="Not good.")
    there = SignedIn(owner.http, owner.account, "cafe")
    log = await there.get("/audit")

    assert made.headers["location"] == "/console/cafe"
    assert taken.status_code == 422
    assert "is taken" in taken.text
    assert wrong.status_code == 422
    assert "Short name must begin with a letter" in wrong.text
    assert log.status_code == 200
    assert "Made workspace" in log.text
    assert "Café &lt;b&gt;" in log.text


async def test_an_invitation_is_shown_once_listed_and_taken_back(api: Api) -> None:
    owner = await sign_in(api)

    made = await owner.post("/people/invite", email="New@Example.com", role="editor")
    (url,) = set(re.findall(r"https://feedback\.example\.com/join/[\w-]+", made.text))
    path = url.removeprefix("https://feedback.example.com")
    works = await api.http.get(path)
    listed = await owner.get("/people")
    found = re.search(r"/people/invited/([0-9a-f-]{36})/revoke", listed.text)
    assert found is not None
    taken = await owner.post(f"/people/invited/{found[1]}/revoke")
    over = await api.http.get(path)

    assert "new@example.com" in listed.text
    assert url not in listed.text
    assert works.status_code == 200
    assert taken.status_code == 303
    assert over.status_code >= 400
    actions = [each.action for each in await audit.list_entries(api.runtime.db, api.runtime.home)]
    assert sorted(actions) == ["invite_person", "revoke_person_invitation"]


async def test_an_invitation_that_cannot_be_made_comes_back_filled(api: Api) -> None:
    owner = await sign_in(api)

    address = await owner.post("/people/invite", email="nobody", role="editor")
    role = await owner.post("/people/invite", email="new@example.com", role="king")

    assert (address.status_code, role.status_code) == (422, 422)
    assert 'value="nobody"' in address.text
    assert 'aria-invalid="true"' in address.text
    assert "Choose a role" in role.text


async def test_a_member_gets_a_link_for_a_new_password(api: Api) -> None:
    owner = await sign_in(api)
    editor = await sign_in(api, "editor")

    made = await owner.post(f"/people/{editor.account.id}/reset")
    found = re.search(r"https://feedback\.example\.com(/reset/[\w-]+)", made.text)
    assert found is not None

    assert (await api.http.get(found[1])).status_code == 200
    (entry,) = await audit.list_entries(api.runtime.db, api.runtime.home)
    assert (entry.action, entry.detail) == ("reset_member", {"email": "editor@example.com"})
    assert found[1] not in str(entry)
