"""Long files made smaller on their way, for clients that take them so."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncGenerator
from contextlib import aclosing

from harken_server.http.encodings import Headers, takes_coding

GZIP = ((b"content-encoding", b"gzip"),)
_LEVEL = 1
"""A CSV of responses becomes a seventh; level 6 takes three times as long for a ninth."""
_AT_ONCE = 256 * 1024
"""Bytes worth a thread: it takes some milliseconds in which others have their turn."""


def takes_gzip(headers: Headers) -> bool:
    """Whether a long answer may be compressed."""
    return takes_coding(headers, b"gzip")


async def gzipped_rows(rows: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    """One gzip member; its first bytes come when there is something to say."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, 31)
    waiting: list[bytes] = []
    size = 0
    async with aclosing(rows) as chunks:
        async for chunk in chunks:
            waiting.append(chunk)
            size += len(chunk)
            if size >= _AT_ONCE:
                yield await asyncio.to_thread(packer.compress, b"".join(waiting))
                waiting, size = [], 0
    yield await asyncio.to_thread(packer.compress, b"".join(waiting))
    yield packer.flush()
