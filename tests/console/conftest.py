"""A real server with people of the house, and the browsers that they use."""

from __future__ import annotations

import pytest
from house import House, house_of
from live_server import LiveServer


@pytest.fixture(scope="session")
def house(live_server: LiveServer) -> House:
    """A workspace with one of everything."""
    return house_of(live_server)


@pytest.fixture(scope="session")
def empty_house(live_server: LiveServer) -> House:
    """A workspace in which nothing was made yet."""
    return house_of(live_server, is_empty=True)
