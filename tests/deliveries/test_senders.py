"""On every channel on which Harken sends: from a trigger to what was handed over, once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from api_client import NOW, Api, FakeClock
from mail_steps import SURVEY
from outsides import OUTSIDES, Outside

from harken_server.app import create_app, open_runtime
from harken_server.configuration import load_settings
from harken_server.deliveries.channels import Sends
from harken_server.routes import CHANNELS
from harken_server.worker import open_worker

PERSON = {"email": "ada@example.com", "phone": "+4722123456"}
SENDING = [
    pytest.param(channel.name, sends, id=channel.name) for channel, sends in CHANNELS.senders()
]


@asynccontextmanager
async def _opened(url: str, folder: Path, channel: str) -> AsyncIterator[tuple[Api, Outside]]:
    """The application with a live survey, and what stands outside of the channel."""
    data = folder / "data"
    base = {"HARKEN_DATABASE_URL": url, "HARKEN_DATA_DIR": str(data)}
    clock = FakeClock(NOW)
    async with OUTSIDES[channel](data) as outside:
        settings = load_settings({**base, **outside.settings})
        async with open_runtime(settings, clock=clock) as runtime:
            transport = httpx.ASGITransport(create_app(runtime), raise_app_exceptions=True)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
                api = Api(runtime, http, clock)
                http.headers["authorization"] = f"Bearer {await api.key('manage')}"
                pushed = await api.push({**SURVEY, "touchpoints": ["order.delivered"]})
                assert pushed.status_code == httpx.codes.CREATED, pushed.text
                yield api, outside


async def _work(api: Api) -> None:
    async with open_worker(api.runtime) as worker:
        await worker.run_ticks()
        await worker.run_once()


async def _deliveries(api: Api) -> list[dict[str, Any]]:
    return (await api.http.get("/v1/surveys/nps/deliveries")).json()["deliveries"]


@pytest.mark.parametrize(("channel", "sends"), SENDING)
async def test_a_trigger_becomes_a_delivery_that_is_handed_over_once(
    channel: str, sends: Sends, database_url: str, tmp_path: Path
) -> None:
    async with _opened(database_url, tmp_path, channel) as (api, outside):
        asked = (await api.trigger(respondent="ada", channel=channel, **PERSON)).json()
        for _ in range(2):
            await _work(api)

        (item,) = await _deliveries(api)
        assert asked["delivery"] == item["id"]
        assert (item["channel"], item["state"], item["note"]) == (channel, "sent", None)
        assert item["address"] == {"respondent": "ada", **PERSON}[sends.needs]
        (text,) = outside.taken()
        assert asked["invitation"]["code"].lower() in text.lower()
        again = (await api.http.get(f"/v1/decisions/{asked['id']}")).json()
        assert again["delivery"] == item["id"]


@pytest.mark.parametrize(("channel", "sends"), SENDING)
async def test_those_who_do_not_answer_are_reminded_once_where_the_channel_reminds(
    channel: str, sends: Sends, database_url: str, tmp_path: Path
) -> None:
    async with _opened(database_url, tmp_path, channel) as (api, outside):
        await api.trigger(respondent="ada", channel=channel, **PERSON)
        await _work(api)
        api.clock.move(days=3, hours=1)
        for _ in range(2):
            await _work(api)

        reminders = [one for one in await _deliveries(api) if one["kind"] == "reminder"]
        assert len(reminders) == sends.reminds
        assert len(outside.taken()) == 1 + sends.reminds


@pytest.mark.parametrize(("channel", "sends"), SENDING)
async def test_somebody_of_whom_the_channel_knows_too_little_is_not_asked(
    channel: str, sends: Sends, database_url: str, tmp_path: Path
) -> None:
    async with _opened(database_url, tmp_path, channel) as (api, outside):
        known = {"respondent": "ada", **PERSON}
        del known[sends.needs]
        asked = (await api.trigger(channel=channel, **known)).json()
        await _work(api)

        assert (asked["asked"], asked["reason"]) == (False, "unreachable")
        assert "invitation" not in asked
        assert outside.taken() == []
