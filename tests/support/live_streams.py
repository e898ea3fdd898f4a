"""Following a survey in tests: the application in memory answers once a stream has ended."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import httpx

from harken_server.http.runtime import Runtime
from harken_server.insights.live.watching import LiveWatches


class Event(NamedTuple):
    """One event as it was sent."""

    name: str
    id: str
    data: Any


def events_in(text: str) -> list[Event]:
    """The events of a stream; comments and what names a time are none."""
    found: list[Event] = []
    for block in text.split("\n\n"):
        fields = dict(
            line.split(": ", 1) for line in block.splitlines() if line[:1] not in {"", ":"}
        )
        if "event" in fields:
            found.append(Event(fields["event"], fields.get("id", ""), json.loads(fields["data"])))
    return found


class Stream:
    """One connection."""

    def __init__(self, task: asyncio.Task[httpx.Response]) -> None:
        self._task = task

    async def events(self) -> list[Event]:
        """All that came, once the stream is over."""
        async with asyncio.timeout(20):
            reply = await self._task
        assert reply.status_code == 200, reply.text
        assert reply.headers["content-type"] == "text/event-stream; charset=utf-8"
        return events_in(reply.text)


@asynccontextmanager
async def open_stream(
    runtime: Runtime, http: httpx.AsyncClient, path: str, *, headers: dict[str, str] | None = None,
    **query: Any,
) -> AsyncGenerator[Stream]:  # fmt: skip
    """A connection that has begun."""
    watches = runtime.of(LiveWatches)
    before = watches.connections
    task = asyncio.create_task(http.get(path, params=query, headers=headers))
    try:
        for _ in range(5_000):
            if watches.connections > before or task.done():
                break
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.05)  # until it has said where it begins
        yield Stream(task)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def look(runtime: Runtime) -> None:
    """What happens once a second."""
    await runtime.of(LiveWatches).look()
