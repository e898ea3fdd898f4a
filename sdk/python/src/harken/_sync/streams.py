# Generated from _async/streams.py by tools/make_sync.py: edit that one.
# fmt: off
"""What comes one after the other: comments, and numbers as they change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Any

from harken._calls import export_calls, live_calls
from harken._errors import TransportError
from harken._types.comment import Comment
from harken._types.numbers.live import LiveChange

if TYPE_CHECKING:
    from harken._sync.connection import Connection

AGAIN_AFTER_S = 2.0
MOST_BREAKS = 20
"""Connections that are lost one after the other without a change between them."""


def stream_comments(
    connection: Connection, survey: str, wanted: Mapping[str, Any]
) -> Iterator[Comment]:
    """One after the other; a search looks through so many answers at a time."""
    before: str | None = None
    while True:
        page = connection.run(export_calls.list_comments(survey, before, wanted))
        for comment in page.comments:
            yield comment
        before = page.older
        if before is None:
            return


def follow_changes(
    connection: Connection, survey: str, wanted: Mapping[str, Any]
) -> Iterator[LiveChange]:
    """One change after the other; a lost connection goes on where it was."""
    # Imported here because it brings what imports of `harken` alone do without.
    from harken._sync.waiting import pause

    place, breaks, left = "", 0, wanted.get("events")
    while left != 0:
        reader, reason = live_calls.EventReader(), ""
        asked = {**wanted, "events": left}
        try:
            with closing(
                connection.stream(live_calls.follow(survey, place, asked))
            ) as pieces:
                for piece in pieces:
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
        pause(AGAIN_AFTER_S)
