"""Waiting, and ceasing to wait, in an event loop. By hand: a task is cancelled, a thread is not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from typing import TypeVar

from harken._errors import RequestTimeoutError
from harken._network import Address

T = TypeVar("T")


async def pause(seconds: float) -> None:
    """Do nothing for this long, and let others work meanwhile."""
    import asyncio

    await asyncio.sleep(seconds)


async def finish_within(timeout_s: float, work: Callable[[], Awaitable[T]]) -> T:
    """The result of the work, or RequestTimeoutError when it takes longer; it is cancelled then."""
    import asyncio

    try:
        return await asyncio.wait_for(work(), timeout_s)
    except asyncio.TimeoutError:
        raise RequestTimeoutError(f"no complete answer within {timeout_s:g} s") from None


async def addresses_within(
    timeout_s: float | None, found: Future[list[Address]]
) -> list[Address] | None:
    """What a look-up finds; None when it takes longer, and it goes on for others who ask."""
    import asyncio

    try:
        return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(found)), timeout_s)
    except asyncio.TimeoutError:
        return None
