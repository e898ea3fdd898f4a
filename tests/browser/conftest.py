"""A real Chromium, the real server on a loopback port, and surveys to answer."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser_fixtures import (
    axe,
    browser,
    chromium,
    firefox,
    live_server,
    open_page,
    screenshot,
    with_or_without_script,
)

__all__ = [
    "axe", "browser", "chromium", "firefox", "live_server", "open_page", "screenshot",
    "with_or_without_script",
]  # fmt: skip


_numbers = itertools.count(1)
_SURVEYS: dict[str, Any] = json.loads((Path(__file__).parent / "surveys.json").read_text("utf-8"))


@pytest.fixture
def publish(live_server) -> Callable[..., tuple[str, str]]:
    """Publishes a copy of a survey under a key of its own; gives the key and the address."""

    def make(name: str, **parts: Any) -> tuple[str, str]:
        key = f"{name}_{next(_numbers)}"
        return key, live_server.push({**_SURVEYS[name], "key": key, **parts})

    return make
