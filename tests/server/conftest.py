"""What the tests of this folder share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from api_client import FakeClock
from mail_sink import Sink, open_sink
from mail_steps import PostOffice, publish

from harken_server.database.database import Database
from harken_server.kernel.clock import system_clock
from harken_server.workspaces.workspace import Workspace


@pytest.fixture
async def office(database: Database, workspace: Workspace) -> PostOffice:
    clock = FakeClock(system_clock())
    survey_id = await publish(database, workspace.id, clock())
    return PostOffice(database, workspace.id, clock, survey_id)


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    async with open_sink() as opened:
        yield opened
