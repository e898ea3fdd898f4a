"""Connections for whoever runs: each event loop has its own, in each process. By hand: threads
have no loops.
"""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol
from weakref import WeakKeyDictionary, WeakSet

import httpx

if TYPE_CHECKING:
    import asyncio

Make = Callable[[], httpx.AsyncClient]


class AsyncPools:
    """The pool of the loop that runs; it is closed with its loop."""

    def __init__(self, make: Make) -> None:
        self._make = make
        self._is_closed = False
        self._begin()

    def _begin(self) -> None:
        self._process = os.getpid()
        self._pools: WeakKeyDictionary[asyncio.AbstractEventLoop, httpx.AsyncClient]
        self._pools = WeakKeyDictionary()

    def current(self) -> httpx.AsyncClient:
        """The pool to send by. RuntimeError once it is closed, as httpx has it."""
        import asyncio

        if self._is_closed:
            raise RuntimeError("the client is closed")
        if os.getpid() != self._process:
            self._begin()
        loop = asyncio.get_running_loop()
        pool = self._pools.get(loop)
        if pool is None:
            _drop_ended(self._pools)
            pool = self._pools[loop] = self._make()
            at_end_of_loop(self)
        return pool

    async def end_loop(self) -> None:
        """Close the pool of this loop."""
        import asyncio

        pool = self._pools.pop(asyncio.get_running_loop(), None)
        if pool is not None:
            await pool.aclose()

    async def close(self) -> None:
        """Close the pool of this loop for good; those of others go with theirs."""
        self._is_closed = True
        await self.end_loop()


def _drop_ended(
    held: WeakKeyDictionary[asyncio.AbstractEventLoop, Any],
    ending: asyncio.AbstractEventLoop | None = None,
) -> None:
    """What is held for a loop holds the loop itself, so its going has to be looked for."""
    for loop in list(held):
        if loop is ending or loop.is_closed():
            held.pop(loop, None)


class Ending(Protocol):
    """What has something to finish in a loop before it is closed."""

    async def end_loop(self) -> None:
        """Finish it, in the loop."""
        ...


class _Endings:
    """Those of one loop; held weakly, so that what is gone before is gone."""

    def __init__(self) -> None:
        self.early: WeakSet[Ending] = WeakSet()
        self.late: WeakSet[Ending] = WeakSet()
        self.generator = self._finish_when_closed()

    async def _finish_when_closed(self) -> AsyncGenerator[None, None]:
        import asyncio

        try:
            yield
        finally:
            for ending in (*self.early, *self.late):
                await ending.end_loop()
            _drop_ended(_endings, asyncio.get_running_loop())


_endings: WeakKeyDictionary[asyncio.AbstractEventLoop, _Endings] = WeakKeyDictionary()


def at_end_of_loop(ending: Ending, *, is_early: bool = False) -> None:
    """Have something finished before the running loop is closed.

    `asyncio.run` and all that do as it does close the generators that are open in a loop, which is
    the one thing that a library can hold on to: `loop.shutdown_asyncgens`.
    """
    import asyncio

    loop = asyncio.get_running_loop()
    endings = _endings.get(loop)
    if endings is None:
        _drop_ended(_endings)
        endings = _endings[loop] = _Endings()
        with suppress(StopIteration):  # at its `yield`; from now on the loop knows it
            endings.generator.__anext__().send(None)
    (endings.early if is_early else endings.late).add(ending)
