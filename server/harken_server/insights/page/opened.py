"""Results that somebody may see, what they asked to be shown, and word of new answers to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.http.declared import Arrival
from harken_server.http.long_reads.heavy import HeavyReads
from harken_server.http.packed import NOTHING
from harken_server.http.pages import Shown
from harken_server.http.runtime import Runtime
from harken_server.insights.live.states import Followed
from harken_server.insights.live.streaming import Following, follow
from harken_server.insights.page.selection import EVERYTHING, Selection
from harken_server.insights.rules.weighting.reports import Method
from harken_server.responses.response import CountFilter
from harken_server.surveys.catalog import LoadedSurvey
from harken_server.workspaces.people.rules import Reach


class Place(NamedTuple):
    """Where a survey's numbers are."""

    db: Database
    workspace_id: UUID
    survey_id: UUID


class OpenResults(msgspec.Struct, kw_only=True, frozen=True):
    """Results that somebody may see, what they asked to be shown, and word of new answers to it."""

    runtime: Runtime
    loaded: LoadedSurvey
    token: str = ""
    """Of the signed link; empty in the console."""
    path: str
    """Path of the page under the public address."""
    selection: Selection
    filter: CountFilter
    now: datetime
    question: str
    """Key of the question that a CSV file is about; empty for the page."""
    before: str | None
    """Cursor of older comments."""
    reads_comments: bool = True
    """Whether they may read what people wrote."""
    segments: tuple[tuple[str, str], ...] = ()
    """Key and title of each that can be chosen."""
    weights: tuple[tuple[Method, str], ...] = ()
    """By what the answers may be weighted: value and name of each."""
    refused: str = ""
    """Why the segment that was asked for narrows nothing."""
    reach: Reach = EVERYTHING
    """The only stores and touchpoints that they see; without any: everything."""

    @property
    def place(self) -> Place:
        """Where its numbers are."""
        return Place(self.runtime.db, self.loaded.workspace.id, self.loaded.record.id)


def turn_of(opened: OpenResults) -> AbstractAsyncContextManager[None]:
    """Results are reckoned a few at once."""
    return opened.runtime.of(HeavyReads).turn("reckoning", opened.loaded.workspace.id)


def followed_by(opened: OpenResults) -> Followed:
    """The numbers that the page shows."""
    return Followed(opened.runtime, opened.loaded, opened.filter)


async def follow_page(
    opened: OpenResults, arrival: Arrival, who: object, may_still: Callable[[], Awaitable[bool]]
) -> Shown:
    """The stream of the page with this filter, from the place that it was read at."""
    after = arrival.header("last-event-id") or arrival.said().get("after", "")
    following = Following(followed_by(opened), who, may_still, after, _events_in(arrival))
    return await follow(following) or NOTHING


def _events_in(arrival: Arrival) -> int | None:
    """After how many changes it ends, for who looks without a browser."""
    text = arrival.said().get("events", "")
    is_number = text.isascii() and text.isdecimal() and len(text) < 6
    return max(int(text), 1) if is_number else None
