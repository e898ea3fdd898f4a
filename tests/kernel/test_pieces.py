"""Long work in pieces: nothing is lost, and others get their turn."""

from __future__ import annotations

import asyncio
import time

from hypothesis import given
from hypothesis import strategies as st

from harken_server.kernel.pieces import BUSY_S, pieces_of


@given(st.lists(st.integers()), st.integers(1, 7))
def test_pieces_together_are_the_whole(items: list[int], size: int) -> None:
    async def collect() -> list[list[int]]:
        return [list(piece) async for piece in pieces_of(items, size)]

    pieces = asyncio.run(collect())

    assert [item for piece in pieces for item in piece] == items
    assert all(1 <= len(piece) <= size for piece in pieces)


async def test_who_waits_gets_a_turn_after_each_piece() -> None:
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    seen = [(piece, turns) async for piece in pieces_of("abcdef", 2)]
    task.cancel()

    assert seen == [("ab", 0), ("cd", 1), ("ef", 2)]


async def test_it_steps_back_where_others_work_in_between() -> None:
    served = 0

    async def serve() -> None:
        nonlocal served
        while True:
            served += 1
            time.sleep(2 * BUSY_S)  # noqa: ASYNC251  # work, of which there is always more
            await asyncio.sleep(0)

    task = asyncio.create_task(serve())
    pieces = [piece async for piece in pieces_of("abcdef", 2)]
    task.cancel()

    assert pieces == ["ab", "cd", "ef"]
    assert served > 2 * len(pieces)
