"""Pages of the house for whoever is not in yet, each by the name of its template."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from signed_in import open_session

from harken_server.http.runtime import Runtime
from harken_server.workspaces.people import plain_pages
from harken_server.workspaces.people.account import Account, HouseLink
from harken_server.workspaces.people.new_people import make_setup_link
from harken_server.workspaces.people.passwords import Passwords
from harken_server.workspaces.people.resetting import make_reset_link
from harken_server.workspaces.people.second_factor import draw_totp_secret
from harken_server.workspaces.people.secrets import digest_of, draw_secret
from harken_server.workspaces.people.serve.guest import make_guest_link
from harken_server.workspaces.people.store import accounts, links

PASSWORD = "three plain words"  # made up
IN_THE_CONSOLE = {"failure"}
"""A template that has the console around it."""


class Door(NamedTuple):
    """Where a page is, and what brings it up."""

    path: str
    typed: Mapping[str, str] = {}
    """What is typed, by label, and sent before the page is there."""
    secret: str = ""
    """Of the session in which it is opened."""


def template_names() -> set[str]:
    """Every page that there is."""
    return {path.stem for path in Path(plain_pages.FOLDER).glob("*.html")} - IN_THE_CONSOLE


async def _sign_in(_: Runtime) -> Door:
    return Door("/sign-in?said=out")


async def _set_up(runtime: Runtime) -> Door:
    link = await make_setup_link(runtime)
    assert link is not None, "somebody owns the house"
    return _at(link)


async def _join(runtime: Runtime) -> Door:
    secret, now = draw_secret(runtime), runtime.clock()
    link = HouseLink(
        digest=digest_of(secret), id=runtime.new_id(), kind="invite", workspace_id=runtime.home,
        email="new@shop.example", role="viewer", created_at=now,
        expires_at=now + timedelta(days=1),
    )  # fmt: skip
    await links.add_link(runtime.db, link)
    return Door(f"/join/{secret}")


async def _new_password(runtime: Runtime) -> Door:
    return _at(await make_reset_link(runtime, await _somebody(runtime)))


async def _code(runtime: Runtime) -> Door:
    account = await _somebody(runtime)
    digest = await runtime.of(Passwords).hash(PASSWORD)
    await accounts.set_password(runtime.db, account.id, digest)
    secret = draw_totp_secret(runtime)
    await accounts.set_second_factor(runtime.db, account.id, secret, None, ())
    return Door("/sign-in", {"E-mail": account.email, "Password": PASSWORD})


async def _nowhere(runtime: Runtime) -> Door:
    account = await _somebody(runtime)
    return Door("/console", secret=await open_session(runtime, account))


async def _reset(_: Runtime) -> Door:
    return Door("/reset")


async def _reset_asked(_: Runtime) -> Door:
    return Door("/reset", {"E-mail": "kim@shop.example"})


async def _stopped(_: Runtime) -> Door:
    return Door("/join/used-long-ago")


async def _guest(runtime: Runtime) -> Door:
    return _at(await make_guest_link(runtime))


DOORS: dict[str, Callable[[Runtime], Awaitable[Door]]] = {
    "sign_in": _sign_in, "set_up": _set_up, "join": _join, "new_password": _new_password,
    "code": _code, "nowhere": _nowhere, "reset": _reset, "reset_asked": _reset_asked,
    "stopped": _stopped, "guest": _guest,
}  # fmt: skip
"""In this order: with the guest somebody owns the house, and nobody sets it up any more."""


def _at(link: str) -> Door:
    return Door("/" + link.split("/", 3)[3])


async def _somebody(runtime: Runtime) -> Account:
    """With an account, and in no workspace."""
    new_id = runtime.new_id()
    account = Account(
        id=new_id, email=f"{new_id}@shop.example", name="Kim", created_at=runtime.clock()
    )
    assert await accounts.add_account(runtime.db, account)
    return account
