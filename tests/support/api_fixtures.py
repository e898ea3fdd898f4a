"""The whole application in memory, once on SQLite and once on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx
import pytest
from api_client import NOW, Api, FakeClock
from cheap_passwords import with_cheap_passwords

from harken_server.app import create_app, open_runtime
from harken_server.configuration import load_settings
from harken_server.http.runtime import Runtime
from harken_server.workspaces.store.workspaces import add_workspace

MAIL = {
    "HARKEN_SMTP_URL": "smtp://mail.example.com",
    "HARKEN_MAIL_FROM": "Shop <feedback@example.com>",
}
"""A mail server that nobody asks: a person with an address can be reached."""


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def mail_settings() -> dict[str, str]:
    """Parametrize it with none for a server without mail."""
    return MAIL


@pytest.fixture
async def runtime(
    database_url: str, tmp_path: Path, clock: FakeClock, mail_settings: dict[str, str]
) -> AsyncIterator[Runtime]:
    settings = load_settings(
        {
            "HARKEN_DATABASE_URL": database_url,
            "HARKEN_DATA_DIR": str(tmp_path / "data"),
            "HARKEN_PUBLIC_URL": "https://feedback.example.com",
            **mail_settings,
        }
    )
    async with open_runtime(settings, clock=clock, is_migrating=False) as opened:
        yield with_cheap_passwords(opened)


@pytest.fixture
async def api(runtime: Runtime, clock: FakeClock) -> AsyncIterator[Api]:
    transport = httpx.ASGITransport(create_app(runtime), raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        opened = Api(runtime, http, clock)
        http.headers["authorization"] = f"Bearer {await opened.key('manage')}"
        yield opened


@pytest.fixture
async def live(api: Api) -> Api:
    """The API with the survey published."""
    reply = await api.push()
    assert reply.status_code == 201, reply.text
    return api


@pytest.fixture
async def other_workspace(api: Api) -> Callable[[], Awaitable[str]]:
    """Makes a second workspace and gives a key of it."""

    async def make() -> str:
        workspace = await add_workspace(
            api.runtime.db, api.runtime.new_id(), "other", "Other", api.clock()
        )
        return await api.key("manage", workspace=workspace.id)

    return make
