"""Who sends answers."""

from __future__ import annotations

import pytest
from api_client import Api


@pytest.fixture
async def stranger(live: Api) -> Api:
    """Whoever sends from a page, without a key."""
    del live.http.headers["authorization"]
    return live
