"""Long replies let other requests in: each piece of them is made in a turn of the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from export_lines import RECORD, SHOP, VERSIONS, Line, store_lines

from harken_server.database.database import Database
from harken_server.exports.csv import stream_csv
from harken_server.exports.jsonl import stream_jsonl
from harken_server.responses.response import CountFilter
from harken_server.surveys.answers.typed_rows import AnswerRow

SIZE = 400
MOST_A_TURN = 50


class Turns:
    """Counts the turns that somebody else gets while the block runs."""

    n = 0

    async def __aenter__(self) -> Turns:
        self._task = asyncio.create_task(self._count())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()

    async def _count(self) -> None:
        while True:
            self.n += 1
            await asyncio.sleep(0)


@pytest.mark.parametrize("stream", [stream_csv, stream_jsonl], ids=["csv", "jsonl"])
async def test_no_two_pieces_of_an_export_are_made_in_one_turn(
    database: Database, stream: Callable[..., AsyncIterator[bytes]]
) -> None:
    await store_lines(database, [_line(number) for number in range(1, SIZE + 1)])
    turns: list[int] = []
    lines: list[int] = []

    async with Turns() as others:
        async for piece in stream(database, SHOP, RECORD, VERSIONS, CountFilter()):
            turns.append(others.n)
            lines.append(piece.count(b"\n"))

    assert sum(lines) in {SIZE, SIZE + 1}
    assert max(lines) <= MOST_A_TURN + 1
    assert len(set(turns)) == len(turns)


def _line(number: int) -> Line:
    return Line(number, [AnswerRow("recommend", rating=9)])
