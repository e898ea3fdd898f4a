"""Who follows which survey: one look at a survey a second, however many follow it.

A change is reckoned once for all who follow the same numbers. Nobody has a queue: whoever is slow
gets the latest state when they are ready for it, and what came in between is added up.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Literal, TypeAlias
from uuid import UUID

from harken_server.database.lanes import Positions
from harken_server.http.problems import RateLimitedError
from harken_server.insights.live.settings import LiveSettings
from harken_server.insights.live.states import Followed, LiveState, reckon, start_of
from harken_server.kernel.errors import NotFoundError, OverloadedError, StorageError
from harken_server.responses.store.positions_sql import last_positions
from harken_server.surveys.catalog import Catalog

log = logging.getLogger("harken.live")

LOOK_EVERY_S = 1.0
MOST_OF_ONE = 20
"""Connections with one key, one link or one session."""
RETRY_AFTER_S = 30
Reason: TypeAlias = Literal["closed", "removed", "stopping"]


class TooManyLiveError(RateLimitedError):
    """One key, link or session has as many connections as it may."""

    code = "too_many_live"


class LiveWatches:
    """All that is followed in one process."""

    def __init__(
        self, settings: LiveSettings, pause: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        self._most = settings.live_connections
        self._pause = pause or _pause
        self._watches: dict[UUID, _Watch] = {}
        self._of: Counter[object] = Counter()
        self._is_ending = False

    @contextlib.asynccontextmanager
    async def following(self, followed: Followed, who: object) -> AsyncGenerator[View]:
        """The numbers to follow while the block runs. OverloadedError and TooManyLiveError when
        there are too many."""
        self._admit(who)
        self._of[who] += 1
        try:
            watch = self._watches.setdefault(followed.loaded.record.id, _Watch())
            view = watch.join(followed)
            try:
                await watch.begin(view, self._pause)
                yield view
            finally:
                watch.leave(view)
                if not watch.views and self._watches.get(followed.loaded.record.id) is watch:
                    del self._watches[followed.loaded.record.id]
        finally:
            self._of[who] -= 1
            if not self._of[who]:
                del self._of[who]

    async def look(self) -> None:
        """Look at all that is followed, now."""
        for watch in list(self._watches.values()):
            await watch.look()

    def end(self) -> None:
        """The server is about to stop: all connections end, and none begins."""
        self._is_ending = True
        for watch in self._watches.values():
            watch.end("stopping")

    @property
    def connections(self) -> int:
        """How many there are."""
        return self._of.total()

    def _admit(self, who: object) -> None:
        if self._is_ending or self.connections >= self._most:
            raise OverloadedError(
                f"This process tells as many of new responses as it may ({self._most}, "
                "HARKEN_LIVE_CONNECTIONS), or is about to stop; ask for scores instead.",
                code="too_many_live",
            )
        if self._of[who] >= MOST_OF_ONE:
            raise TooManyLiveError(
                f"With one key, link or session {MOST_OF_ONE} connections are told of new "
                "responses at once; close another one first.",
                retry_after_s=RETRY_AFTER_S,
            )


class View:
    """Numbers that somebody follows: the latest state, and word of the next."""

    def __init__(self, followed: Followed, watch: _Watch) -> None:
        self.followed = followed
        self.readers = 0
        self.start: Positions | int | None = None
        self._watch = watch
        self._state: LiveState | None = None
        self._changed = asyncio.Event()

    @property
    def state(self) -> LiveState:
        """The latest."""
        if self._state is None:
            raise AssertionError("nothing was reckoned yet")
        return self._state

    @property
    def over(self) -> Reason | None:
        """Why nothing more comes."""
        return self._watch.over

    async def changed(self, within_s: float) -> bool:
        """Wait for another state, or the end; False when there was none for so long."""
        try:
            async with asyncio.timeout(within_s):
                await self._changed.wait()
        except TimeoutError:
            return False
        return True

    async def reckon(self, now: Positions) -> None:
        """Look at the numbers again."""
        if self.start is None:
            self.start = await start_of(self.followed, now)
        found = await reckon(self.followed, self.start, now)
        old = self._state
        if old is None or (found.came, found.scores) != (old.came, old.scores):
            self._state = found
            self.wake()

    def wake(self) -> None:
        """Have all who wait look."""
        self._changed.set()
        self._changed = asyncio.Event()


class _Watch:
    """One survey."""

    def __init__(self) -> None:
        self.views: dict[str, View] = {}
        self.over: Reason | None = None
        self._positions: Positions | None = None
        self._version = 0
        self._looking = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    def join(self, followed: Followed) -> View:
        view = self.views.setdefault(repr(followed.chosen), View(followed, self))
        view.readers += 1
        return view

    def leave(self, view: View) -> None:
        view.readers -= 1
        if not view.readers:
            del self.views[repr(view.followed.chosen)]
        if not self.views and self._task is not None:
            self._task.cancel()

    async def begin(self, view: View, pause: Callable[[], Awaitable[None]]) -> None:
        async with self._looking:
            if view.start is None:
                await view.reckon(await self._read_positions(view))
        if self._task is None:
            self._task = asyncio.create_task(self._follow(pause))

    async def look(self) -> None:
        async with self._looking:
            for view in list(self.views.values())[:1]:
                await self._look(view)

    def end(self, reason: Reason) -> None:
        self.over = reason
        for view in self.views.values():
            view.wake()

    async def _look(self, one: View) -> None:
        runtime, loaded, _ = one.followed
        try:
            loaded = await runtime.of(Catalog).by_id(loaded.workspace.id, loaded.record.id)
        except NotFoundError:
            return self.end("removed")
        now = await self._read_positions(one)
        if (now, loaded.record.version) != (self._positions, self._version):
            for view in list(self.views.values()):
                view.followed = view.followed._replace(loaded=loaded)
                await view.reckon(now)
            self._positions, self._version = now, loaded.record.version
        if loaded.record.status == "closed":
            self.end("closed")
        return None

    async def _read_positions(self, view: View) -> Positions:
        runtime, loaded, _ = view.followed
        return await last_positions(runtime.db, loaded.workspace.id, loaded.record.id)

    async def _follow(self, pause: Callable[[], Awaitable[None]]) -> None:
        while self.over is None:
            await pause()
            try:
                await self.look()
            except (StorageError, OverloadedError) as error:
                log.warning("could not look for new responses", extra={"error": str(error)})


async def _pause() -> None:
    await asyncio.sleep(LOOK_EVERY_S)
