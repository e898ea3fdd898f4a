"""A real Chromium, the real server on a loopback port, and surveys to answer."""

from __future__ import annotations

import itertools
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from kiosk_steps import Shop, open_kiosk
from live_server import LiveServer
from watched import Watched

_numbers = itertools.count(1)
_SURVEYS: dict[str, Any] = json.loads((Path(__file__).parent / "surveys.json").read_text("utf-8"))


@pytest.fixture
def publish(live_server) -> Callable[..., tuple[str, str]]:
    """Publishes a copy of a survey under a key of its own; gives the key and the address."""

    def make(name: str, **parts: Any) -> tuple[str, str]:
        key = f"{name}_{next(_numbers)}"
        return key, live_server.push({**_SURVEYS[name], "key": key, **parts})

    return make


@pytest.fixture
def shop(live_server: LiveServer) -> Shop:
    return Shop(live_server.new_workspace())


@pytest.fixture
def kiosk(shop: Shop, open_page: Callable[..., Awaitable[Watched]]) -> Any:
    """Registers a device by its code and opens it."""

    async def make(
        survey: dict[str, Any] | None = None, *, width: int = 1024, height: int = 768,
        browser: dict[str, Any] | None = None, **settings: Any,
    ) -> Watched:  # fmt: skip
        device = shop.device(survey, **settings)
        watched = await open_page(width, height, **(browser or {}))
        await open_kiosk(watched, shop, device["pairing_code"])
        return watched

    return make
