"""Kiosks by the SDK, against the real application in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import harken
from harken_server.app import create_app, open_runtime
from harken_server.configuration import load_settings
from harken_server.workspaces.api import make_key

SETTINGS: dict[str, Any] = {"idle_reset_s": 20, "exit_pin": "4821"}


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[harken.AsyncClient]:
    settings = load_settings({"HARKEN_DATA_DIR": str(tmp_path / "kept")})
    async with open_runtime(settings) as runtime:
        _, secret = await make_key(runtime, runtime.home, "test", ("manage",))
        transport = httpx.ASGITransport(create_app(runtime))
        async with harken.AsyncClient("http://test", secret, transport=transport) as opened:
            yield opened


async def test_a_kiosk_is_registered_changed_and_revoked(client: harken.AsyncClient) -> None:
    await client.surveys.push(
        {
            "key": "visit",
            "title": "Your visit",
            "touchpoints": ["store.exit"],
            "questions": [{"type": "csat", "key": "happy", "text": "How was it?"}],
        }
    )

    made = await client.devices.create("Door", "store.exit", settings=SETTINGS)
    changed = await client.devices.change(made.id, survey="visit", settings={"mode": "smiley"})
    await client.devices.revoke(made.id)
    [listed] = await client.devices.list()

    assert len(made.pairing_code) == 8
    assert made.kiosk_url.endswith("/kiosk")
    assert (made.state, made.settings) == ("waiting", SETTINGS)
    assert (changed.survey, changed.settings) == ("visit", {"mode": "smiley"})
    assert listed.state == "revoked"
    with pytest.raises(harken.NotFoundError):
        await client.devices.revoke(made.id)
    with pytest.raises(harken.ValidationError):
        await client.devices.create("Door", "nobody.asks")
