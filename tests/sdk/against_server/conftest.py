"""The real application in memory, and clients of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from whole_application import PURCHASE, VISIT, App, opened

import harken


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with opened(tmp_path / "data") as app:
        yield app


@pytest.fixture
async def live(app: App) -> AsyncIterator[harken.AsyncClient]:
    """A client that may do all, and a survey about an order."""
    async with await app.client("manage") as client:
        await client.surveys.push(PURCHASE)
        yield client


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[harken.AsyncClient]:
    """A client of an application that sends mail, and a survey about a visit."""
    mail = {
        "HARKEN_SMTP_URL": "smtp://mail.example.com",
        "HARKEN_MAIL_FROM": "Shop <feedback@example.com>",
    }
    async with opened(tmp_path / "kept", **mail) as app, await app.client("manage") as made:
        await made.surveys.push(VISIT)
        yield made
