"""Waiting, and stopping to wait, for both kinds of client: the one thing that renaming cannot turn
from one into the other.
"""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from harken._errors import RequestTimeoutError

T = TypeVar("T")


def pause(seconds: float) -> None:
    """Do nothing for this long."""
    time.sleep(seconds)


async def pause_async(seconds: float) -> None:
    """Do nothing for this long, and let others work meanwhile."""
    import asyncio

    await asyncio.sleep(seconds)


def finish_within(timeout_s: float, work: Callable[[], T]) -> T:
    """The result of the work, or RequestTimeoutError when it takes longer.

    The work runs in a thread of its own, because sockets cannot bound everything: looking up a
    host name has no time limit, and a server that sends one byte at a time meets every limit on
    reading. A thread that is given up on ends by itself and does not keep the process alive.
    """
    from concurrent.futures import Future
    from concurrent.futures import TimeoutError as NotYetError

    outcome: Future[T] = Future()
    context = contextvars.copy_context()

    def run() -> None:
        try:
            outcome.set_result(context.run(work))
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            outcome.set_exception(error)

    threading.Thread(target=run, name="harken-trigger", daemon=True).start()
    try:
        return outcome.result(timeout_s)
    except NotYetError:
        raise _too_late(timeout_s) from None


async def finish_within_async(timeout_s: float, work: Callable[[], Awaitable[T]]) -> T:
    """The result of the work, or RequestTimeoutError when it takes longer; it is cancelled then."""
    import asyncio

    try:
        return await asyncio.wait_for(work(), timeout_s)
    except asyncio.TimeoutError:
        raise _too_late(timeout_s) from None


def _too_late(timeout_s: float) -> RequestTimeoutError:
    return RequestTimeoutError(f"no complete answer within {timeout_s:g} s")
