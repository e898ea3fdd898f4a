"""Clients that submit to several servers and repeat what was not acknowledged, as clients do."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import httpx

PATIENCE_S = 60
"""Longer than a server takes to answer that it cannot store."""
PAUSE_S = 0.05
CLIENTS = 6


class Traffic:
    """Submissions to servers in turn, and when each was acknowledged."""

    def __init__(self, urls: Sequence[str], survey: str) -> None:
        self.acknowledged: set[str] = set()
        self.refusals: Counter[str] = Counter()
        self.served: Counter[str] = Counter()
        """Acknowledged by each server since the last `clear`."""
        self._urls = urls
        self._survey = survey
        self._times: list[float] = []
        self._is_over = False
        self._http = httpx.AsyncClient(timeout=PATIENCE_S, verify=False)
        self._clients: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Traffic:
        self._clients = [asyncio.create_task(self._client(n)) for n in range(CLIENTS)]
        return self

    async def __aexit__(self, *_: object) -> None:
        """Whatever was sent is repeated until it is acknowledged."""
        self._is_over = True
        await asyncio.gather(*self._clients)
        await self._http.aclose()

    async def flows(self, count: int) -> None:
        """Wait until each server has acknowledged so many from now on."""
        self.served.clear()
        until = time.monotonic() + 2 * PATIENCE_S
        while any(self.served[url] < count for url in self._urls):
            broken = [client for client in self._clients if client.done()]
            assert not broken, broken
            assert time.monotonic() < until, f"no submits: {self.served}, {self.refusals}"
            await asyncio.sleep(0.02)

    def longest_gap(self, since: float) -> float:
        """Seconds between two acknowledged submits, whoever sent them, at most."""
        times = [at for at in self._times if at >= since]
        return max(later - at for at, later in itertools.pairwise([since, *times]))

    async def redeem(self, token: str, delay_s: float) -> list[str]:
        """Two people use an invitation at once; gives the responses that were acknowledged."""
        await asyncio.sleep(delay_s)
        ids = [str(uuid4()) for _ in self._urls]
        bodies = [{"id": each, "token": token, "answers": {"recommend": 3}} for each in ids]
        said = await asyncio.gather(*(self._send(body, n) for n, body in enumerate(bodies)))
        return [each for each, status in zip(ids, said, strict=True) if status == 201]

    async def _client(self, number: int) -> None:
        for turn in itertools.count(number):
            if self._is_over:
                return
            answers = {"recommend": turn % 11, "reason": "price"}
            body = {"id": str(uuid4()), "survey": self._survey, "answers": answers}
            assert await self._send(body, turn) == 201, body
            await asyncio.sleep(PAUSE_S)

    async def _send(self, body: dict[str, Any], turn: int) -> int:
        """Send until a server has an answer: 201, or 410 when somebody else was first."""
        while True:
            turn += 1
            url = self._urls[turn % len(self._urls)]
            try:
                reply = await self._http.post(f"{url}/v1/public/responses", json=body)
            except httpx.TransportError as error:
                self.refusals[type(error).__name__] += 1
            else:
                if reply.status_code == 201:
                    self._note(body["id"], url)
                if reply.status_code in {201, 410}:
                    return reply.status_code
                assert reply.status_code == 503, reply.text
                self.refusals[reply.json()["code"]] += 1
            await asyncio.sleep(PAUSE_S)

    def _note(self, identity: str, url: str) -> None:
        self.acknowledged.add(identity)
        self.served[url] += 1
        self._times.append(time.monotonic())
