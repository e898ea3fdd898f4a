"""Word of new answers for a page of results that is being read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from harken_server.http.declared import Arrival
from harken_server.http.packed import NOTHING
from harken_server.http.pages import Shown
from harken_server.insights.live.states import Followed
from harken_server.insights.live.streaming import Following, follow
from harken_server.insights.page.opened import OpenResults


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
