"""Server-sent events: a survey's numbers as they change, over one connection.

Each event `change` has an id, from which a client goes on that was cut off (Last-Event-ID). The
event `end` says why nothing more comes. A comment every 15 seconds keeps proxies from hanging up.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import NamedTuple

import msgspec

from harken_server.http.fast import RawHeaders
from harken_server.http.long_reads.downloads import Download, held_open
from harken_server.insights.live.states import Followed, LiveChange, LiveState, came_since
from harken_server.insights.live.watching import LiveWatches, View

HEARTBEAT_S = 15.0
EVENT_STREAM = "text/event-stream"
BEGIN = b"retry: 5000\n\n"
"""Milliseconds until a browser comes back that was cut off."""
BEAT = b": still here\n\n"
MOST_EVENTS = 100_000
_HEADERS: RawHeaders = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"private, no-store, no-transform"),
    (b"x-accel-buffering", b"no"),
)
"""The last one has nginx pass on what comes when it comes."""


class Following(NamedTuple):
    """Who follows what, and since when."""

    followed: Followed
    who: object
    """By which connections are counted: a key, a link, a session."""
    may_still: Callable[[], Awaitable[bool]]
    """Whether they may read it yet: asked before each event, and with each sign of life."""
    after: str
    """The place where they were; empty: at the beginning."""
    events: int | None = None
    """After so many changes it ends."""


async def follow(following: Following) -> Download | None:
    """The stream; None for a survey that is closed, which is answered with 204: browsers that get
    it do not come back.

    Raises BadRequestError for no place, OverloadedError and TooManyLiveError.
    """
    followed = following.followed
    if followed.loaded.record.status == "closed":
        return None
    async with AsyncExitStack() as stack:
        watches = followed.runtime.of(LiveWatches)
        view = await stack.enter_async_context(watches.following(followed, following.who))
        new: int | None = 0
        if following.after:
            is_there = following.after == view.state.place
            new = None if is_there else await came_since(followed, following.after, view.state)
        return held_open(_events(following, view, new), _HEADERS, stack.pop_all())


async def _events(following: Following, view: View, new: int | None) -> AsyncGenerator[bytes]:
    key, seen, left = following.followed.loaded.record.key, view.state, following.events
    yield BEGIN
    if new is not None:
        yield _event(key, seen, new)
        left = None if left is None else left - 1
    while left != 0:
        state = view.state
        if state is not seen:
            if not await following.may_still():
                break
            yield _event(key, state, max(state.came - seen.came, 0))
            seen, left = state, None if left is None else left - 1
        elif view.over is not None:
            yield _end(view.over)
            return
        elif not await view.changed(HEARTBEAT_S):
            if not await following.may_still():
                break
            yield BEAT
    yield _end("enough" if left == 0 else "revoked")


def _event(key: str, state: LiveState, new: int) -> bytes:
    data = msgspec.json.encode(LiveChange(survey=key, new=new, scores=[*state.scores]))
    return b"id: %s\nevent: change\ndata: %s\n\n" % (state.place.encode(), data)


def _end(reason: str) -> bytes:
    return b"event: end\ndata: %s\n\n" % msgspec.json.encode({"reason": reason})
