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
    _received_bytes = 0
    """Bytes since the last request ended: an upper bound for the headers of this one."""
    _are_headers_complete = False

    def connection_made(self, transport: Any) -> None:
        """A new connection has `HEADERS_WITHIN_S` to say what it wants."""
        super().connection_made(transport)
        self.deadline = time.monotonic() + HEADERS_WITHIN_S

    def data_received(self, data: bytes) -> None:
        """Headers that never end are cut off."""
        self._received_bytes += len(data)
        super().data_received(data)
        if self._received_bytes > MAX_HEADER_BYTES and not self._are_headers_complete:
            self._refuse_headers()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._are_headers_complete = False
        self.deadline = time.monotonic() + HEADERS_WITHIN_S

    def on_headers_complete(self) -> None:
        """The body may follow."""
        if self._received_bytes > MAX_HEADER_BYTES and self._header_size() > MAX_HEADER_BYTES:
            self._refuse_headers()
            return
        self._are_headers_complete = True
        self.deadline = time.monotonic() + BODY_WITHIN_S
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is whole: answering takes as long as it takes."""
        self.deadline = float("inf")
        self._received_bytes = 0
        if self._are_headers_complete:
            super().on_message_complete()

    def _header_size(self) -> int:
        return sum(len(name) + len(value) for name, value in self.headers)

    def _refuse_headers(self) -> None:
        if not self.transport.is_closing():
            self.transport.write(_TOO_LARGE)
            self.transport.close()


async def sweep_late_connections(connections: set[Any]) -> None:
    """Close connections past their deadline, once a second, until cancelled."""
    while True:
        await asyncio.sleep(SWEEP_EVERY_S)
        now = time.monotonic()
        for connection in list(connections):
            if connection.deadline < now and not connection.transport.is_closing():
                connection.transport.close()
