"""Waiting, and ceasing to wait, in threads. By hand: a thread cannot be cancelled."""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYetError
from typing import TypeVar

from harken._errors import RequestTimeoutError
from harken._network import Address

T = TypeVar("T")


def pause(seconds: float) -> None:
    """Do nothing for this long."""
    time.sleep(seconds)


def finish_within(timeout_s: float, work: Callable[[], T]) -> T:
    """The result of the work, or RequestTimeoutError when it takes longer.

    The work runs in a thread of its own, because sockets cannot bound everything: looking up a
    host name has no time limit, and a server that sends one byte at a time meets every limit on
    reading. A thread that is given up on ends by itself and does not keep the process alive.
    """
    outcome: Future[T] = Future()
    context = contextvars.copy_context()  # what traces the caller goes on in the thread

    def run() -> None:
        try:
            outcome.set_result(context.run(work))
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            outcome.set_exception(error)

    threading.Thread(target=run, name="harken-trigger", daemon=True).start()
    try:
        return outcome.result(timeout_s)
    except NotYetError:
        raise RequestTimeoutError(f"no complete answer within {timeout_s:g} s") from None


def addresses_within(timeout_s: float | None, found: Future[list[Address]]) -> list[Address] | None:
    """What a look-up finds; None when it takes longer, and it goes on for others who ask."""
    try:
        return found.result(timeout_s)
    except NotYetError:
        return None
