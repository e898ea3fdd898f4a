"""A real server for the command."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from live_server import LiveServer, serving


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveServer]:
    with serving(tmp_path / "house") as server:
        monkeypatch.setenv("HARKEN_URL", server.url)
        monkeypatch.setenv("HARKEN_API_KEY", server.key)
        yield server
