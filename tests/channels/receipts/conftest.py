"""What the tests of this folder share."""

from __future__ import annotations

import pytest
from api_client import Api
from receipt_steps import Shop, open_shop


@pytest.fixture
async def shop(api: Api) -> Shop:
    return await open_shop(api)
