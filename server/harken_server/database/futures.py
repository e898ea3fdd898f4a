"""Carry results from a thread back to the event loops that wait for them.

One wake-up per loop and delivery, however many futures it settles: with one per future, waking
the loop would cost more than storing the row.
"""

from __future__ import annotations

import asyncio
from typing import Any, TypeAlias

from harken_server.database.failures import of_its_own

Outcome: TypeAlias = "tuple[Pending, Any, BaseException | None]"


class Pending:
    """The future of one caller, on the loop that the caller runs on."""

    __slots__ = ("future", "loop")

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.future: asyncio.Future[Any] = self.loop.create_future()


def deliver(outcomes: list[Outcome]) -> bool:
    """Settle futures from any thread; False when a loop was closed and could not be told."""
    loops: dict[asyncio.AbstractEventLoop, list[Outcome]] = {}
    for outcome in outcomes:
        loops.setdefault(outcome[0].loop, []).append(outcome)
    is_settled = True
    for loop, its_outcomes in loops.items():
        try:
            loop.call_soon_threadsafe(_settle, its_outcomes)
        except RuntimeError:  # the loop is closed: nobody waits any more
            is_settled = False
    return is_settled


def fail_all(replies: list[Pending], error: BaseException) -> None:
    """Give each caller an exception of its own."""
    deliver([(reply, None, of_its_own(error)) for reply in replies])


def _settle(outcomes: list[Outcome]) -> None:
    for reply, result, error in outcomes:
        future = reply.future
        if future.done():  # cancelled by its caller
            continue
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)
