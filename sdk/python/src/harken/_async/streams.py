"""What comes one after the other: comments, and numbers as they change."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from harken._calls import export_calls, live_calls
from harken._errors import TransportError
from harken._types.comment import Comment
from harken._types.numbers.live import LiveChange

if TYPE_CHECKING:
    from harken._async.connection import AsyncConnection

AGAIN_AFTER_S = 2.0
MOST_BREAKS = 20
"""Connections that are lost one after the other without a change between them."""


async def stream_comments(
    connection: AsyncConnection, survey: str, wanted: Mapping[str, Any]
) -> AsyncIterator[Comment]:
    """One after the other; a search looks through so many answers at a time."""
    before: str | None = None
    while True:
        page = await connection.run(export_calls.list_comments(survey, before, wanted))
        for comment in page.comments:
            yield comment
        before = page.older
        if before is None:
            return


async def follow_changes(
    connection: AsyncConnection, survey: str, wanted: Mapping[str, Any]
) -> AsyncIterator[LiveChange]:
    """One change after the other; a lost connection goes on where it was."""
    # Imported here because it brings what imports of `harken` alone do without.
    from harken._async.waiting import pause

    place, breaks, left = "", 0, wanted.get("events")
    while left != 0:
        reader, reason = live_calls.EventReader(), ""
        asked = {**wanted, "events": left}
        try:
            async with aclosing(
                connection.stream(live_calls.follow(survey, place, asked))
            ) as pieces:
                async for piece in pieces:
                    for event in reader.read(piece):
                        if isinstance(event, live_calls.Ending):
                            reason = event.reason
                            continue
                        place, breaks = event.place, 0
                        left = None if left is None else left - 1
                        yield event
        except TransportError:
            breaks += 1
            if breaks >= MOST_BREAKS:
                raise
        else:
            if reason in {"closed", "removed", "enough"} or not reader.has_begun:
                return
        await pause(AGAIN_AFTER_S)
