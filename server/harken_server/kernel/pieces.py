"""Long work on the event loop in pieces, so that whoever waits gets a turn between two of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from typing import TypeVar

T = TypeVar("T")

BUSY_S = 0.0002
"""A turn given away comes back sooner where nobody waits for one."""
STEP_BACK_S = 0.004
"""Where somebody does: with nothing but turns in between, a request that needs five would wait for
five pieces."""


async def pieces_of(items: Sequence[T], size: int) -> AsyncGenerator[Sequence[T]]:
    """So many items at a time; choose a `size` that is worked through in half a millisecond.

    On a thread it would not be better: two threads that work take turns of five milliseconds.
    """
    for start in range(0, len(items), size):
        yield items[start : start + size]
        # Neither a generator nor a socket that takes what is sent gives up the turn by itself.
        given_at = time.perf_counter()
        await asyncio.sleep(0)
        if time.perf_counter() - given_at > BUSY_S:
            await asyncio.sleep(STEP_BACK_S)
