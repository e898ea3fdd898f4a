"""What the tests of this folder share."""

from __future__ import annotations

import pytest
from api_client import Api
from kiosk_devices import SMILEY, Kiosk, pair, register


@pytest.fixture
async def shop(api: Api) -> Api:
    reply = await api.push(SMILEY)
    assert reply.status_code == 201, reply.text
    return api


@pytest.fixture
async def kiosk(shop: Api) -> Kiosk:
    device = await register(shop)
    return Kiosk(shop, device, (await pair(shop, device["pairing_code"])).json()["token"])
