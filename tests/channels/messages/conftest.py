"""A survey that conversations ask."""

from __future__ import annotations

import pytest
from api_client import Api
from conversation_steps import SURVEY


@pytest.fixture
async def asked(api: Api) -> Api:
    reply = await api.push(SURVEY)
    assert reply.status_code == 201, reply.text
    return api
