"""Connections that are opened to a name looked up before, without the program's own threads."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import httpcore
import httpx
from httpcore import SOCKET_OPTION

from harken._async.waiting import addresses_within
from harken._network import Lookups, Way, is_address, look_apart


def make_client(way: Way | None, **options: Any) -> httpx.AsyncClient:
    """A pool that goes this way, and waits for a resolver no longer than for a connection, on
    nobody's executor; without a way, a transport among the options is all there is."""
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
        if is_address(host):
            return await self._inner.connect_tcp(host, port, timeout, local_address, socket_options)
        try:
            found = await addresses_within(timeout, _lookups.find(host, port))
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        if found is None:
            raise httpcore.ConnectTimeout(f"{host} could not be looked up in time")
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
