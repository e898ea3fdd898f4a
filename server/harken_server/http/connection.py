"""Connections with deadlines: uvicorn's HTTP/1 protocol, closed when a client dawdles.

uvicorn itself waits for ever for a half-sent header or body. Each connection notes by when its
current step must end; one sweep a second closes those that are late. Limits are measured from the
first byte of the step, so a slow but steady phone on a bad network fits easily.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEADERS_WITHIN_S = 10.0
"""From connecting, or the first byte of a next request, to the end of its headers."""
BODY_WITHIN_S = 20.0
"""From the end of the headers to the end of the body."""
MAX_HEADER_BYTES = 16 * 1024
SWEEP_EVERY_S = 1.0

_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"connection: close\r\ncontent-length: 0\r\n\r\n"
)


class DeadlineProtocol(HttpToolsProtocol):
    """One connection that is closed when its current step takes too long."""

    deadline: float = float("inf")
    _header_bytes = 0

    def connection_made(self, transport: Any) -> None:
        """A new connection has `HEADERS_WITHIN_S` to say what it wants."""
        super().connection_made(transport)
        self.deadline = time.monotonic() + HEADERS_WITHIN_S

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._header_bytes = 0
        self.deadline = time.monotonic() + HEADERS_WITHIN_S

    def on_header(self, name: bytes, value: bytes) -> None:
        """Headers are counted; too many bytes end the connection with 431."""
        self._header_bytes += len(name) + len(value)
        if self._header_bytes > MAX_HEADER_BYTES:
            if not self.transport.is_closing():
                self.transport.write(_TOO_LARGE)
                self.transport.close()
            return
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The body may follow."""
        if self._header_bytes > MAX_HEADER_BYTES:
            return
        self.deadline = time.monotonic() + BODY_WITHIN_S
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is whole: answering takes as long as it takes."""
        self.deadline = float("inf")
        if self._header_bytes <= MAX_HEADER_BYTES:
            super().on_message_complete()


async def sweep_late_connections(connections: set[Any]) -> None:
    """Close connections past their deadline, once a second, until cancelled."""
    while True:
        await asyncio.sleep(SWEEP_EVERY_S)
        now = time.monotonic()
        for connection in list(connections):
            if connection.deadline < now and not connection.transport.is_closing():
                connection.transport.close()
