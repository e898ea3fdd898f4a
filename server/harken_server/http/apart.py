"""Reading long bodies beside the event loop, so that nobody else waits for it.

One thread, so that what is read takes memory once, and so that the loop shares the interpreter with
one other at most: it gets its turn within some milliseconds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from harken_server.kernel.errors import OverloadedError

T = TypeVar("T")

SHORT_BYTES = 8 * 1024
"""What is no longer is read at once: within 16 ms, at 2 ms a kilobyte."""
READ_WITHIN_S = 20.0
"""From being whole to being read; the longest body alone takes half a second."""

_READING = ThreadPoolExecutor(1, thread_name_prefix="harken-reading")


async def read_apart(size: int, read: Callable[[], T]) -> T:
    """What reading a body of so many bytes gives, or raises; OverloadedError when others take long.

    What waits too long is not begun any more.
    """
    if size <= SHORT_BYTES:
        return read()
    reading = asyncio.get_running_loop().run_in_executor(_READING, read)
    try:
        return await asyncio.wait_for(reading, READ_WITHIN_S)
    except TimeoutError:
        raise OverloadedError("Too many long bodies at once; try again.") from None
