"""Triggers that wait at the same time are decided together, in one transaction.

While one group is being decided the next gathers: that is the whole batching, no artificial delay.
Two about the same respondent, or with the same idempotency key, are never decided at once.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Coroutine, Sequence
from typing import NamedTuple, TypeAlias
from uuid import UUID

from harken_server.asking.deciding import Undecided, decide_group
from harken_server.asking.inviting import Random
from harken_server.asking.occasions import DRAWN_BYTES, Occasion
from harken_server.asking.paces import PaceBook
from harken_server.asking.results import TriggerResult
from harken_server.database.database import Database, Transaction
from harken_server.database.failures import ConstraintError, overloaded
from harken_server.kernel.errors import ConflictError, OverloadedError, StorageError

GROUP_LIMIT = 64
LANES = 2
"""Groups at once: while one waits for the disk or the database, the other is worked on."""
LOOK_AHEAD = 512
"""How many of those waiting are looked at to make up a group."""
QUEUE_LIMIT = 2000

Outcome: TypeAlias = "TriggerResult | Undecided"
_Turn: TypeAlias = "tuple[UUID, str]"


class _Waiting(NamedTuple):
    occasion: Occasion
    turns: frozenset[_Turn]
    future: asyncio.Future[Outcome]


class TriggerDesk:
    """Takes triggers on one event loop. Lives as long as it has work: nothing to start or stop."""

    def __init__(
        self, db: Database, random: Random, paces: PaceBook, *, queue_limit: int = QUEUE_LIMIT
    ) -> None:
        self._db = db
        self._random = random
        self._paces = paces
        self._queue_limit = queue_limit
        self._queue: deque[_Waiting] = deque()
        self._taken: set[_Turn] = set()
        self._lanes = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def decide(self, occasion: Occasion) -> Outcome:
        """Decide with the next group; stored when it returns.

        REPEATED when the idempotency key has a decision. A caller who is cancelled while waiting
        loses only its own answer. OverloadedError when too many wait.
        """
        if len(self._queue) >= self._queue_limit:
            raise overloaded(self._queue_limit)
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        turns = frozenset((occasion.workspace_id, turn) for turn in occasion.turns)
        self._queue.append(_Waiting(occasion, turns, future))
        self._open_lane()
        return await future

    def _open_lane(self) -> None:
        if self._queue and self._lanes < LANES:
            self._lanes += 1
            self._start(self._serve())

    async def _serve(self) -> None:
        try:
            while group := self._next_group():
                await self._run(group)
        finally:
            self._lanes -= 1

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work, name="harken-triggers")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _next_group(self) -> list[_Waiting]:
        """Those of one workspace whose turn it can be, in their order; the others wait on."""
        # A turn is a respondent or an idempotency key; `_taken` are those being decided now. Who
        # is passed over blocks its turns too: a second trigger of a respondent must not overtake
        # the first, because the first one's asking is what makes the second one rest.
        group: list[_Waiting] = []
        passed: list[_Waiting] = []
        blocked: set[_Turn] = set()
        while self._queue and len(group) < GROUP_LIMIT and len(passed) < LOOK_AHEAD:
            one = self._queue.popleft()
            if one.future.done():  # cancelled by its caller
                continue
            is_near = not group or one.occasion.workspace_id == group[0].occasion.workspace_id
            if is_near and self._taken.isdisjoint(one.turns) and blocked.isdisjoint(one.turns):
                group.append(one)
                self._taken |= one.turns
            else:
                passed.append(one)
                blocked |= one.turns
        self._queue.extendleft(reversed(passed))
        return group

    async def _run(self, group: list[_Waiting], *, is_waiting: bool = False) -> None:
        try:
            outcomes = await self._decide([one.occasion for one in group], is_waiting=is_waiting)
        except Exception as error:  # noqa: BLE001  # handed to every caller
            await self._run_failed(group, error, is_waiting=is_waiting)
        except BaseException:
            for one in group:
                one.future.cancel()
            raise
        else:
            for one, outcome in zip(group, outcomes, strict=True):
                if outcome is Undecided.BUSY:
                    self._set_apart(one)
                else:
                    self._settle(one, outcome)

    async def _run_failed(
        self, group: list[_Waiting], error: Exception, *, is_waiting: bool
    ) -> None:
        """When one was bad, try each alone; when storage failed, say so to all."""
        if len(group) > 1 and not _is_trouble(error):
            for one in group:
                await self._run([one], is_waiting=is_waiting)
            return
        outcome = Undecided.REPEATED if _is_repeat(error) else None
        for one in group:
            self._settle(one, outcome or (_own(error) if len(group) > 1 else error))

    def _set_apart(self, one: _Waiting) -> None:
        """Wait for a turn that another process has, without holding up anybody else."""
        self._start(self._run([one], is_waiting=True))

    def _settle(self, one: _Waiting, outcome: Outcome | Exception) -> None:
        self._taken -= one.turns
        if not one.future.done():
            if isinstance(outcome, Exception):
                one.future.set_exception(outcome)
            else:
                one.future.set_result(outcome)
        self._open_lane()

    async def _decide(self, occasions: Sequence[Occasion], *, is_waiting: bool) -> list[Outcome]:
        drawn = self._random(DRAWN_BYTES * len(occasions))

        async def work(tx: Transaction) -> list[Outcome]:
            return await decide_group(
                tx,
                occasions,
                drawn=drawn,
                random=self._random,
                paces=self._paces,
                is_waiting=is_waiting,
            )

        return await self._db.atomic(work)


def _is_repeat(error: Exception) -> bool:
    return isinstance(error, ConflictError) and error.code == "decision_exists"


def _is_trouble(error: Exception) -> bool:
    """Whether it would be the same for each alone."""
    if isinstance(error, ConstraintError):
        return False
    if isinstance(error, StorageError):
        return error.code != "storage_busy"
    return isinstance(error, OverloadedError)


def _own(error: Exception) -> Exception:
    """An exception for one caller alone, so that tracebacks do not pile up on one."""
    if isinstance(error, (StorageError, OverloadedError)):
        own = type(error)(error.message, code=error.code)
        own.__cause__ = error.__cause__
        return own
    return error
