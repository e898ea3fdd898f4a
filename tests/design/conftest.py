"""A demo on a loopback port, for the guide in real browsers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from live_server import serving


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that shows the guide."""
    with serving(tmp_path_factory.mktemp("demo"), is_demo=True) as live:
        yield live.url
