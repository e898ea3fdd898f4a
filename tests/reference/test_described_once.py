"""The API's description is made once: as a page it costs what a short page costs (A16.10)."""

from __future__ import annotations

import time

import pytest
from api_client import Api


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/schema/survey-1.json"])
async def test_describing_the_api_costs_about_what_a_short_page_costs(api: Api, path: str) -> None:
    async def cost_of(asked: str) -> float:
        costs: list[float] = []
        for _ in range(12):
            began = time.process_time()
            assert (await api.http.get(asked)).status_code == 200
            costs.append(time.process_time() - began)
        return min(costs)

    assert await cost_of(path) < 6 * await cost_of("/")
