"""Connections for whoever runs: each process has its own. By hand: threads have no loops."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterable
from concurrent.futures import TimeoutError as NotYetError
from contextlib import suppress
from typing import Any

import httpcore
import httpx
from httpcore import SOCKET_OPTION

from harken._network import Lookups, Way, is_address, look_apart

Make = Callable[[], httpx.Client]


class Pools:
    """The pool of this process, and of the kind of sockets that it has.

    A worker of gevent replaces `socket.socket` and the like when it starts, perhaps after the
    client was made; a connection of the old kind would stop all that the worker does.
    """

    def __init__(self, make: Make) -> None:
        self._make = make
        self._is_closed = False
        self._pool: httpx.Client | None = None
        self._made_for: tuple[int, object] = (0, None)

    def current(self) -> httpx.Client:
        """The pool to send by. RuntimeError once it is closed, as httpx has it."""
        if self._is_closed:
            raise RuntimeError("the client is closed")
        here = (os.getpid(), socket.socket)
        pool = self._pool
        if pool is None or here != self._made_for:
            pool = self._pool = self._make()
            self._made_for = here
        return pool

    def close(self) -> None:
        """Close the pool of this process for good."""
        self._is_closed = True
        if self._pool is not None and self._made_for[0] == os.getpid():
            self._pool.close()


def make_client(way: Way | None, **options: Any) -> httpx.Client:
    """A pool that goes this way, and waits for a resolver no longer than for a connection;
    without one, a transport among the options is all there is."""
    if way is None:
        return httpx.Client(**options)
    client = httpx.Client(proxy=way.proxy, verify=way.verify, trust_env=False, **options)
    look_apart(client, _Backend)
    return client


_lookups = Lookups()


class _Backend(httpcore.NetworkBackend):
    """Connects as the one it wraps, with the name looked up before."""

    def __init__(self, inner: httpcore.NetworkBackend) -> None:
        self._inner = inner

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """The first address of the name that can be connected to."""
        if is_address(host):
            return self._inner.connect_tcp(host, port, timeout, local_address, socket_options)
        try:
            found = _lookups.find(host, port).result(timeout)
        except NotYetError:
            raise httpcore.ConnectTimeout(f"{host} could not be looked up in time") from None
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        *others, last = found
        for address in others:
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return self._inner.connect_tcp(
                    address[0], port, timeout, local_address, socket_options
                )
        return self._inner.connect_tcp(last[0], port, timeout, local_address, socket_options)

    def sleep(self, seconds: float) -> None:
        """Do nothing for this long."""
        self._inner.sleep(seconds)
