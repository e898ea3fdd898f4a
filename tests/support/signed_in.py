"""People of the house in tests: made in the database, signed in by a cookie, posting forms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
from api_client import Api

from harken_server.app import create_app
from harken_server.http.runtime import Runtime
from harken_server.workspaces.people.account import Account, Membership, Session
from harken_server.workspaces.people.cookies import SESSION, cookie_name
from harken_server.workspaces.people.rules import Role
from harken_server.workspaces.people.secrets import digest_of
from harken_server.workspaces.people.store import accounts, sessions
from harken_server.workspaces.store.workspaces import get_workspace


class SignedIn:
    """A browser without script in which somebody is signed in."""

    def __init__(self, http: httpx.AsyncClient, account: Account, slug: str) -> None:
        self.http = http
        self.account = account
        self.slug = slug

    def at(self, path: str = "") -> str:
        """The address of a page of this workspace's console."""
        return f"/console/{self.slug}{path}"

    async def get(self, path: str = "", **query: str) -> httpx.Response:
        """A page of the console."""
        return await self.http.get(self.at(path), params=query)

    async def token(self) -> str:
        """What the forms of this session carry, as the page has it."""
        found = re.search(r'name="csrf" value="([\w=-]+)"', (await self.get()).text)
        assert found is not None
        return found[1]

    async def post(
        self, path: str, *, files: Mapping[str, Any] | None = None, **fields: Any
    ) -> httpx.Response:
        """Send a form with the session's token; the redirection is not followed."""
        sent = {"csrf": await self.token(), **fields}
        for name in files or {}:
            sent.pop(name, None)
        return await self.http.post(self.at(path), data=sent, files=files)


async def add_person(
    runtime: Runtime,
    role: Role,
    *,
    email: str = "",
    workspace: UUID | None = None,
    stores: tuple[str, ...] = (),
    touchpoints: tuple[str, ...] = (),
) -> Account:
    """Somebody with this role in the workspace, else in the first one."""
    now = runtime.clock()
    email = email or f"{role}@example.com"
    account = await accounts.find_account(runtime.db, email)
    if account is None:
        account = Account(id=runtime.new_id(), email=email, name=role.title(), created_at=now)
        assert await accounts.add_account(runtime.db, account)
    member = Membership(
        workspace_id=workspace or runtime.home,
        account_id=account.id,
        role=role,
        stores=stores,
        touchpoints=touchpoints,
        created_at=now,
    )
    await accounts.put_membership(runtime.db, member)
    return account


async def open_session(runtime: Runtime, account: Account, *, is_confirmed: bool = True) -> str:
    """A session's secret, as the browser's cookie has it."""
    now, secret = runtime.clock(), runtime.random(24).hex()
    session = Session(
        digest=digest_of(secret),
        id=runtime.new_id(),
        account_id=account.id,
        browser="test",
        network="127.0.0.1",
        created_at=now,
        last_seen_at=now,
        confirmed_at=now if is_confirmed else None,
        expires_at=now + timedelta(days=1),
    )
    await sessions.add_session(runtime.db, session)
    return secret


async def sign_in(api: Api, role: Role = "owner", **member: Any) -> SignedIn:
    """A client that is signed in with this role; without the API key of `api`."""
    runtime = api.runtime
    account = await add_person(runtime, role, **member)
    secret = await open_session(runtime, account)
    workspace = await get_workspace(runtime.db, member.get("workspace") or runtime.home)
    assert workspace is not None
    return browser_of(runtime, account, secret, workspace.slug)


def browser_of(runtime: Runtime, account: Account, secret: str, slug: str = "default") -> SignedIn:
    """A browser with this session's cookie; without any when the secret is empty."""
    transport = httpx.ASGITransport(create_app(runtime), raise_app_exceptions=True)
    http = httpx.AsyncClient(transport=transport, base_url="https://test")
    if secret:
        http.cookies.set(cookie_name(runtime, SESSION), secret)
    return SignedIn(http, account, slug)


async def come_again(
    runtime: Runtime, account: Account, slug: str = "default", *, is_confirmed: bool = True
) -> SignedIn:
    """The same person with another browser."""
    secret = await open_session(runtime, account, is_confirmed=is_confirmed)
    return browser_of(runtime, account, secret, slug)
