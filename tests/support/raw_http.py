"""Bytes to a server's port, and what it says until it closes: for requests that no client makes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from harken_server.http.settings import HttpSettings
from harken_server.kernel.settings import Settings
from harken_server.server import open_socket, run_server


@contextlib.asynccontextmanager
async def listening(app: Any) -> AsyncIterator[int]:
    """An application on a loopback port, by the server's own protocol."""
    listener = open_socket(Settings([HttpSettings(port=0)]))
    task = asyncio.ensure_future(run_server(app, listener))
    try:
        yield listener.getsockname()[1]
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        listener.close()


async def talk(
    port: int, *sent: bytes, within_s: float = 5, from_address: str = "127.0.0.1"
) -> bytes:
    """Everything the server says until it closes; a piece it no longer takes is left out."""
    own = (from_address, 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=own)
    try:
        for piece in sent:
            writer.write(piece)
            with contextlib.suppress(ConnectionError):
                await writer.drain()
        return await asyncio.wait_for(_read_all(reader), within_s)
    finally:
        writer.close()


async def _read_all(reader: asyncio.StreamReader) -> bytes:
    said = b""
    with contextlib.suppress(ConnectionError):
        while piece := await reader.read(65_536):
            said += piece
    return said


def status_of(said: bytes) -> int:
    """The status of the first answer; 0 for none."""
    return int(said.split(b" ", 2)[1]) if said.startswith(b"HTTP/1.1 ") else 0
