"""Coming in: the first owner, who was invited, who forgot the password, and the demo's guest."""

from __future__ import annotations

import re

import msgspec
import pytest
from api_client import Api, FakeClock
from house_steps import (
    PASSWORD,
    add_owner,
    stranger,
    visit_of_owner,
)

from harken_server.http.runtime import Runtime
from harken_server.kernel.errors import InvalidInputError, NotFoundError
from harken_server.workspaces.people import invites
from harken_server.workspaces.people.account import GUEST_EMAIL
from harken_server.workspaces.people.new_people import make_setup_link
from harken_server.workspaces.people.passwords import Passwords
from harken_server.workspaces.people.rules import Role
from harken_server.workspaces.people.serve.guest import end_guest, make_guest_link
from harken_server.workspaces.people.store import accounts, sessions
from harken_server.workspaces.store import audit

ADA = {"name": "Ada", "email": "ada@shop.example", "password": PASSWORD, "workspace": "Shop"}
NEW = "a wholly new passphrase"


async def test_the_first_owner_sets_the_house_up_and_is_signed_in(api: Api) -> None:
    path, browser = await _setup_path(api.runtime), stranger(api)

    shown = await browser.http.get(path)
    done = await browser.http.post(path, data=ADA)
    home = await browser.http.get("/console", follow_redirects=True)

    assert (shown.status_code, done.status_code) == (200, 303)
    assert ("Shop" in home.text, "Ada" in home.text) == (True, True)
    assert await _acts(api) == [("set_up_house", None)]


async def test_a_set_up_link_is_good_once_and_while_nobody_owns_the_house(api: Api) -> None:
    path, other = await _setup_path(api.runtime), await _setup_path(api.runtime)
    await stranger(api).http.post(path, data=ADA)

    for each in (path, other):
        again = await stranger(api).http.post(each, data={**ADA, "email": "eve@shop.example"})
        assert again.status_code == 410
        assert (await stranger(api).http.get(each)).status_code == 410
    assert await make_setup_link(api.runtime) is None
    assert await accounts.find_account(api.runtime.db, "eve@shop.example") is None


async def test_a_set_up_link_is_over_after_a_day(api: Api, clock: FakeClock) -> None:
    path = await _setup_path(api.runtime)
    clock.move(hours=24)

    assert (await stranger(api).http.post(path, data=ADA)).status_code == 410


async def test_what_is_wrong_is_said_at_each_field_and_nothing_typed_is_lost(api: Api) -> None:
    path = await _setup_path(api.runtime)
    typed = {"name": "", "email": "ada@", "password": "short", "workspace": '"><b>Shop'}

    refused = await stranger(api).http.post(path, data=typed)

    assert refused.status_code == 422
    assert refused.text.count('class="error"') == 3
    assert 'value="ada@"' in refused.text
    assert "<b>Shop" not in refused.text
    assert "short" not in refused.text.replace("this one has 5", "")
    assert not await accounts.is_owned(api.runtime.db)


async def test_opening_a_link_changes_nothing(api: Api) -> None:
    setup, guest = await _setup_path(api.runtime), await _guest_path(api.runtime)
    before = await api.runtime.db.fetch("SELECT COUNT(*) FROM sign_in")

    for path in (setup, guest, guest):
        shown = await stranger(api).http.get(path)
        assert (shown.status_code, "set-cookie" in shown.headers) in {(200, False), (410, False)}

    assert await api.runtime.db.fetch("SELECT COUNT(*) FROM sign_in") == before


async def test_the_guest_of_the_demo_comes_in_by_a_press(api: Api, clock: FakeClock) -> None:
    msgspec.structs.force_setattr(api.runtime, "is_demo", True)
    path, browser = await _guest_path(api.runtime), stranger(api)

    pressed = await browser.http.post(path)

    assert pressed.status_code == 303
    assert await browser.is_in()
    assert await _guest_path(api.runtime) == path
    forged = await stranger(api).http.post(path[:-2] + ("AA" if path[-2:] != "AA" else "BB"))
    assert forged.status_code == 410
    clock.move(days=30)
    assert (await stranger(api).http.post(path)).status_code == 410


async def test_served_otherwise_the_demos_data_knows_no_guest_and_has_no_owner(api: Api) -> None:
    runtime = api.runtime
    msgspec.structs.force_setattr(runtime, "is_demo", True)
    path, browser = await _guest_path(runtime), stranger(api)
    await browser.http.post(path)
    guest = await accounts.find_account(runtime.db, GUEST_EMAIL)
    assert guest is not None
    digest = await runtime.of(Passwords).hash(PASSWORD)
    await accounts.set_password(runtime.db, guest.id, digest)
    was_in = await browser.is_in()

    msgspec.structs.force_setattr(runtime, "is_demo", False)

    assert (was_in, await browser.is_in()) == (True, False)
    assert [(await stranger(api).http.get(path)).status_code] == [410]
    assert (await stranger(api).http.post(path)).status_code == 410
    assert (await stranger(api).sign_in(GUEST_EMAIL, PASSWORD)).status_code == 422
    assert await make_setup_link(runtime) is not None
    await end_guest(runtime)
    assert await sessions.list_sessions(runtime.db, guest.id, api.clock()) == []


async def test_somebody_invited_joins_with_a_new_account(api: Api) -> None:
    path = await _invite(api, "bob@shop.example", "editor")
    browser = stranger(api)

    shown = await browser.http.get(path)
    joined = await browser.http.post(path, data={"name": "Bob", "password": PASSWORD})

    assert "bob@shop.example" in shown.text
    assert joined.headers["location"] == "/console/default"
    member = await _membership(api.runtime, "bob@shop.example")
    assert member == "editor"
    assert (await stranger(api).http.get(path)).status_code == 410
    assert {name for name, _ in await _acts(api)} == {"join_workspace", "invite_person"}


async def test_somebody_with_an_account_signs_in_and_joins(api: Api) -> None:
    path = await _invite(api, "viewer@example.com", "analyst")
    account = await add_owner(api.runtime, "viewer")
    await api.runtime.db.execute("DELETE FROM account_role WHERE account_id = $1", account.id)
    browser = stranger(api)

    shown = await browser.http.get(path)
    onward = re.search(r'href="(/sign-in\?next=[^"]+)"', shown.text)
    assert onward is not None
    came = await browser.sign_in(account.email, PASSWORD, next=path)
    token = re.search(r'name="csrf" value="([\w=-]+)"', (await browser.http.get(path)).text)
    assert token is not None
    forged = await browser.http.post(path)
    joined = await browser.http.post(path, data={"csrf": token[1]})

    assert came.headers["location"] == path
    assert (forged.status_code, joined.status_code) == (403, 303)
    assert await _membership(api.runtime, account.email) == "analyst"


async def test_an_invitation_takes_nothing_away_from_who_is_in_already(api: Api) -> None:
    owner = await add_owner(api.runtime)
    path = await _invite(api, owner.email, "viewer")
    browser = stranger(api)
    await browser.sign_in(owner.email, PASSWORD)
    token = re.search(r'name="csrf" value="([\w=-]+)"', (await browser.http.get(path)).text)
    assert token is not None

    await browser.http.post(path, data={"csrf": token[1]})

    assert await _membership(api.runtime, owner.email) == "owner"


async def test_the_invitation_of_another_person_is_not_taken(api: Api) -> None:
    path = await _invite(api, "bob@shop.example", "owner")
    viewer = await add_owner(api.runtime, "viewer")
    browser = stranger(api)
    await browser.sign_in(viewer.email, PASSWORD)

    shown = await browser.http.get(path)

    assert "Sign out, then open the invitation again" in shown.text
    assert await _membership(api.runtime, viewer.email) == "viewer"


async def test_an_invitation_taken_back_lets_nobody_in(api: Api) -> None:
    path = await _invite(api, "bob@shop.example", "editor")
    visit = await visit_of_owner(api)
    waiting = await invites.list_invitations(visit)

    await invites.revoke_invitation(visit, waiting[0].id)

    refused = await stranger(api).http.post(path, data={"name": "Bob", "password": PASSWORD})
    assert refused.status_code == 410
    assert await invites.list_invitations(visit) == []
    with pytest.raises(NotFoundError):
        await invites.revoke_invitation(visit, waiting[0].id)


async def test_somebody_on_the_front_line_is_invited_with_what_they_see(api: Api) -> None:
    visit = await visit_of_owner(api)

    with pytest.raises(InvalidInputError, match="at least one store"):
        await invites.make_invitation(visit, "kim@shop.example", "frontline")
    with pytest.raises(InvalidInputError, match="e-mail address"):
        await invites.make_invitation(visit, "kim", "viewer")


async def _invite(api: Api, email: str, role: Role) -> str:
    return _path(await invites.make_invitation(await visit_of_owner(api), email, role))


async def _membership(runtime: Runtime, email: str) -> str | None:
    account = await accounts.find_account(runtime.db, email)
    member = account and await accounts.get_membership(runtime.db, runtime.home, account.id)
    return member.role if member else None


async def _acts(api: Api) -> list[tuple[str, str | None]]:
    found = await audit.list_entries(api.runtime.db, api.runtime.home)
    return [(each.action, each.program) for each in found]


async def _setup_path(runtime: Runtime) -> str:
    link = await make_setup_link(runtime)
    assert link is not None
    return _path(link)


async def _guest_path(runtime: Runtime) -> str:
    return _path(await make_guest_link(runtime))


def _path(link: str) -> str:
    return link.removeprefix("https://feedback.example.com")
