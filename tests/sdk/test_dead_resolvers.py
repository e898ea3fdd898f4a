"""A resolver that does not answer holds up nobody."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

import harken
from harken import _network


class DeadResolver:
    """Names under `.test` are looked up for ever."""

    def __init__(self) -> None:
        self.asked = 0
        self.is_over = threading.Event()
        self._real = socket.getaddrinfo

    def __call__(self, host: Any, *others: Any, **named: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name and name.endswith(".test"):
            self.asked += 1
            self.is_over.wait(60)
            raise socket.gaierror("no answer")
        return self._real(host, *others, **named)


@pytest.fixture
def dead_resolver(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeadResolver]:
    made = DeadResolver()
    monkeypatch.setattr(socket, "getaddrinfo", made)
    yield made
    made.is_over.set()


def test_a_dead_resolver_holds_up_neither_the_loop_nor_its_executor(
    dead_resolver: DeadResolver,
) -> None:
    lent_s: list[float] = []

    async def main() -> list[harken.Decision]:
        client = harken.AsyncClient("http://feedback.example.test", "hk_x")
        asked = asyncio.gather(*(client.trigger("a.b", timeout_s=0.5) for _ in range(20)))
        await asyncio.sleep(0.1)
        began = time.monotonic()
        await asyncio.to_thread(lambda: None)
        lent_s.append(time.monotonic() - began)
        return await asked

    began = time.monotonic()
    decisions = asyncio.run(main())

    assert {decision.reason for decision in decisions} == {"unavailable"}
    assert lent_s[0] < 0.3
    assert time.monotonic() - began < 3
    assert dead_resolver.asked == 1, "one look-up is shared by all who wait for it"


def test_a_dead_resolver_is_asked_few_times_by_threads(dead_resolver: DeadResolver) -> None:
    client = harken.Client("http://feedback.example.test", "hk_x")
    began = time.monotonic()

    reasons = [client.trigger("a.b", timeout_s=0.1).reason for _ in range(10)]

    assert reasons == ["unavailable"] * 10
    assert time.monotonic() - began < 4
    assert dead_resolver.asked == 1


def test_a_look_up_that_takes_too_long_is_begun_again(
    dead_resolver: DeadResolver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_network, "PATIENCE_S", 0.0)
    lookups = _network.Lookups()

    assert lookups.find("a.test", 80) is not lookups.find("a.test", 80)
