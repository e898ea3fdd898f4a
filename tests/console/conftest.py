"""A real server with people of the house, and the browsers that they use."""

from __future__ import annotations

import pytest
from browser_fixtures import axe, browser, chromium, firefox, live_server, open_page
from house import House, house_of
from live_server import LiveServer

__all__ = ["axe", "browser", "chromium", "firefox", "live_server", "open_page"]


@pytest.fixture(scope="session")
def house(live_server: LiveServer) -> House:
    """A workspace with one of everything."""
    return house_of(live_server)


@pytest.fixture(scope="session")
def empty_house(live_server: LiveServer) -> House:
    """A workspace in which nothing was made yet."""
    return house_of(live_server, is_empty=True)
