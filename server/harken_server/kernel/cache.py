"""Values loaded once and kept for a while, however many ask for them at the same time."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

import msgspec

from harken_server.kernel.errors import OverloadedError, StorageError

MOST_ENTRIES = 2_000
PATIENCE_S = 0.25
"""How long a request waits for a new value when there is an old one to give instead."""
_FAILURE = (StorageError, OverloadedError, TimeoutError)
"""Failures that say nothing of the value: the old one may stand in."""

T = TypeVar("T")


class _Value(msgspec.Struct, Generic[T]):
    value: T
    due_at: float
    """When it is to be loaded again, by the monotonic clock."""
    ends_at: float
    """Until when it may stand in for one that cannot be loaded."""


class Cached(Generic[T]):
    """Loaded values kept for `fresh_s`; simultaneous misses load once. Holds `most` at most.

    With `stale_s` an older value is given for so long when loading a new one fails for trouble
    with storage, or takes longer than `PATIENCE_S`; the loading goes on behind it.
    """

    def __init__(self, fresh_s: float, *, stale_s: float = 0.0, most: int = MOST_ENTRIES) -> None:
        self._fresh_s = fresh_s
        self._stale_s = stale_s
        self._most = most
        self._values: OrderedDict[object, _Value[T]] = OrderedDict()
        self._loading: dict[object, tuple[float, asyncio.Task[T]]] = {}

    async def get(self, key: object, load: Callable[[], Awaitable[T]]) -> T:
        """The kept value while fresh, else a newly loaded one, else an old one that may stand in.

        Raises what the loading raised when there is no value to give instead.
        """
        now = time.monotonic()
        kept = self._values.get(key)
        if kept is not None and kept.due_at > now:
            return kept.value
        began, task = self._loading.get(key) or self._start(key, load)
        if kept is None or kept.ends_at <= now:
            return await asyncio.shield(task)
        await asyncio.wait({task}, timeout=max(0.0, began + PATIENCE_S - now))
        if not task.done() or task.cancelled() or isinstance(task.exception(), _FAILURE):
            return kept.value
        return task.result()

    def fresh(self, key: object) -> T | None:
        """The kept value, unless it is too old or not there."""
        kept = self._values.get(key)
        return kept.value if kept is not None and kept.due_at > time.monotonic() else None

    def knows(self, key: object) -> bool:
        """Whether there is a value, of whatever age, or one is being loaded."""
        return key in self._values or key in self._loading

    def keep(self, key: object, value: T) -> None:
        """Keep a value from now on; the oldest make room."""
        now = time.monotonic()
        due_at = now + self._fresh_s
        self._values[key] = _Value(value, due_at, due_at + self._stale_s)
        self._values.move_to_end(key)
        while len(self._values) > self._most:
            self._values.popitem(last=False)

    def forget(self, key: object) -> None:
        """Drop one value."""
        self._values.pop(key, None)

    def clear(self) -> None:
        """Drop all values; loads under way are not kept either."""
        self._values.clear()
        self._loading.clear()

    def _start(
        self, key: object, load: Callable[[], Awaitable[T]]
    ) -> tuple[float, asyncio.Task[T]]:
        task = asyncio.ensure_future(load())
        loading = time.monotonic(), task
        self._loading[key] = loading
        task.add_done_callback(lambda done: self._settle(key, done))
        return loading

    def _settle(self, key: object, done: asyncio.Task[T]) -> None:
        """Note what became of a load. After trouble the old value rests before the next try."""
        _, task = self._loading.get(key, (0.0, None))
        if task is not done:
            return
        del self._loading[key]
        if done.cancelled():
            return
        failure = done.exception()
        if failure is None:
            self.keep(key, done.result())
        elif not isinstance(failure, _FAILURE):
            self.forget(key)
        elif (kept := self._values.get(key)) is not None:
            kept.due_at = time.monotonic() + self._fresh_s
