"""Mails for workers to send, and waiting for what becomes of them."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from mail_steps import PostOffice

ALWAYS = {"HARKEN_MAIL_WINDOW": "00:00-24:00"}


async def invite_many(office: PostOffice, count: int) -> list[str]:
    addresses = [f"a{number}@example.com" for number in range(count)]
    for number, address in enumerate(addresses):
        await office.invite(address, f"r{number}")
    return addresses


async def until(claim: Callable[[], Any], *, within_s: float = 30.0) -> None:
    """Wait until an (async) claim holds."""
    deadline = time.monotonic() + within_s
    while True:
        held = claim()
        if asyncio.iscoroutine(held):
            held = await held
        if held:
            return
        assert time.monotonic() < deadline, "it never became true"
        await asyncio.sleep(0.05)


async def states(office: PostOffice) -> Counter[str]:
    return Counter(delivery.state for delivery in await office.deliveries())
