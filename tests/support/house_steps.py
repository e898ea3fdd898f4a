"""Steps of people of the house who come in: an owner with a password, browsers of strangers."""

from __future__ import annotations

from typing import Any, cast

import httpx
import msgspec
from api_client import Api, FakeClock
from signed_in import add_person

from harken_server.app import create_app
from harken_server.http.declared import Arrival
from harken_server.http.limits import Limits
from harken_server.http.runtime import Runtime
from harken_server.workspaces.people.account import Account, Session
from harken_server.workspaces.people.cookies import SESSION, cookie_name
from harken_server.workspaces.people.passwords import Passwords
from harken_server.workspaces.people.rules import Role
from harken_server.workspaces.people.signed_on import SignedOn
from harken_server.workspaces.people.store import accounts
from harken_server.workspaces.people.visit import Visit

PASSWORD = "correct horse battery"  # made up
OTHER_PASSWORD = "wrong horse battery"  # made up


class Stranger:
    """A browser without script and without a session."""

    def __init__(self, runtime: Runtime, http: httpx.AsyncClient) -> None:
        self.runtime = runtime
        self.http = http

    async def sign_in(self, email: str, password: str, **more: str) -> httpx.Response:
        """Send the form; the redirection is not followed."""
        fields = {"email": email, "password": password, **more}
        return await self.http.post("/sign-in", data=fields)

    def cookie(self) -> str:
        """The secret of the session; empty when there is none."""
        return self.http.cookies.get(cookie_name(self.runtime, SESSION)) or ""

    async def is_in(self) -> bool:
        """Whether the console opens."""
        home = await self.http.get("/console", follow_redirects=True)
        return home.url.path.startswith("/console/") and home.status_code == 200


def stranger(api: Api, address: str = "203.0.113.7", **headers: str) -> Stranger:
    """A browser at this address."""
    app = create_app(api.runtime)
    transport = httpx.ASGITransport(app, raise_app_exceptions=True, client=(address, 4711))
    http = httpx.AsyncClient(transport=transport, base_url="https://test", headers=headers)
    return Stranger(api.runtime, http)


async def add_owner(runtime: Runtime, role: Role = "owner", **member: Any) -> Account:
    """Somebody who signs in with PASSWORD."""
    account = await add_person(runtime, role, **member)
    digest = await runtime.of(Passwords).hash(PASSWORD)
    await accounts.set_password(runtime.db, account.id, digest)
    found = await accounts.get_account(runtime.db, account.id)
    assert found is not None
    return found


async def visit_of_owner(api: Api) -> Visit:
    """Some owner, in the first workspace."""
    runtime, now = api.runtime, api.clock.now
    account = await add_person(runtime, "owner", email="host@example.com")
    workspaces = await accounts.workspaces_of(runtime.db, account.id)
    session = Session(
        digest="d" * 64, id=runtime.new_id(), account_id=account.id, browser="", network="",
        created_at=now, last_seen_at=now, expires_at=now,
    )  # fmt: skip
    return Visit(
        runtime=runtime, workspace=workspaces[0][0], headers={}, arrival=cast("Arrival", None),
        who=SignedOn(account, session, "secret"), member=workspaces[0][1],
        memberships=tuple(workspaces), rules=[], acts=[], noted={}, account_id=account.id,
    )  # fmt: skip


def count_by(api: Api, clock: FakeClock) -> None:
    """Have budgets go by the fake clock."""
    limits = Limits(lambda: clock.now.timestamp())
    msgspec.structs.force_setattr(api.runtime, "limits", limits)
