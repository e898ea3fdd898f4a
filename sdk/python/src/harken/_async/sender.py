"""Sends triggers in the background from a task of the event loop."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from harken._calls.trigger_calls import Outcome
from harken._triggers.background import CLOSING_S, Sender
from harken._triggers.backlog import Step

if TYPE_CHECKING:
    import asyncio


class AsyncTriggerSender(Sender):
    """Sends from a task of the running event loop; to be used from that loop alone."""

    def __init__(
        self, send: Callable[[Sequence[bytes]], Awaitable[tuple[Outcome, ...]]], capacity: int
    ) -> None:
        self._send = send
        super().__init__(capacity)

    async def flush(self, timeout_s: float) -> bool:
        """Wait until nothing waits any more, with an attempt at once; False when time ran out."""
        import asyncio

        if self._hurry is not None:
            self._hurry.set()
        self.wake()
        if self._task is not None and timeout_s > 0:
            await asyncio.wait({self._task}, timeout=timeout_s)
        return self.backlog.is_empty

    async def close(self, timeout_s: float = CLOSING_S) -> None:
        """Send what waits, for as long as that; then nothing is taken in any more."""
        import asyncio

        if not self.backlog.is_empty:
            await self.flush(timeout_s)
        self.is_closed = True
        task, self._task = self._task, None
        if task is not None and not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=1)
        self.leave()

    def end_at_exit(self, timeout_s: float) -> None:  # noqa: ARG002
        """Tell what is lost: the event loop is over."""
        self.leave()

    def renew(self) -> None:
        """Begin empty, with locks of its own."""
        super().renew()
        self._task: asyncio.Task[None] | None = None
        self._hurry: asyncio.Event | None = None

    def wake(self) -> None:
        """Start, or wake, whatever sends."""
        import asyncio

        if self._task is not None and not self._task.done():
            return
        if self.is_closed or not self.backlog.has_waiting:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # called from elsewhere; the next call from the loop sends it
            return
        self._hurry = asyncio.Event()
        self._task = loop.create_task(self._run(self._hurry))

    async def _run(self, hurry: asyncio.Event) -> None:
        import asyncio

        while self.backlog.has_waiting:
            wait_s = self.tell(await self._send_once())
            if wait_s:
                with suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(hurry.wait(), wait_s)
            hurry.clear()

    async def _send_once(self) -> Step:
        backlog = self.backlog
        batch = backlog.take()
        said: Sequence[Outcome] | Exception
        try:
            said = await self._send([entry.body for entry in batch])
        except Exception as error:  # noqa: BLE001 - judged by the backlog
            said = error
        except BaseException:
            backlog.give_back(batch)
            raise
        return backlog.settle(batch, said, random.random())  # noqa: S311
