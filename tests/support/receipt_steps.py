"""A store, its till, and customers with their receipts: the words that tests of receipts need."""

from __future__ import annotations

from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

import httpx
from api_client import Api

from harken.receipts import Till
from harken_server.app import create_app

TOUCHPOINT = "order.delivered"
PHONE = "Mozilla/5.0 (a phone)"


def form_id_of(page: httpx.Response) -> str:
    """The id in a page's form."""
    return page.text.partition('name="r" value="')[2].partition('"')[0]


class Shop:
    """A store with one till, and whoever scans what it prints."""

    def __init__(self, api: Api, store: dict[str, Any], till: dict[str, Any]) -> None:
        self.api = api
        self.store = store
        self.made = till
        self.till = Till.from_text(till["configuration"])
        self._taken = 0

    def token(self, sequence: int = 1, *, strong: bool = False, **ago: float) -> str:
        """A receipt printed now, or so long ago."""
        at = self.api.clock() - timedelta(**ago)
        return self.till.mint(sequence=sequence, at=at, strong=strong).token

    async def answer(
        self, path: str, score: int = 9, *, address: str = "", agent: str = PHONE
    ) -> httpx.Response:
        """Answer all of the survey with one form, from a device of one's own unless told."""
        self._taken += 1
        async with self.visitor(address or f"198.51.100.{self._taken % 250}") as http:
            return await self.post(http, path, score, agent=agent)

    async def post(
        self, http: httpx.AsyncClient, path: str, score: int = 9, *, agent: str = PHONE
    ) -> httpx.Response:
        page = await http.get(path, headers={"user-agent": agent})
        if 'name="v"' not in page.text:
            return page
        self.api.clock.move(seconds=2)  # nobody answers sooner
        fields = {"r": form_id_of(page), "v": "1", "after": "", "go": "next"}
        return await http.post(
            path, data={**fields, "a_recommend": str(score)}, headers={"user-agent": agent}
        )

    def visitor(self, address: str) -> httpx.AsyncClient:
        """A phone at an address."""
        transport = httpx.ASGITransport(create_app(self.api.runtime), client=(address, 5555))
        return httpx.AsyncClient(transport=transport, base_url="http://test")

    async def responses(self) -> list[dict[str, Any]]:
        """Everything stored, whatever its standing, in the order of sending."""
        reply = await self.api.http.get("/v1/surveys/post_purchase/responses")
        assert reply.status_code == 200, reply.text
        return sorted(reply.json()["responses"], key=itemgetter("submitted_at"))

    async def rotate(self, keep_old_until: datetime | None = None) -> None:
        """Give the till its next key, and use it."""
        body = {"keep_old_until": keep_old_until.isoformat()} if keep_old_until else {}
        reply = await self.api.http.post(f"/v1/tills/{self.made['number']}/rotate", json=body)
        assert reply.status_code == 200, reply.text
        self.till = Till.from_text(reply.json()["configuration"])


SURVEY: dict[str, Any] = {
    "key": "post_purchase",
    "title": "Your visit",
    "locales": ["de"],
    "touchpoints": [TOUCHPOINT],
    "context": {"store": "our shop"},
    "questions": [
        {"type": "nps", "key": "recommend", "text": "Recommend {{context.store}}?",
         "required": True},
    ],
}  # fmt: skip


async def open_shop(api: Api, survey: dict[str, Any] = SURVEY, **till: Any) -> Shop:
    """A live survey, a store and a till."""
    assert (await api.push(survey)).status_code in {200, 201}
    store = await api.http.post("/v1/stores", json={"name": "Oslo"})
    assert store.status_code == 201, store.text
    body = {"name": "Till 1", "touchpoint": TOUCHPOINT, **till}
    made = await api.http.post(f"/v1/stores/{store.json()['code']}/tills", json=body)
    assert made.status_code == 201, made.text
    return Shop(api, store.json(), made.json())
