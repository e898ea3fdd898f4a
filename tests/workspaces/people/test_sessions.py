"""Sessions: how long they last, where they are listed, and what ends them."""

from __future__ import annotations

import pytest
from api_client import Api, FakeClock
from house_steps import OTHER_PASSWORD, PASSWORD, Stranger, add_owner, stranger
from signed_in import SignedIn

from harken_server.workspaces.people.account import Account

NEW = "a wholly new passphrase"


async def test_a_session_is_over_after_seven_days_without_use(api: Api, clock: FakeClock) -> None:
    _, browser = await _signed_in(api)

    clock.move(days=6, hours=23)
    is_in_use = await browser.is_in()
    clock.move(days=6, hours=23)
    is_in_use_again = await browser.is_in()
    clock.move(days=7, minutes=1)

    assert (is_in_use, is_in_use_again, await browser.is_in()) == (True, True, False)


async def test_a_session_is_over_after_thirty_days_however_much_it_is_used(
    api: Api, clock: FakeClock
) -> None:
    _, browser = await _signed_in(api)

    lasted = []
    for _ in range(6):
        clock.move(days=5, seconds=-1)
        lasted.append(await browser.is_in())
    clock.move(minutes=1)

    assert lasted == [True] * 6
    assert not await browser.is_in()


async def test_sessions_are_listed_and_one_of_them_is_ended(api: Api) -> None:
    account, browser = await _signed_in(api)
    other = stranger(api, "198.51.100.4", **{"user-agent": "Firefox/140.0 (X11; Linux)"})
    await other.sign_in(account.email, PASSWORD)
    visitor = SignedIn(browser.http, account, "default")

    page = await visitor.get("/me")
    ends = [part.partition('"')[0] for part in page.text.split('action="/console/default')[1:]]
    ended = await visitor.post(next(each for each in ends if each.startswith("/me/sessions/")))

    assert ("Firefox on Linux" in page.text, "198.51.100.4" in page.text) == (True, True)
    assert page.text.count("This one") == 1
    assert ended.status_code == 303
    assert (await browser.is_in(), await other.is_in()) == (True, False)


async def test_the_session_of_somebody_else_is_not_ended(api: Api) -> None:
    _, theirs = await _signed_in(api)
    other = await add_owner(api.runtime, "viewer")
    browser = stranger(api)
    await browser.sign_in(other.email, PASSWORD)
    row = await api.runtime.db.fetch("SELECT id FROM sign_in WHERE account_id <> $1", other.id)

    ended = await SignedIn(browser.http, other, "default").post(f"/me/sessions/{row[0][0]}/end")

    assert ended.status_code == 404
    assert await theirs.is_in()


async def test_all_others_are_ended_at_once(api: Api) -> None:
    account, browser = await _signed_in(api)
    others = [stranger(api, f"198.51.100.{n}") for n in range(2)]
    for other in others:
        await other.sign_in(account.email, PASSWORD)

    await SignedIn(browser.http, account, "default").post("/me/sessions/end-others")

    assert [await each.is_in() for each in (browser, *others)] == [True, False, False]


async def test_a_changed_password_ends_all_other_sessions(api: Api) -> None:
    account, browser = await _signed_in(api)
    other = stranger(api)
    await other.sign_in(account.email, PASSWORD)
    visitor = SignedIn(browser.http, account, "default")

    wrong = await visitor.post("/me/password", current=OTHER_PASSWORD, password=NEW)
    changed = await visitor.post("/me/password", current=PASSWORD, password=NEW)

    assert (wrong.status_code, "This is not your password." in wrong.text) == (422, True)
    assert changed.status_code == 303
    assert (await browser.is_in(), await other.is_in()) == (True, False)
    assert (await stranger(api).sign_in(account.email, PASSWORD)).status_code == 422
    assert (await stranger(api).sign_in(account.email, NEW)).status_code == 303


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short", "12 to 256 characters; this one has 5"),
        ("x" * 257, "12 to 256 characters; this one has 257"),
        ("owner@example.com", "must not be your e-mail address"),
        ("aaaaaaaaaaaaaaaa", "one character repeated"),
    ],
)
async def test_a_bad_password_is_refused_with_its_limit(api: Api, password: str, said: str) -> None:
    account, browser = await _signed_in(api)
    visitor = SignedIn(browser.http, account, "default")

    refused = await visitor.post("/me/password", current=PASSWORD, password=password)

    assert (refused.status_code, said in refused.text) == (422, True)


async def test_signing_out_needs_the_form_and_ends_the_session(api: Api) -> None:
    account, browser = await _signed_in(api)
    secret = browser.cookie()
    token = await SignedIn(browser.http, account, "default").token()

    forged = await browser.http.post("/sign-out", data={"csrf": "0" * 64})
    is_in = await browser.is_in()
    out = await browser.http.post("/sign-out", data={"csrf": token})
    browser.http.cookies.set("__Host-harken-session", secret, domain="test")

    assert (forged.status_code, is_in, out.status_code) == (403, True, 303)
    assert not await browser.is_in()


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://e.vil"},
    ],
    ids=str,
)
async def test_a_form_of_another_site_changes_nothing_even_with_the_token(
    api: Api, headers: dict[str, str]
) -> None:
    account, browser = await _signed_in(api)
    visitor = SignedIn(browser.http, account, "default")
    token = await visitor.token()

    sent = {"csrf": token, "name": "Mallory"}
    refused = await browser.http.post(visitor.at("/me/name"), data=sent, headers=headers)

    assert refused.status_code == 403
    assert "Mallory" not in (await visitor.get("/me")).text


async def test_a_form_without_the_token_changes_nothing(api: Api) -> None:
    account, browser = await _signed_in(api)
    visitor = SignedIn(browser.http, account, "default")

    refused = await browser.http.post(visitor.at("/me/name"), data={"name": "Mallory"})

    assert refused.status_code == 403


async def test_a_hostile_name_is_shown_as_text(api: Api) -> None:
    account, browser = await _signed_in(api)
    visitor = SignedIn(browser.http, account, "default")
    name = "<img src=x onerror=alert(1)> {{ 7*7 }} 'Ada\""

    await visitor.post("/me/name", name=name)
    page = await visitor.get("/me")
    hidden = await visitor.post("/me/name", name="A\u202eda")

    assert "<img src=x" not in page.text
    assert "{{ 7*7 }}" in page.text
    assert (hidden.status_code, "U+202E" in hidden.text) == (422, True)


async def test_somebody_of_no_workspace_is_told_so(api: Api) -> None:
    account, browser = await _signed_in(api)
    await api.runtime.db.execute("DELETE FROM account_role")

    page = await browser.http.get("/console")

    assert (page.status_code, "No workspace yet" in page.text) == (200, True)
    assert account.email in page.text


async def test_confirming_needs_the_password_and_leads_back(api: Api, clock: FakeClock) -> None:
    account, browser = await _signed_in(api)
    visitor = SignedIn(browser.http, account, "default")
    clock.move(minutes=11)

    asked = await visitor.get("/me/second-factor")
    where = asked.headers["location"]
    onward = "/console/default/me/second-factor"
    wrong = await visitor.post("/confirm", password=OTHER_PASSWORD, next=onward)
    right = await visitor.post("/confirm", password=PASSWORD, next=onward)

    assert where == f"/console/default/confirm?next={onward}"
    assert (await browser.http.get(where)).status_code == 200
    assert wrong.status_code == 422
    assert (right.status_code, right.headers["location"]) == (303, onward)
    assert (await visitor.get("/me/second-factor")).status_code == 200


async def _signed_in(api: Api) -> tuple[Account, Stranger]:
    account = await add_owner(api.runtime)
    browser = stranger(api)
    assert (await browser.sign_in(account.email, PASSWORD)).status_code == 303
    return account, browser
