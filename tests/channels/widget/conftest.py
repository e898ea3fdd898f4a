"""A site with a key and two surveys."""

from __future__ import annotations

import pytest
from api_client import SURVEY, Api
from queue_page import Page
from widget_site import TARGETED, Site, new_key, push


@pytest.fixture
async def site(api: Api) -> Site:
    await push(api, TARGETED)
    await push(api, SURVEY)
    return Site(api, await new_key(api))


@pytest.fixture
async def page(live: Api) -> Page:
    touchpoint = {"survey": "post_purchase", "cooldown_days": 0}
    reply = await live.http.put("/v1/touchpoints/order.delivered", json=touchpoint)
    assert reply.status_code == 200, reply.text
    return Page(live, await live.key("public"), await live.key("write"))
