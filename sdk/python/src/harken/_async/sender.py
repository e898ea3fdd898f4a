"""Sends triggers in the background from a task of the event loop."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from harken._calls.trigger_calls import Outcome
from harken._triggers.background import CLOSING_S, Sender
from harken._triggers.backlog import Entry, Step

if TYPE_CHECKING:
    import asyncio

_LOOK_AGAIN_S = 0.02
"""While another loop sends, which this one cannot wait for otherwise."""


class AsyncTriggerSender(Sender):
    """Sends from a task of the loop in which it was woken; one at a time, whatever loops there are.

    A loop that has ended or stands still has its task taken over by the next one that runs.
    """

    def __init__(
        self, send: Callable[[Sequence[bytes]], Awaitable[tuple[Outcome, ...]]], capacity: int
    ) -> None:
        self._send = send
        super().__init__(capacity)

    async def flush(self, timeout_s: float) -> bool:
        """Wait until nothing waits any more, with an attempt at once; False when time ran out."""
        import asyncio

        ends_at = time.monotonic() + timeout_s
        self.keep_up()
        self.wake(is_urgent=True)
        while (
            not self.backlog.is_empty and self._task and (left_s := ends_at - time.monotonic()) > 0
        ):
            if self._task.get_loop() is asyncio.get_running_loop():
                await asyncio.wait({self._task}, timeout=left_s)
                break
            await asyncio.sleep(min(left_s, _LOOK_AGAIN_S))
        return self.backlog.is_empty

    async def close(self, timeout_s: float = CLOSING_S) -> None:
        """Send what waits, for as long as that; then nothing is taken in any more."""
        self.keep_up()
        if not self.backlog.is_empty:
            await self.flush(timeout_s)
        self.is_closed = True
        await self._cancel()
        self.leave()

    async def end_loop(self) -> None:
        """Send what waits before the loop is closed, for up to two seconds.

        The loop closes its generators just now, and warns of new ones, which httpx makes for each
        answer and ends by itself; so it is not told of them.
        """
        if self.is_closed or self.backlog.is_empty:
            return
        sys.set_asyncgen_hooks(firstiter=None, finalizer=None)  # of this thread, until it ends
        await self.flush(CLOSING_S)
        await self._cancel()

    def end_at_exit(self, timeout_s: float) -> None:  # noqa: ARG002
        """Tell what is lost: the event loop is over."""
        self.keep_up()
        self.leave()

    def renew(self) -> None:
        """Begin empty, with locks of its own."""
        super().renew()
        self._task: asyncio.Task[None] | None = None
        self._hurry: asyncio.Event | None = None
        self._batch: list[Entry] = []

    def wake(self, *, is_urgent: bool = False) -> None:
        """Start, or wake, whatever sends."""
        import asyncio

        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # from a thread without one; else the next call from a loop sends it
            loop = None
        task = self._task
        if task is not None and not task.done() and task.get_loop().is_running():
            if task.get_loop() is loop:
                self._hasten(is_urgent=is_urgent)
            else:
                with suppress(RuntimeError):  # it ended this very moment
                    task.get_loop().call_soon_threadsafe(lambda: self.wake(is_urgent=is_urgent))
            return
        if loop is not None and not self.is_closed:
            self._take_over(loop)

    async def _cancel(self) -> None:
        import asyncio

        task, self._task = self._task, None
        if task and not task.done() and task.get_loop() is asyncio.get_running_loop():
            task.cancel()
            await asyncio.wait({task}, timeout=1)

    def _hasten(self, *, is_urgent: bool) -> None:
        if is_urgent and self._hurry is not None:
            self._hurry.set()

    def _take_over(self, loop: asyncio.AbstractEventLoop) -> None:
        import asyncio

        from harken._async.pools import at_end_of_loop

        if self._batch:  # was on its way in a loop that is no more
            batch, self._batch = self._batch, []
            self.backlog.give_back(batch)
        if self.backlog.has_waiting:
            at_end_of_loop(self, is_early=True)
            self._hurry = asyncio.Event()
            self._task = loop.create_task(self._run(self._hurry))

    async def _run(self, hurry: asyncio.Event) -> None:
        import asyncio

        while self.backlog.has_waiting and self._hurry is hurry:
            wait_s = self.tell(await self._send_once(hurry))
            if wait_s:
                with suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(hurry.wait(), wait_s)
            hurry.clear()

    async def _send_once(self, hurry: asyncio.Event) -> Step:
        backlog = self.backlog
        batch = self._batch = backlog.take()
        said: Sequence[Outcome] | Exception
        try:
            said = await self._send([entry.body for entry in batch])
        except Exception as error:  # noqa: BLE001 - judged by the backlog
            said = error
        except BaseException:
            if self._hurry is hurry:
                self._batch = []
                backlog.give_back(batch)
            raise
        if self._hurry is not hurry:
            return Step()  # another loop has taken over, and has these again
        self._batch = []
        return backlog.settle(batch, said, random.random())  # noqa: S311
