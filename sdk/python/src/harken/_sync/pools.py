"""Connections for whoever runs: each process has its own. By hand: threads have no loops."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable

import httpx

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
