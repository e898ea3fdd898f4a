"""A site with a key and two surveys."""

from __future__ import annotations

import pytest
from api_client import SURVEY, Api
from widget_site import TARGETED, Site, new_key, push


@pytest.fixture
async def site(api: Api) -> Site:
    await push(api, TARGETED)
    await push(api, SURVEY)
    return Site(api, await new_key(api))
