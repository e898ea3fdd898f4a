"""A trigger: a touchpoint happened, so decide whether to ask, and record the decision.

Triggers that wait at the same time are decided together, in one transaction. While one group is
being decided the next gathers: that is the whole batching, no artificial delay.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Coroutine, Sequence
from datetime import datetime
from typing import NamedTuple, TypeAlias
from uuid import UUID

from harken_server.asking.deciding import Undecided, decide_group
from harken_server.asking.decision import TriggerResult
from harken_server.asking.explaining import recall
from harken_server.asking.requests import DRAWN_BYTES, Trigger, TriggerRequest, check_request
from harken_server.asking.store.decisions_sql import find_decision_by_key
from harken_server.asking.store.pace_sql import PaceBook
from harken_server.database.database import Database, Transaction
from harken_server.database.failures import ConstraintError, of_its_own, overloaded
from harken_server.deliveries.channels import Channels
from harken_server.kernel.errors import (
    ConflictError,
    InvalidInputError,
    OverloadedError,
    StorageError,
)
from harken_server.kernel.ids import Random
from harken_server.workspaces.store.workspaces import declared_channels

GROUP_LIMIT = 64
GROUPS_AT_ONCE = 2
"""While one waits for the disk or the database, the other is worked on."""
LOOK_AHEAD = 512
"""How many of those waiting are looked at to make up a group."""
QUEUE_LIMIT = 2000

_Outcome: TypeAlias = "TriggerResult | Undecided"
_Lock: TypeAlias = "tuple[UUID, str]"

log = logging.getLogger("harken.triggers")


async def trigger(
    db: Database,
    request: TriggerRequest,
    *,
    workspace_id: UUID,
    now: datetime,
    random: Random,
    channels: Channels,
    idempotency_key: str | None = None,
    queue: TriggerQueue | None = None,
    wave: str = "",
) -> TriggerResult:
    """Decide whether to ask, and record the decision and all that follows from it together.

    The same idempotency key with the same request gives the first decision and invitation for
    ever; with another request, ConflictError `idempotency_key_reused`. However many triggers for
    one respondent run at once, one invitation comes of them. InvalidInputError lists every problem.
    In a shared `queue` those that come together are decided together; `wave` is of a programme.
    """
    problems = check_request(request, idempotency_key, now=now)
    if channels.find(request.channel) is None:
        declared = await declared_channels(db, workspace_id)
        problems += channels.names.check(request.channel, declared)
    if problems:
        raise InvalidInputError("the trigger is not acceptable", tuple(problems))
    happened = Trigger(
        request=request,
        workspace_id=workspace_id,
        now=now,
        drawn=random(DRAWN_BYTES),
        idempotency_key=idempotency_key or request.idempotency_key,
        wave=wave,
    )
    result = await (queue or TriggerQueue(db, random, PaceBook(), channels)).decide(happened)
    if isinstance(result, Undecided):
        return await _tell_again(db, happened)
    _log_decision(result)
    return result


class TriggerQueue:
    """Takes triggers on one event loop. Lives as long as it has work: nothing to start or stop."""

    def __init__(
        self,
        db: Database,
        random: Random,
        paces: PaceBook,
        channels: Channels,
        *,
        queue_limit: int = QUEUE_LIMIT,
    ) -> None:
        self._db = db
        self._random = random
        self._paces = paces
        self._channels = channels
        self._queue_limit = queue_limit
        self._queue: deque[_Waiting] = deque()
        self._under_way: set[_Lock] = set()
        self._groups = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def decide(self, trigger: Trigger) -> _Outcome:
        """Decide with the next group; stored when it returns.

        REPEATED when the idempotency key has a decision. A caller who is cancelled while waiting
        loses only its own answer. OverloadedError when too many wait.
        """
        if len(self._queue) >= self._queue_limit:
            raise overloaded(self._queue_limit)
        future: asyncio.Future[_Outcome] = asyncio.get_running_loop().create_future()
        locks = frozenset((trigger.workspace_id, name) for name in trigger.locks)
        self._queue.append(_Waiting(trigger, locks, future))
        self._start_groups()
        return await future

    def _start_groups(self) -> None:
        if self._queue and self._groups < GROUPS_AT_ONCE:
            self._groups += 1
            self._start(self._serve())

    async def _serve(self) -> None:
        try:
            while group := self._next_group():
                await self._run(group)
        finally:
            self._groups -= 1

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work, name="harken-triggers")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _next_group(self) -> list[_Waiting]:
        """Of those that wait, in their order: one workspace, and no two with a lock in common."""
        group: list[_Waiting] = []
        passed: list[_Waiting] = []
        blocked: set[_Lock] = set()
        while self._queue and len(group) < GROUP_LIMIT and len(passed) < LOOK_AHEAD:
            one = self._queue.popleft()
            if one.future.done():  # cancelled by its caller
                continue
            is_near = not group or one.trigger.workspace_id == group[0].trigger.workspace_id
            # Disjoint from what this or another group decides about now, so that two triggers of
            # one respondent see each other; and from what was passed over, so that a later one of
            # that respondent does not overtake it.
            if is_near and self._under_way.isdisjoint(one.locks) and blocked.isdisjoint(one.locks):
                group.append(one)
                self._under_way |= one.locks
            else:
                passed.append(one)
                blocked |= one.locks
        self._queue.extendleft(reversed(passed))
        return group

    async def _run(self, group: list[_Waiting], *, is_waiting: bool = False) -> None:
        try:
            outcomes = await self._decide([one.trigger for one in group], is_waiting=is_waiting)
        except Exception as error:  # noqa: BLE001  # handed to every caller
            await self._run_failed(group, error, is_waiting=is_waiting)
        except BaseException:
            for one in group:
                one.future.cancel()
            raise
        else:
            for one, outcome in zip(group, outcomes, strict=True):
                if outcome is Undecided.BUSY:
                    # Wait for a lock that another process has, without holding up anybody else.
                    self._start(self._run([one], is_waiting=True))
                else:
                    self._settle(one, outcome)

    async def _run_failed(
        self, group: list[_Waiting], error: Exception, *, is_waiting: bool
    ) -> None:
        """When one was bad, try each alone; when storage failed, say so to all."""
        if len(group) > 1 and not _fails_all(error):
            for one in group:
                await self._run([one], is_waiting=is_waiting)
            return
        is_repeat = isinstance(error, ConflictError) and error.code == "decision_exists"
        outcome = Undecided.REPEATED if is_repeat else None
        for one in group:
            self._settle(one, outcome or (of_its_own(error) if len(group) > 1 else error))

    def _settle(self, one: _Waiting, outcome: _Outcome | Exception) -> None:
        self._under_way -= one.locks
        if not one.future.done():
            if isinstance(outcome, Exception):
                one.future.set_exception(outcome)
            else:
                one.future.set_result(outcome)
        self._start_groups()

    async def _decide(self, triggers: Sequence[Trigger], *, is_waiting: bool) -> list[_Outcome]:
        async def work(tx: Transaction) -> list[_Outcome]:
            return await decide_group(
                tx,
                triggers,
                random=self._random,
                paces=self._paces,
                channels=self._channels,
                is_waiting=is_waiting,
            )

        return await self._db.atomic(work)


class _Waiting(NamedTuple):
    trigger: Trigger
    locks: frozenset[_Lock]
    future: asyncio.Future[_Outcome]


async def _tell_again(db: Database, trigger: Trigger) -> TriggerResult:
    """What was decided for the idempotency key; ConflictError if for another request."""
    key, workspace_id = trigger.idempotency_key, trigger.workspace_id
    earlier = None if key is None else await find_decision_by_key(db, workspace_id, key)
    if earlier is None:
        raise ConflictError("this trigger was decided already", code="decision_exists")
    if earlier.request_digest != trigger.digest:
        raise ConflictError(
            f"idempotency key {key!r} was used for another trigger",
            code="idempotency_key_reused",
        )
    return await recall(db, earlier, is_repeat=True)


def _log_decision(result: TriggerResult) -> None:
    """One line a decision, without the respondent; reasons are codes of `asking.rules.reasons`."""
    if not log.isEnabledFor(logging.INFO):
        return
    decision = result.decision
    log.info(
        "decided",
        extra={
            "touchpoint": decision.touchpoint,
            "survey": result.survey_key,
            "channel": decision.channel,
            "reason": decision.reason,
            "decision": str(decision.id),
        },
    )


def _fails_all(error: Exception) -> bool:
    """Whether it would be the same for each alone."""
    if isinstance(error, ConstraintError):
        return False
    if isinstance(error, StorageError):
        return error.code != "storage_busy"
    return isinstance(error, OverloadedError)
