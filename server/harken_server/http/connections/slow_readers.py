"""Connections whose client hardly reads: cut off, so that nothing is held open for them.

What a client has not taken waits in the connection's buffer. While that is full nothing is added to
it, so a buffer that grew has been emptied in between.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, NamedTuple

LEAST_BYTES = 32_000
"""Slower than a phone on the edge of the oldest net that there is."""
LOOK_EVERY_S = 1.0
PERIOD_S = 10.0
PERIOD_AT_END_S = 2.0
"""When the server is to end, whoever has not taken a full buffer by then is not waited for."""
FULL_BUFFER = 64 * 1024
"""As much waits for a client before its answer is held up (uvicorn's `HIGH_WATER_LIMIT`)."""


class Mark(NamedTuple):
    """How far a client was, and when."""

    at: float
    waiting: int
    """Bytes that the client had not taken."""


async def cut_slow_readers(
    connections: set[Any], least: int, is_ending: Callable[[], bool]
) -> None:
    """Once a second, until cancelled; `least` is what must be taken in a period, 0 nothing."""
    marks: dict[Any, Mark] = {}
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        wanted, period = (FULL_BUFFER, PERIOD_AT_END_S) if is_ending() else (least, PERIOD_S)
        now, found = time.monotonic(), dict[Any, Mark]()
        for connection in list(connections):
            if waiting := connection.transport.get_write_buffer_size():
                mark = found[connection] = look(marks.get(connection), now, waiting, wanted)
                if wanted and now - mark.at >= period:
                    connection.transport.abort()
        marks = found


def look(mark: Mark | None, now: float, waiting: int, wanted: int) -> Mark:
    """The mark to measure from: a new one when enough was taken since the last."""
    if mark is None or waiting > mark.waiting or mark.waiting - waiting >= wanted:
        return Mark(now, waiting)
    return mark
