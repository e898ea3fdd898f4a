"""Connections for whoever runs: each event loop has its own, in each process. By hand: threads
have no loops.
"""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol
from weakref import WeakKeyDictionary, WeakSet

import httpcore
import httpx
from httpcore import SOCKET_OPTION

from harken._network import Lookups, Way, is_address, look_apart

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


def make_client(way: Way | None, **options: Any) -> httpx.AsyncClient:
    """A pool that goes this way, and lends nobody's executor to a resolver; without one, a
    transport among the options is all there is."""
    if way is None:
        return httpx.AsyncClient(**options)
    client = httpx.AsyncClient(proxy=way.proxy, verify=way.verify, trust_env=False, **options)
    look_apart(client, _Backend)
    return client


_lookups = Lookups()


class _Backend(httpcore.AsyncNetworkBackend):
    """Connects as the one it wraps, with the name looked up before."""

    def __init__(self, inner: httpcore.AsyncNetworkBackend) -> None:
        self._inner = inner

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """The first address of the name that can be connected to."""
        import asyncio

        if is_address(host):
            return await self._inner.connect_tcp(host, port, timeout, local_address, socket_options)
        waiting = asyncio.wrap_future(_lookups.find(host, port))
        try:
            found = await asyncio.wait_for(asyncio.shield(waiting), timeout)
        except asyncio.TimeoutError:
            raise httpcore.ConnectTimeout(f"{host} could not be looked up in time") from None
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        *others, last = found
        for address in others:
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return await self._inner.connect_tcp(
                    address[0], port, timeout, local_address, socket_options
                )
        return await self._inner.connect_tcp(last[0], port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        """Do nothing for this long."""
        await self._inner.sleep(seconds)
