"""The second factor: a code of an app once, a recovery code once, and never a code twice."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
from api_client import Api, FakeClock
from house_steps import PASSWORD, Stranger, add_owner, count_by, stranger
from pyotp.totp import TOTP
from signed_in import SignedIn

from harken_server.workspaces.people.account import Account
from harken_server.workspaces.people.guessing import OF_CODES
from harken_server.workspaces.people.second_factor import STEP_S


async def test_it_is_switched_on_with_a_code_and_asked_for_from_then_on(
    api: Api, clock: FakeClock
) -> None:
    account, _, secret, codes = await _switched_on(api, clock)
    clock.move(seconds=STEP_S)
    browser = stranger(api)

    asked = await browser.sign_in(account.email, PASSWORD)
    is_in_without = await browser.is_in()
    come = await _code(browser, asked, TOTP(secret).at(clock.now))

    assert (asked.status_code, "Second factor" in asked.text, is_in_without) == (200, True, False)
    assert come.status_code == 303
    assert await browser.is_in()
    assert (len(codes), len(set(codes))) == (10, 10)


async def test_confirming_takes_a_code_besides_the_password(api: Api, clock: FakeClock) -> None:
    account, browser, secret, codes = await _switched_on(api, clock)
    owner = SignedIn(browser.http, account, "default")
    clock.move(minutes=11)

    shown = await owner.get("/confirm")
    without = await owner.post("/confirm", password=PASSWORD)
    wrong = await owner.post("/confirm", password=PASSWORD, code="000000")
    still = await owner.get("/people/invite")
    come = await owner.post("/confirm", password=PASSWORD, code=TOTP(secret).at(clock.now))
    again = await owner.post("/confirm", password=PASSWORD, code=TOTP(secret).at(clock.now))
    recovered = await owner.post("/confirm", password=PASSWORD, code=codes[0])

    assert 'name="code"' in shown.text
    assert (without.status_code, wrong.status_code) == (422, 422)
    assert wrong.text.count("This code is not right") == 1
    assert still.headers["location"].startswith("/console/default/confirm")
    assert (come.status_code, again.status_code, recovered.status_code) == (303, 422, 303)
    assert (await owner.get("/people/invite")).status_code == 200


async def test_codes_at_the_confirmation_are_counted_with_those_of_signing_in(
    api: Api, clock: FakeClock
) -> None:
    account, browser, _, _ = await _switched_on(api, clock)
    owner = SignedIn(browser.http, account, "default")

    tried = [
        (await owner.post("/confirm", password=PASSWORD, code="000000")).status_code
        for _ in range(int(OF_CODES.at_once) + 1)
    ]

    assert tried == [422] * int(OF_CODES.at_once) + [429]


async def test_a_code_counts_once_and_none_before_it_does_afterwards(
    api: Api, clock: FakeClock
) -> None:
    account, _, secret, _ = await _switched_on(api, clock)
    clock.move(seconds=STEP_S * 3)
    earlier, code = (
        TOTP(secret).at(clock.now - timedelta(seconds=STEP_S)),
        TOTP(secret).at(clock.now),
    )

    first = await _sign_in(api, account, code)
    again = await _sign_in(api, account, code)
    before = await _sign_in(api, account, earlier)

    assert (first.status_code, again.status_code, before.status_code) == (303, 422, 422)


async def test_the_code_that_switched_it_on_signs_nobody_in(api: Api, clock: FakeClock) -> None:
    account, _, secret, _ = await _switched_on(api, clock)

    assert (await _sign_in(api, account, TOTP(secret).at(clock.now))).status_code == 422


async def test_a_code_of_long_ago_or_of_nothing_is_refused(api: Api, clock: FakeClock) -> None:
    account, _, secret, _ = await _switched_on(api, clock)
    old = TOTP(secret).at(clock.now)
    clock.move(minutes=5)

    for code in (old, "", "12345", "\uff11\uff12\uff13\uff14\uff15\uff16", "not-a-code"):
        assert (await _sign_in(api, account, code)).status_code == 422


async def test_a_recovery_code_counts_once(api: Api, clock: FakeClock) -> None:
    account, browser, _, codes = await _switched_on(api, clock)

    first = await _sign_in(api, account, codes[0].upper().replace("-", " "))
    again = await _sign_in(api, account, codes[0])
    other = await _sign_in(api, account, codes[1])
    page = await SignedIn(browser.http, account, "default").get("/me/second-factor")

    assert (first.status_code, again.status_code, other.status_code) == (303, 422, 303)
    assert "8 of your recovery codes are left" in page.text
    assert codes[2] not in page.text


async def test_new_recovery_codes_make_those_of_before_useless(api: Api, clock: FakeClock) -> None:
    account, browser, _, codes = await _switched_on(api, clock)

    shown = await SignedIn(browser.http, account, "default").post("/me/second-factor/codes")
    new = _codes(shown.text)

    assert (await _sign_in(api, account, codes[0])).status_code == 422
    assert (await _sign_in(api, account, new[0])).status_code == 303


async def test_codes_are_guessed_slowly(api: Api, clock: FakeClock) -> None:
    count_by(api, clock)
    account, _, _, _ = await _switched_on(api, clock)
    browser = stranger(api)
    asked = await browser.sign_in(account.email, PASSWORD)

    tried = [
        (await _code(browser, asked, f"{n:06}")).status_code
        for n in range(int(OF_CODES.at_once) + 1)
    ]

    assert tried == [422] * int(OF_CODES.at_once) + [429]


async def test_half_a_sign_in_is_over_after_minutes_and_with_the_password(
    api: Api, clock: FakeClock
) -> None:
    account, _, secret, _ = await _switched_on(api, clock)
    browser = stranger(api)
    asked = await browser.sign_in(account.email, PASSWORD)
    clock.move(minutes=5)
    late = await _code(browser, asked, TOTP(secret).at(clock.now))
    asked = await browser.sign_in(account.email, PASSWORD)
    await api.runtime.db.execute("UPDATE account SET password_digest = 'another'")
    changed = await _code(browser, asked, TOTP(secret).at(clock.now))

    assert (late.status_code, changed.status_code) == (422, 422)
    assert "Start again" in late.text


async def test_it_is_switched_on_with_the_secret_shown_and_not_with_a_wrong_code(
    api: Api, clock: FakeClock
) -> None:
    account, browser = await _signed_in(api)
    visitor = SignedIn(browser.http, account, "default")
    page = await visitor.get("/me/second-factor")
    secret = _secret(page.text)

    wrong = await visitor.post("/me/second-factor", secret=secret, code="000000")
    weak = await visitor.post("/me/second-factor", secret="A", code="000000")

    assert _secret(wrong.text) == secret
    assert (wrong.status_code, weak.status_code) == (422, 422)
    assert "data:image/svg+xml;base64," in page.text


async def test_switched_off_the_password_is_enough(api: Api, clock: FakeClock) -> None:
    account, browser, _, _ = await _switched_on(api, clock)

    await SignedIn(browser.http, account, "default").post("/me/second-factor/off")

    assert (await stranger(api).sign_in(account.email, PASSWORD)).status_code == 303


async def _signed_in(api: Api) -> tuple[Account, Stranger]:
    account, browser = await add_owner(api.runtime), stranger(api)
    await browser.sign_in(account.email, PASSWORD)
    return account, browser


async def _switched_on(api: Api, clock: FakeClock) -> tuple[Account, Stranger, str, list[str]]:
    account, browser = await _signed_in(api)
    visitor = SignedIn(browser.http, account, "default")
    secret = _secret((await visitor.get("/me/second-factor")).text)
    code = TOTP(secret).at(clock.now)
    shown = await visitor.post("/me/second-factor", secret=secret, code=code)
    return account, browser, secret, _codes(shown.text)


async def _sign_in(api: Api, account: Account, code: str) -> httpx.Response:
    browser = stranger(api)
    return await _code(browser, await browser.sign_in(account.email, PASSWORD), code)


async def _code(browser: Stranger, asked: httpx.Response, code: str) -> httpx.Response:
    half = re.search(r'name="half" value="([^"]+)"', asked.text)
    assert half is not None
    fields = {"half": half[1], "code": code, "next": "/console"}
    return await browser.http.post("/sign-in/code", data=fields)


def _secret(page: str) -> str:
    found = re.search(r'name="secret" value="([A-Z2-7]+)"', page)
    assert found is not None
    return found[1]


def _codes(page: str) -> list[str]:
    shown = page.partition("<code>")[2].partition("</code>")[0]
    return re.findall(r"[a-z2-7]{5}-[a-z2-7]{5}", shown)
