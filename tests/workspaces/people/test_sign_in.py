"""Signing in: the same for whoever guesses, a new session for whoever does not."""

from __future__ import annotations

import re

import httpx
import pytest
from api_client import Api, FakeClock
from house_steps import OTHER_PASSWORD, PASSWORD, add_owner, count_by, stranger

from harken_server.workspaces.people.guessing import OF_ADDRESS, OF_KNOWN_NETWORK
from harken_server.workspaces.people.passwords import Cost, Passwords
from harken_server.workspaces.people.store import accounts
from harken_server.workspaces.people.store.sessions import knows_network, list_sessions

FOREIGN = ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"},
           {"origin": "https://evil.example"}, {"origin": "null"})  # fmt: skip
OWN = ({"sec-fetch-site": "same-origin", "origin": "null"}, {"origin": "https://test"}, {},
       {"origin": "https://feedback.example.com"})  # fmt: skip


@pytest.mark.parametrize("path", ["/sign-in", "/reset", "/join/x", "/reset/x", "/guest/x"])
async def test_a_page_at_the_door_says_in_its_title_whose_it_is(api: Api, path: str) -> None:
    page = await stranger(api).http.get(path)

    assert re.search(r"<title>[^<]+ · Harken</title>", page.text)


async def test_address_and_password_lead_to_the_console_with_a_new_session(api: Api) -> None:
    owner = await add_owner(api.runtime)
    browser = stranger(api)

    shown = await browser.sign_in(f" {owner.email.upper()} ", PASSWORD)

    assert (shown.status_code, shown.headers["location"]) == (303, "/console")
    assert "__Host-" in shown.headers["set-cookie"]
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= {*_attributes(shown)}
    assert await browser.is_in()


async def test_a_session_known_beforehand_is_not_the_one_that_signs_in(api: Api) -> None:
    owner = await add_owner(api.runtime)
    browser = stranger(api)
    await browser.sign_in(owner.email, PASSWORD)
    fixed = browser.cookie()

    await browser.sign_in(owner.email, PASSWORD)

    assert browser.cookie() != fixed
    assert len(await list_sessions(api.runtime.db, owner.id, api.clock.now)) == 1


async def test_an_unknown_address_is_answered_alike_and_costs_as_much(api: Api) -> None:
    owner = await add_owner(api.runtime)
    passwords, browser = api.runtime.of(Passwords), stranger(api)

    before = passwords.compared
    known = await browser.sign_in(owner.email, OTHER_PASSWORD)
    between = passwords.compared
    unknown = await browser.sign_in("nobody@example.com", OTHER_PASSWORD)

    assert (between - before, passwords.compared - between) == (1, 1)
    assert known.status_code == unknown.status_code == 422
    assert known.text.replace(owner.email, "") == unknown.text.replace("nobody@example.com", "")
    assert OTHER_PASSWORD not in known.text


async def test_somebody_disabled_or_without_a_password_stays_out(api: Api) -> None:
    nobody = await add_owner(api.runtime, email="invited@example.com")
    await api.runtime.db.execute("UPDATE account SET password_digest = NULL")
    disabled = await add_owner(api.runtime, email="gone@example.com")
    await api.runtime.db.execute(
        "UPDATE account SET disabled_at = created_at WHERE email = $1", disabled.email
    )

    for account in (nobody, disabled):
        assert (await stranger(api).sign_in(account.email, PASSWORD)).status_code == 422


async def test_guessing_is_slowed_and_the_owner_still_comes_in_from_a_known_network(
    api: Api, clock: FakeClock
) -> None:
    count_by(api, clock)
    owner = await add_owner(api.runtime)
    at_home = stranger(api, "198.51.100.4")
    await at_home.sign_in(owner.email, PASSWORD)

    tried = [
        await stranger(api, f"203.0.113.{n}").sign_in(owner.email, OTHER_PASSWORD)
        for n in range(int(OF_ADDRESS.at_once))
    ]
    stopped = await stranger(api, "203.0.113.99").sign_in(owner.email, PASSWORD)
    let_in = await stranger(api, "198.51.100.4").sign_in(owner.email, PASSWORD)

    assert {each.status_code for each in tried} == {422}
    assert (stopped.status_code, int(stopped.headers["retry-after"]) > 0) == (429, True)
    assert let_in.status_code == 303
    clock.move(minutes=1)
    assert (await stranger(api, "203.0.113.99").sign_in(owner.email, PASSWORD)).status_code == 303


async def test_one_network_that_tries_many_addresses_is_slowed(api: Api, clock: FakeClock) -> None:
    count_by(api, clock)
    browser = stranger(api)

    tried = [await browser.sign_in(f"{n}@example.com", "x") for n in range(31)]
    elsewhere = await stranger(api, "198.51.100.4").sign_in("0@example.com", "x")

    assert [each.status_code for each in tried] == [422] * 30 + [429]
    assert elsewhere.status_code == 422


async def test_a_known_network_is_slowed_too(api: Api, clock: FakeClock) -> None:
    count_by(api, clock)
    owner = await add_owner(api.runtime)
    browser = stranger(api)
    await browser.sign_in(owner.email, PASSWORD)
    assert await knows_network(api.runtime.db, owner.id, "203.0.113.7", clock.now)

    tried = [
        (await browser.sign_in(owner.email, OTHER_PASSWORD)).status_code
        for _ in range(int(OF_KNOWN_NETWORK.at_once) + 1)
    ]

    assert tried == [422] * int(OF_KNOWN_NETWORK.at_once) + [429]


async def test_a_guess_costs_what_rfc_9106_asks_for() -> None:
    digest = await Passwords().hash(PASSWORD)

    assert digest.startswith("$argon2id$v=19$m=32768,t=3,p=1$")
    assert await Passwords().is_right(digest, PASSWORD)
    assert not await Passwords().is_right(digest, OTHER_PASSWORD)
    assert not Passwords().is_outdated(digest)


async def test_a_password_hashed_at_another_cost_is_hashed_anew(api: Api) -> None:
    owner = await add_owner(api.runtime)
    cheap = await Passwords(Cost(rounds=1, memory_kib=64)).hash(PASSWORD)
    await accounts.set_password(api.runtime.db, owner.id, cheap)

    await stranger(api).sign_in(owner.email, PASSWORD)

    found = await accounts.get_account(api.runtime.db, owner.id)
    assert found is not None
    assert found.password_digest not in {None, cheap}
    assert (await stranger(api).sign_in(owner.email, PASSWORD)).status_code == 303


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
async def test_a_form_of_another_site_signs_nobody_in(api: Api, headers: dict[str, str]) -> None:
    owner = await add_owner(api.runtime)

    shown = await stranger(api, **headers).sign_in(owner.email, PASSWORD)

    assert (shown.status_code, "set-cookie" in shown.headers) == (403, False)


@pytest.mark.parametrize("headers", OWN, ids=str)
async def test_a_form_of_ours_signs_in(api: Api, headers: dict[str, str]) -> None:
    owner = await add_owner(api.runtime)

    shown = await stranger(api, **headers).sign_in(owner.email, PASSWORD)

    assert shown.status_code == 303


async def test_no_page_is_shown_in_a_frame_or_kept(api: Api) -> None:
    for path in ("/sign-in", "/reset", "/set-up/x", "/join/x"):
        shown = await stranger(api).http.get(path)

        assert shown.headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in shown.headers["content-security-policy"]
        assert shown.headers["cache-control"] == "private, no-store"
        assert "set-cookie" not in shown.headers


async def test_what_was_typed_is_text_and_the_password_never_comes_back(api: Api) -> None:
    hostile = '"><script>alert(1)</script>@example.com'

    shown = await stranger(api).sign_in(hostile, "<b>my password</b>")

    assert "<script>alert" not in shown.text
    assert "my password" not in shown.text


def _attributes(shown: httpx.Response) -> list[str]:
    return [each.strip() for each in shown.headers["set-cookie"].split(";")]
