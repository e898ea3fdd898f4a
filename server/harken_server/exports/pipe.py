"""Turn a function that pushes chunks into an iterator that pulls them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable

MAX_WAITING_CHUNKS = 4

Write = Callable[[bytes], Awaitable[None]]


async def pump(push: Callable[[Write], Awaitable[None]]) -> AsyncGenerator[bytes]:
    """What `push` writes, chunk by chunk; it waits when the reader is slow.

    Its error is raised after the chunks before it; closing the iterator early cancels it.
    """
    chunks: asyncio.Queue[bytes | None] = asyncio.Queue(MAX_WAITING_CHUNKS)
    task = asyncio.ensure_future(_push_all(push, chunks))
    try:
        while (chunk := await chunks.get()) is not None:
            yield chunk
        await task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _push_all(
    push: Callable[[Write], Awaitable[None]], chunks: asyncio.Queue[bytes | None]
) -> None:
    try:
        await push(chunks.put)
    except Exception:
        await chunks.put(None)
        raise
    await chunks.put(None)
