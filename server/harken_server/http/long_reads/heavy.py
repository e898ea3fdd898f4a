"""Exports and other long reads take turns, so that what is submitted meanwhile is stored as ever.

A few run at once, of one workspace not more than half of them; as few wait, and whoever comes on
top of that is told when to try again. Downloads hold their turn for as long as they are read, so
they have turns of their own.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated, Literal, NamedTuple, TypeAlias
from uuid import UUID

import msgspec

from harken_server.http.connections.slow_readers import LEAST_BYTES
from harken_server.http.problems import RateLimitedError
from harken_server.kernel.settings import setting

WAIT_S = 10.0
"""A browser waits for so long without anybody wondering."""
RETRY_AFTER_S = 10
Kind: TypeAlias = Literal["download", "reckoning"]
"""`reckoning` is what is answered whole: scores, a results page."""


class HeavySettings(msgspec.Struct, kw_only=True, frozen=True):
    """How much is read at once beside what is submitted, and how slowly."""

    heavy_reads: Annotated[
        int,
        setting(
            "Exports that one process writes at once, and score and results pages that it reckons "
            "at once, 1 to 8. One workspace has at most half of them, and at least one.",
            low=1,
            high=8,
        ),
    ] = 2
    heavy_reads_waiting: Annotated[
        int,
        setting(
            "How many more of each wait for their turn, for up to 10 seconds, 0 to 1000; one "
            "workspace has at most half of them. Whoever comes on top gets 429.",
            low=0,
            high=1000,
        ),
    ] = 32
    slowest_reader: Annotated[
        int,
        setting(
            "Bytes of an answer that a client must take every 10 seconds, or it is cut off; "
            "0 is no limit.",
            low=0,
            high=10_000_000,
        ),
    ] = LEAST_BYTES


class TooManyReadsError(RateLimitedError):
    """As many long reads run and wait as may."""

    code = "too_many_reads"


class HeavyReads:
    """The turns of one process."""

    def __init__(self, settings: HeavySettings) -> None:
        self._turns = {kind: _Turns(settings) for kind in ("download", "reckoning")}

    @asynccontextmanager
    async def turn(self, kind: Kind, workspace_id: UUID) -> AsyncGenerator[None]:
        """Run the block when it is its turn; raises TooManyReadsError."""
        turns = self._turns[kind]
        await turns.take(workspace_id)
        try:
            yield
        finally:
            turns.give_back(workspace_id)


class _Waiting(NamedTuple):
    workspace_id: UUID
    turn: asyncio.Future[None]


class _Turns:
    def __init__(self, settings: HeavySettings) -> None:
        self._most, self._most_waiting = settings.heavy_reads, settings.heavy_reads_waiting
        self._running: Counter[UUID] = Counter()
        self._waiting: list[_Waiting] = []

    async def take(self, workspace_id: UUID) -> None:
        if self._has_room(workspace_id):
            self._running[workspace_id] += 1
            return
        own = sum(one.workspace_id == workspace_id for one in self._waiting)
        if len(self._waiting) >= self._most_waiting or own >= _half(self._most_waiting):
            raise _refusal(self._most)
        mine = _Waiting(workspace_id, asyncio.get_running_loop().create_future())
        self._waiting.append(mine)
        try:
            async with asyncio.timeout(WAIT_S):  # `wait_for` of Python 3.11 may forget a cancel
                await mine.turn
        except BaseException as error:
            if mine in self._waiting:
                self._waiting.remove(mine)
            else:  # it was this one's turn in the very moment in which it gave up
                self.give_back(workspace_id)
            if isinstance(error, TimeoutError):
                raise _refusal(self._most) from error
            raise

    def give_back(self, workspace_id: UUID) -> None:
        self._running[workspace_id] -= 1
        if not self._running[workspace_id]:
            del self._running[workspace_id]
        for one in list(self._waiting):
            if self._has_room(one.workspace_id) and not one.turn.done():
                self._waiting.remove(one)
                self._running[one.workspace_id] += 1
                one.turn.set_result(None)

    def _has_room(self, workspace_id: UUID) -> bool:
        is_room = self._running.total() < self._most
        return is_room and self._running[workspace_id] < _half(self._most)


def _half(most: int) -> int:
    """At least one, where there is any.

    >>> _half(0), _half(1), _half(2), _half(5)
    (0, 1, 1, 3)
    """
    return (most + 1) // 2


def _refusal(most: int) -> TooManyReadsError:
    return TooManyReadsError(
        f"Exports and other long reads take turns: {most} run at once, of one workspace "
        f"{_half(most)}, and as many wait as may (HARKEN_HEAVY_READS, "
        "HARKEN_HEAVY_READS_WAITING); try again.",
        retry_after_s=RETRY_AFTER_S,
    )
