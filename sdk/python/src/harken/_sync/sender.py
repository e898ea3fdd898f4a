"""Sends triggers in the background from a thread. By hand: a thread is no task renamed."""

from __future__ import annotations

import queue
import random
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from harken._calls.trigger_calls import Outcome
from harken._triggers.background import CLOSING_S, Sender
from harken._triggers.backlog import Step

IDLE_S = 5.0
"""After which a thread without work ends."""


class TriggerSender(Sender):
    """Sends from a thread of its own, which does not keep the program alive.

    A worker of gevent replaces threads and locks by its own, perhaps after the client was made. A
    lock of the old kind would stop all that the worker does, so they are made anew.
    """

    def __init__(
        self, send: Callable[[Sequence[bytes]], tuple[Outcome, ...]], capacity: int
    ) -> None:
        self._send = send
        super().__init__(capacity)

    def flush(self, timeout_s: float) -> bool:
        """Wait until nothing waits any more, with an attempt at once; False when time ran out."""
        ends_at = time.monotonic() + timeout_s
        self.keep_up()
        self._hurry.set()
        with self._changed:
            self._start()
            if self._thread is not None or self.backlog.is_empty:
                return self._changed.wait_for(lambda: self.backlog.is_empty, timeout_s)
        return self._send_here(ends_at)

    def close(self, timeout_s: float = CLOSING_S) -> None:
        """Send what waits, for as long as that; then nothing is taken in any more."""
        self.keep_up()
        if not self.backlog.is_empty:
            self.flush(timeout_s)
        with self._changed:
            self.is_closed = True
            self.leave()
        self._wakes.put(None)
        self._hurry.set()

    def end_at_exit(self, timeout_s: float) -> None:
        """As `close`."""
        self.close(timeout_s)

    def renew(self) -> None:
        """Begin empty, with locks of its own."""
        super().renew()
        self._make_locks()

    def wake(self) -> None:
        """Start, or wake, whatever sends."""
        if self._is_asleep:
            self._wakes.put(None)
        if self._thread is None:
            with self._changed:
                self._start()

    def _make_locks(self) -> None:
        self._kind: Any = threading.Lock
        self._changed = threading.Condition()
        self._hurry = threading.Event()
        self._wakes: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._is_asleep = False
        self._thread: threading.Thread | None = None

    def keep_up(self) -> None:
        """A thread of the old kind finds that it is none any more, and ends."""
        super().keep_up()
        if threading.Lock is not self._kind:
            self._make_locks()

    def _start(self) -> None:
        """With the lock held. At the very end of a program no thread can be started any more."""
        if self.is_closed or not self.backlog.has_waiting:
            return
        if self._thread is not None and self._thread.is_alive():
            return
        thread = threading.Thread(
            target=self._run, args=(self._wakes,), name="harken-triggers", daemon=True
        )
        self._thread = thread
        try:
            thread.start()
        except RuntimeError:
            self._thread = None

    def _run(self, wakes: queue.SimpleQueue[None]) -> None:
        while self._sleep_until_work(wakes) and self._wakes is wakes:
            wait_s = self._send_once()
            if wait_s:
                self._hurry.wait(wait_s)
            self._hurry.clear()

    def _sleep_until_work(self, wakes: queue.SimpleQueue[None]) -> bool:
        """Whether there is work; False ends the thread.

        `put` looks at `_is_asleep` and `_thread` after it has added; here the entries are looked at
        after those were set. So one of the two always sees the other.
        """
        self._is_asleep = True
        ends_at = time.monotonic() + IDLE_S
        while not (self.backlog.has_waiting or self.is_closed):
            left_s = ends_at - time.monotonic()
            if left_s <= 0:
                break
            with suppress(queue.Empty):
                wakes.get(timeout=left_s)
        if self._wakes is not wakes:
            return False
        self._is_asleep = False
        with self._changed:
            if not self.is_closed and self.backlog.has_waiting:
                return True
            self._thread = None
            if self.is_closed or not self.backlog.has_waiting:
                return False
            self._thread = threading.current_thread()
        return True

    def _send_once(self) -> float:
        with self._changed:
            backlog, changed = self.backlog, self._changed
            batch = backlog.take()
        said: Sequence[Outcome] | Exception
        try:
            said = self._send([entry.body for entry in batch]) if batch else ()
        except Exception as error:  # noqa: BLE001 - judged by the backlog
            said = error
        with changed:
            step = Step() if self.is_closed else backlog.settle(batch, said, random.random())  # noqa: S311
            wait_s = self.tell(step)  # before anybody who flushes may end the program
            changed.notify_all()
        return wait_s

    def _send_here(self, ends_at: float) -> bool:
        while not self.backlog.is_empty and time.monotonic() < ends_at:
            wait_s = self._send_once()
            time.sleep(max(0.0, min(wait_s, ends_at - time.monotonic())))
        return self.backlog.is_empty
