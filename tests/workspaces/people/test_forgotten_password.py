"""A forgotten password: a link by mail, or from the command line, that ends all sessions."""

from __future__ import annotations

import re

import msgspec
import pytest
from api_client import Api, FakeClock
from house_steps import (
    OTHER_PASSWORD,
    PASSWORD,
    Stranger,
    add_owner,
    count_by,
    stranger,
)
from mail_sink import open_sink

from harken_server.channels.email.channel import EMAIL
from harken_server.channels.email.settings import MailSettings
from harken_server.database import outbox
from harken_server.kernel.errors import ConflictError, NotFoundError
from harken_server.kernel.work_outcomes import Done
from harken_server.workspaces.people import by_hand
from harken_server.workspaces.people.account import Account
from harken_server.workspaces.people.resetting import RESET_MAIL, HouseMail
from harken_server.workspaces.people.store import accounts
from harken_server.workspaces.store import audit

NEW = "a wholly new passphrase"  # made up


@pytest.mark.parametrize("email", ["owner@example.com", "nobody@example.com"])
async def test_a_forgotten_password_is_answered_alike_whoever_asks(api: Api, email: str) -> None:
    await add_owner(api.runtime)

    asked = await stranger(api).http.post("/reset", data={"email": email})

    assert asked.status_code == 200
    assert f"If there is an account with <strong>{email}</strong>" in asked.text
    assert len(await _waiting(api)) == 1


async def test_requests_for_a_new_password_are_few(api: Api, clock: FakeClock) -> None:
    count_by(api, clock)
    browser = stranger(api)

    asked = [await browser.http.post("/reset", data={"email": "a@b.example"}) for _ in range(4)]

    assert [each.status_code for each in asked] == [200, 200, 200, 429]


@pytest.mark.parametrize("mail_settings", [{}])
async def test_without_mail_the_page_says_who_can_help(api: Api) -> None:
    shown = await stranger(api).http.post("/reset", data={"email": "owner@example.com"})

    assert not api.runtime.of(HouseMail).works
    assert "harken-server people reset ADDRESS" in shown.text
    assert await _waiting(api) == []


async def test_a_link_by_mail_sets_a_new_password_and_ends_all_sessions(api: Api) -> None:
    owner = await add_owner(api.runtime)
    browser = stranger(api)
    await browser.sign_in(owner.email, PASSWORD)
    for email in (owner.email, "nobody@example.com"):
        await stranger(api).http.post("/reset", data={"email": email})

    async with open_sink() as sink:
        mail = api.runtime.settings.of(MailSettings)
        msgspec.structs.force_setattr(mail, "smtp_url", sink.url)
        outcomes = [await EMAIL.jobs[RESET_MAIL](api.runtime, each) for each in await _waiting(api)]

    assert outcomes == [Done(), Done()]
    assert sink.recipients == [owner.email]
    body = sink.messages[0].get_content()
    path = re.search(r"/reset/[\w-]+", body)
    assert path is not None
    await _reset(api, path[0], owner, browser)


async def test_a_link_from_the_command_line_does_the_same_and_is_written_down(api: Api) -> None:
    owner = await add_owner(api.runtime)
    browser = stranger(api)
    await browser.sign_in(owner.email, PASSWORD)
    link = await by_hand.reset_person(api.runtime, owner.email, takes_second_factor=False)
    other = await by_hand.reset_person(api.runtime, owner.email, takes_second_factor=True)

    await _reset(api, _path(link), owner, browser)

    assert (await stranger(api).http.get(_path(other))).status_code == 410
    assert sorted(await _acts(api), key=str) == [
        ("make_reset_link", "cli"), ("make_reset_link", "cli"), ("reset_password", None),
    ]  # fmt: skip


async def test_a_reset_link_is_over_after_an_hour(api: Api, clock: FakeClock) -> None:
    owner = await add_owner(api.runtime)
    link = await by_hand.reset_person(api.runtime, owner.email, takes_second_factor=False)
    clock.move(hours=1)

    late = await stranger(api).http.post(_path(link), data={"password": NEW})

    assert late.status_code == 410


async def test_a_reset_keeps_the_second_factor_unless_it_is_taken_away(api: Api) -> None:
    owner = await add_owner(api.runtime)
    db, secret = api.runtime.db, "A" * 32
    await accounts.set_second_factor(db, owner.id, secret, 1, ("d" * 64,))

    await by_hand.reset_person(api.runtime, owner.email, takes_second_factor=False)
    kept = await accounts.get_account(db, owner.id)
    await by_hand.reset_person(api.runtime, owner.email, takes_second_factor=True)
    taken = await accounts.get_account(db, owner.id)

    assert kept is not None
    assert taken is not None
    assert (kept.totp_secret, taken.totp_secret, taken.recovery_digests) == (secret, None, ())


async def test_people_are_added_and_listed_from_the_command_line(api: Api) -> None:
    link = await by_hand.add_person(api.runtime, "Bob@Shop.example", "editor", "Bob")

    set_ = await stranger(api).http.post(_path(link), data={"password": PASSWORD})

    assert set_.headers["location"] == "/sign-in?said=password"
    assert await by_hand.list_people(api.runtime) == ["bob@shop.example  Bob  editor of default"]
    with pytest.raises(ConflictError):
        await by_hand.add_person(api.runtime, "bob@shop.example", "editor", "Bob")
    with pytest.raises(NotFoundError, match="people list"):
        await by_hand.reset_person(api.runtime, "eve@shop.example", takes_second_factor=False)


async def _reset(api: Api, path: str, owner: Account, browser: Stranger) -> None:
    """Choose a new password by the link, and find everything of before over."""
    refused = await stranger(api).http.post(path, data={"password": "short"})
    done = await stranger(api).http.post(path, data={"password": NEW})
    again = await stranger(api).http.post(path, data={"password": OTHER_PASSWORD})

    assert (refused.status_code, done.status_code, again.status_code) == (422, 303, 410)
    assert not await browser.is_in()
    assert (await stranger(api).sign_in(owner.email, PASSWORD)).status_code == 422
    assert (await stranger(api).sign_in(owner.email, NEW)).status_code == 303


async def _waiting(api: Api) -> list[outbox.OutboxItem]:
    return await outbox.claim_due(api.runtime.db, api.clock.now, 10, 1.0, kind=RESET_MAIL)


async def _acts(api: Api) -> list[tuple[str, str | None]]:
    found = await audit.list_entries(api.runtime.db, api.runtime.home)
    return [(each.action, each.program) for each in found]


def _path(link: str) -> str:
    return link.removeprefix("https://feedback.example.com")
