"""A real server with a store and its till, and customers who scan what the examples print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from live_server import LiveServer, serving

EXAMPLE_TOUCHPOINT = "order.paid"
SURVEY: dict[str, Any] = {
    "key": "visit",
    "title": "Your visit",
    "touchpoints": [EXAMPLE_TOUCHPOINT],
    "questions": [
        {"type": "nps", "key": "recommend", "text": "Would you recommend us?", "required": True}
    ],
}


class Counter:
    """A store's counter: its till, and what customers answered."""

    def __init__(self, live: LiveServer) -> None:
        self.live = live
        live.push(SURVEY)
        self.store = live.call("POST", "/v1/stores", {"name": "Oslo"})["code"]
        body = {"name": "Counter 1", "touchpoint": EXAMPLE_TOUCHPOINT}
        till = live.call("POST", f"/v1/stores/{self.store}/tills", body)
        self.till: str = till["configuration"]
        self.number: int = till["number"]

    def answer(self, url: str, score: int = 9) -> int:
        """Open a link as a phone does and answer; the status that the answer got."""
        with httpx.Client(timeout=20) as phone:
            page = phone.get(url)
            assert page.status_code == 200, page.text
            form = {"v": "1", "after": "", "go": "next", "a_recommend": str(score)}
            if own := re.search(r'name="r" value="([^"]+)"', page.text):
                form["r"] = own[1]
            return phone.post(url, data=form).status_code

    def open(self, url: str) -> int:
        """Scan a link; the status that the page got."""
        return httpx.get(url, timeout=20).status_code

    def stored(self) -> list[dict[str, Any]]:
        """Every response, whatever its standing."""
        return self.live.responses("visit")

    def counted(self) -> int:
        """How many answers the score is made of."""
        return self.live.call("GET", "/v1/surveys/visit/scores")["scores"][0]["n"]


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with serving(tmp_path_factory.mktemp("live")) as server:
        yield server


@pytest.fixture
def counter(live: LiveServer) -> Counter:
    """A workspace, a store and a till of the test's own."""
    return Counter(live.new_workspace())
