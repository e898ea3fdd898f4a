"""Long reads take turns: so many at once, so many that wait, and nobody keeps a turn for ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from harken_server.http.long_reads import heavy
from harken_server.http.long_reads.heavy import HeavyReads, HeavySettings, TooManyReadsError

SHOP, OTHER, THIRD = uuid4(), uuid4(), uuid4()


class Reading:
    """Reads that began, and that end when they are told."""

    def __init__(self, reads: HeavyReads) -> None:
        self._reads = reads
        self.begun: list[object] = []
        self.tasks: list[asyncio.Task[None]] = []
        self.ends: list[asyncio.Event] = []

    async def start(self, workspace_id: object) -> asyncio.Task[None]:
        ended = asyncio.Event()
        self.ends.append(ended)
        self.tasks.append(asyncio.create_task(self._read(workspace_id, ended)))
        await settle()
        return self.tasks[-1]

    async def end(self, number: int) -> None:
        self.ends[number].set()
        await settle()

    async def _read(self, workspace_id: Any, ended: asyncio.Event) -> None:
        async with self._reads.turn("download", workspace_id):
            self.begun.append(workspace_id)
            await ended.wait()


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


@pytest.fixture
async def reading() -> AsyncIterator[Reading]:
    opened = Reading(HeavyReads(HeavySettings(heavy_reads=2, heavy_reads_waiting=4)))
    yield opened
    for task in opened.tasks:
        task.cancel()
    await asyncio.gather(*opened.tasks, return_exceptions=True)


async def test_one_workspace_has_half_of_the_turns_and_leaves_the_rest(reading: Reading) -> None:
    for workspace in (SHOP, SHOP, OTHER, THIRD):
        await reading.start(workspace)

    assert reading.begun == [SHOP, OTHER]


async def test_whoever_waits_comes_in_order_when_there_is_room(reading: Reading) -> None:
    for workspace in (SHOP, OTHER, THIRD, SHOP):
        await reading.start(workspace)
    await reading.end(0)
    await reading.end(1)

    assert reading.begun == [SHOP, OTHER, THIRD, SHOP]


async def test_a_full_queue_refuses_at_once_and_says_when_to_try_again(reading: Reading) -> None:
    tasks = [await reading.start(one) for one in (SHOP, SHOP, SHOP, SHOP, OTHER)]

    with pytest.raises(TooManyReadsError, match="HARKEN_HEAVY_READS_WAITING"):
        await tasks[3]
    assert TooManyReadsError.retry_after_s > 0
    assert reading.begun == [SHOP, OTHER]


async def test_who_waits_too_long_is_refused_and_holds_nothing(
    reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heavy, "WAIT_S", 0.01)
    await reading.start(SHOP)

    with pytest.raises(TooManyReadsError):
        await (await reading.start(SHOP))
    await reading.end(0)
    await reading.start(SHOP)

    assert reading.begun == [SHOP, SHOP]


async def test_who_gives_up_in_the_moment_of_its_turn_gives_the_turn_back(
    reading: Reading,
) -> None:
    await reading.start(SHOP)
    waiting = await reading.start(SHOP)
    reading.ends[0].set()
    while len(reading.begun) == 1 and not waiting.done():
        waiting.cancel()
        await asyncio.sleep(0)
    await settle()
    await reading.start(SHOP)

    assert reading.begun[-1] == SHOP
    assert waiting.cancelled()


async def test_scores_do_not_wait_for_downloads() -> None:
    reads = HeavyReads(HeavySettings(heavy_reads=1, heavy_reads_waiting=0))

    async with reads.turn("download", SHOP), reads.turn("reckoning", SHOP):
        with pytest.raises(TooManyReadsError):
            await reads.turn("download", SHOP).__aenter__()
