"""A post office with a live survey, and a mail server that keeps what it gets."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from api_client import NOW, FakeClock
from mail_sink import Sink, open_sink
from mail_steps import PostOffice, publish

from harken_server.database.database import Database
from harken_server.workspaces.workspace import Workspace


@pytest.fixture
async def office(database: Database, workspace: Workspace) -> PostOffice:
    survey_id = await publish(database, workspace.id, NOW)
    return PostOffice(database, workspace.id, FakeClock(NOW), survey_id)


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    async with open_sink() as opened:
        yield opened
