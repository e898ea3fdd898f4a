"""The demo's guest: a link that signs in as the owner of the sample workspace, by a press.

It does so in `demo` alone. Served otherwise, the same data knows no guest: neither link nor session
lets anybody in, and the house is one that nobody owns yet.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote
from uuid import UUID

from harken_server.http.declared import Arrival
from harken_server.http.pages import Shown
from harken_server.http.runtime import Runtime
from harken_server.http.settings import HttpSettings
from harken_server.kernel.tokens import sign_token, verify_token
from harken_server.workspaces.people.account import GUEST_EMAIL, Account, Membership
from harken_server.workspaces.people.new_people import gone
from harken_server.workspaces.people.plain_pages import plain, plain_act, plain_page
from harken_server.workspaces.people.sent_forms import Form
from harken_server.workspaces.people.signed_on import sign_on
from harken_server.workspaces.people.store import accounts, sessions
from harken_server.workspaces.people.visit import go_to

GUEST_NAME = "Guest"
GUEST_LIVES = timedelta(days=30)
_KIND = "guest"


@plain_page("/guest/{token:str}")
async def show_guest(at: Arrival, token: str) -> Shown:
    """The button."""
    account = await _guest_of(at.runtime, token)
    action = f"/guest/{quote(token)}"
    return plain("guest.html", title="Look around", account=account, action=action)


@plain_act("/guest/{token:str}")
async def sign_in_as_guest(at: Arrival, form: Form, token: str) -> Shown:  # noqa: ARG001
    """Begin a session of the guest."""
    return go_to("/console", await sign_on(at, await _guest_of(at.runtime, token)))


async def make_guest_link(runtime: Runtime) -> str:
    """A link for the guest, who is made when there is none yet."""
    account = await accounts.find_account(runtime.db, GUEST_EMAIL)
    if account is None:
        now = runtime.clock()
        account = Account(id=runtime.new_id(), email=GUEST_EMAIL, name=GUEST_NAME, created_at=now)
        await accounts.add_account(runtime.db, account)
        member = Membership(
            workspace_id=runtime.home, account_id=account.id, role="owner", created_at=now
        )
        await accounts.put_membership(runtime.db, member)
    until = runtime.clock() + GUEST_LIVES
    token = sign_token(runtime.signing_keys, _KIND, runtime.home, str(account.id), until)
    return f"{runtime.settings.of(HttpSettings).public_url}/guest/{token}"


async def end_guest(runtime: Runtime) -> None:
    """End the sessions of the guest, whose house this no longer is."""
    account = await accounts.find_account(runtime.db, GUEST_EMAIL)
    if account is not None:
        await sessions.end_others(runtime.db, account.id, "", runtime.clock())


async def _guest_of(runtime: Runtime, token: str) -> Account:
    claims = verify_token(
        runtime.signing_keys, _KIND, token, runtime.clock(), workspace_id=runtime.home
    )
    account = claims and await accounts.get_account(runtime.db, UUID(claims.subject))
    if not account or not account.may_come_in(is_demo=runtime.is_demo):
        raise gone()
    return account
