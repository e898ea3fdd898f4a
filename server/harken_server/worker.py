"""The worker: does what was promised in the outbox, and what is due at intervals.

It runs inside the server, or beside it as `harken-server worker`; any number may run on one
PostgreSQL. An item is worked on under a lease that is renewed while the work goes on, so that the
work of a killed worker is taken over within `LEASE_S`; jobs that must not happen twice ask whether
the lease still holds in the transaction that says so (`database.outbox.is_ours`).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Mapping, Sequence
from uuid import UUID

from harken_server.database import outbox
from harken_server.database.outbox import OutboxItem
from harken_server.deliveries.channels import Channels, Job, Tick
from harken_server.deliveries.handing_over import open_dispatcher
from harken_server.deliveries.reminders import queue_reminders
from harken_server.deliveries.rules import send_kind
from harken_server.exports.jobs.asking import EXPIRE, WRITE
from harken_server.exports.jobs.running import expire_file, forget_files, write_file
from harken_server.http.runtime import Runtime
from harken_server.importers.receiving import FORGET, READ
from harken_server.importers.running import forget_import, forget_imports, read_file
from harken_server.kernel.errors import OverloadedError, StorageError
from harken_server.kernel.work_outcomes import (
    Done,
    Forgotten,
    GiveUp,
    Later,
    Lost,
    Outcome,
    WorkerSettings,
    after_failure,
)
from harken_server.programmes.run import run_programmes
from harken_server.responses.asked import collection_of
from harken_server.responses.dimensions import fill_dimensions
from harken_server.responses.escalating import review_promised
from harken_server.responses.small_groups import release_all
from harken_server.responses.store.erased import ERASED
from harken_server.responses.store.folding_sql import fold_counts
from harken_server.responses.store.reviews import REVIEW
from harken_server.workspaces.store.dimensions import FILL

log = logging.getLogger("harken.worker")

LEASE_S = 20.0
"""An item whose worker died is taken over after at most so long."""
POLL_S = 1.0
MOST_AT_ONCE = 8
"""Items of one kind worked on at the same time."""
FINISH_WITHIN_S = 15.0
"""When told to stop, work under way has so long to finish; the rest is left to its lease."""


async def remind(runtime: Runtime) -> None:
    """Queue the reminders that are due."""
    channels, now = runtime.of(Channels), runtime.clock()
    await queue_reminders(runtime.db, channels, now=now, new_id=runtime.new_id)


async def ask_members(runtime: Runtime) -> None:
    """Decide on the members of programmes whose turn has come."""
    channels, now = runtime.of(Channels), runtime.clock()
    await run_programmes(runtime.db, channels, now=now, random=runtime.random)


async def show_blocks(runtime: Runtime) -> None:
    """Show the answers of small groups that have waited long enough."""
    await release_all(collection_of(runtime))


async def fold_past_days(runtime: Runtime) -> None:
    """Join what several servers counted until the day before yesterday."""
    await fold_counts(runtime.db, before_day=runtime.clock().toordinal() - 1)


TICKS: tuple[Tick, ...] = (
    Tick("reminders", 300.0, remind),
    Tick("programmes", 60.0, ask_members),
    Tick("small groups", 3_600.0, show_blocks),
    Tick("counts", 86_400.0, fold_past_days),
)
"""What is done at intervals, and at the start, besides the ticks of the channels."""


async def forget_of_files(runtime: Runtime, item: OutboxItem) -> Outcome:
    """Somebody was erased: files of before go, those that were made and those that were brought."""
    await forget_imports(runtime, item)
    return await forget_files(runtime, item)


async def review(runtime: Runtime, item: OutboxItem) -> Done:
    """Review what a poor answer called for before the server stopped."""
    await review_promised(runtime.db, item, runtime.clock())
    return Done()


JOBS: dict[str, Job] = {
    FILL: fill_dimensions,
    REVIEW: review,
    WRITE: write_file,
    EXPIRE: expire_file,
    ERASED: forget_of_files,
    READ: read_file,
    FORGET: forget_import,
}
"""What is done for each kind of outbox item, besides the jobs of the channels."""


def ticks_of(channels: Channels) -> tuple[Tick, ...]:
    """Everything that is done at intervals."""
    return (*TICKS, *(tick for channel in channels for tick in channel.ticks))


def jobs_of(channels: Channels) -> dict[str, Job]:
    """What is done for each kind of outbox item, besides sending."""
    return JOBS | {kind: job for channel in channels for kind, job in channel.jobs.items()}


class Worker:
    """Works on outbox items by kind, and runs the ticks."""

    def __init__(
        self,
        runtime: Runtime,
        jobs: Mapping[str, Job],
        ticks: Sequence[Tick],
        *,
        lease_s: float = LEASE_S,
        poll_s: float = POLL_S,
        most: int = MOST_AT_ONCE,
    ) -> None:
        self._runtime = runtime
        self._jobs = jobs
        self._ticks = ticks
        self._lease_s = lease_s
        self._poll_s = poll_s
        self._most = most
        self._held: dict[UUID, OutboxItem] = {}

    async def run(self, stopping: asyncio.Event) -> None:
        """Work until told to stop; then finish what is under way."""
        renewing = asyncio.ensure_future(self._keep_leases())
        try:
            async with asyncio.TaskGroup() as group:
                for kind, job in self._jobs.items():
                    group.create_task(self._work_on(kind, job, stopping))
                for tick in self._ticks:
                    group.create_task(self._repeat(tick, stopping))
        finally:
            renewing.cancel()
            await asyncio.wait({renewing})

    async def run_once(self, limit: int = 100) -> int:
        """Work on what is due now, up to `limit` of each kind; how many there were."""
        done = 0
        for kind, job in self._jobs.items():
            items = await self._claim(kind, limit)
            done += len(items)
            turns = asyncio.Semaphore(self._most)
            await asyncio.gather(*(self._in_turn(turns, job, item) for item in items))
        return done

    async def run_ticks(self) -> None:
        """Run every tick once, now."""
        for tick in self._ticks:
            await tick.run(self._runtime)

    async def _work_on(self, kind: str, job: Job, stopping: asyncio.Event) -> None:
        told = asyncio.ensure_future(stopping.wait())
        under_way: set[asyncio.Task[None]] = set()
        while not stopping.is_set():
            free = self._most - len(under_way)
            items = await self._claim_calmly(kind, free)
            under_way |= {asyncio.create_task(self._work(job, item)) for item in items}
            patience = self._poll_s if len(items) < free else None
            _, under_way_or_reported = await asyncio.wait(
                {told, *under_way}, timeout=patience, return_when=asyncio.FIRST_COMPLETED
            )
            under_way &= under_way_or_reported
        if under_way:
            _, late = await asyncio.wait(under_way, timeout=FINISH_WITHIN_S)
            for task in late:
                task.cancel()

    async def _in_turn(self, turns: asyncio.Semaphore, job: Job, item: OutboxItem) -> None:
        async with turns:
            await self._work(job, item)

    async def _claim_calmly(self, kind: str, limit: int) -> list[OutboxItem]:
        """Claim nothing while storage is in trouble: the next round tries again."""
        try:
            return await self._claim(kind, limit)
        except Exception as error:  # noqa: BLE001  # the worker outlives whatever it is
            log.warning("cannot claim work", extra={"kind": kind, "reason": str(error)})
            return []

    async def _claim(self, kind: str, limit: int) -> list[OutboxItem]:
        """Take what is due; what this worker holds is left alone, even if the clock jumped."""
        db, now = self._runtime.db, self._runtime.clock()
        if limit <= 0 or not await outbox.is_due(db, now, kind):
            return []
        items = await outbox.claim_due(db, now, limit, self._lease_s, kind=kind)
        fresh = [item for item in items if item.id not in self._held]
        self._held |= {item.id: item for item in fresh}
        return fresh

    async def _work(self, job: Job, item: OutboxItem) -> None:
        try:
            outcome = await self._attempt(job, item)
            await self._write_down(item, outcome)
        except (StorageError, OverloadedError) as error:
            log.warning(
                "cannot write down what became of work; its lease will run out",
                extra={"kind": item.kind, "item": str(item.id), "reason": error.message},
            )
        finally:
            self._held.pop(item.id, None)

    async def _attempt(self, job: Job, item: OutboxItem) -> Outcome:
        try:
            return await job(self._runtime, item)
        except Exception as error:  # noqa: BLE001  # one bad item must not end the worker
            failure = f"{type(error).__name__}: {error}"
            log.warning(
                "work failed",
                extra={"kind": item.kind, "item": str(item.id), "reason": type(error).__name__},
            )
            return after_failure(item.attempts, self._runtime.clock(), failure)

    async def _write_down(self, item: OutboxItem, outcome: Outcome) -> None:
        db, now = self._runtime.db, self._runtime.clock()
        match outcome:
            case Done():
                await outbox.finish(db, item, now)
            case Forgotten():
                await outbox.forget(db, item)
            case Later(due_at, note):
                await outbox.fail(db, item, now, error=note, due_at=due_at)
            case GiveUp(reason):
                await outbox.fail(db, item, now, error=reason, due_at=None)
            case Lost():
                pass

    async def _keep_leases(self) -> None:
        while True:
            await asyncio.sleep(self._lease_s / 3)
            for item in list(self._held.values()):
                with contextlib.suppress(StorageError, OverloadedError):
                    await outbox.renew(self._runtime.db, item, self._runtime.clock(), self._lease_s)

    async def _repeat(self, tick: Tick, stopping: asyncio.Event) -> None:
        while not stopping.is_set():
            try:
                await tick.run(self._runtime)
            except Exception as error:  # noqa: BLE001  # the next time it may go better
                log.warning("tick failed", extra={"tick": tick.name, "reason": repr(error)})
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), tick.every_s)


@contextlib.asynccontextmanager
async def open_worker(runtime: Runtime) -> AsyncGenerator[Worker]:
    """A worker with all jobs of this process; it sends where the settings let it."""
    channels = runtime.of(Channels)
    jobs = jobs_of(channels)
    async with contextlib.AsyncExitStack() as stack:
        for channel, sends in channels.senders():
            dispatcher = await stack.enter_async_context(open_dispatcher(runtime, sends))
            if dispatcher is not None:
                jobs[send_kind(channel.name)] = dispatcher.work
        yield Worker(runtime, jobs, ticks_of(channels))


@contextlib.asynccontextmanager
async def working(runtime: Runtime) -> AsyncGenerator[None]:
    """Have a worker inside this process while the block runs, unless the settings say off."""
    if runtime.settings.of(WorkerSettings).worker == "off":
        yield
        return
    stopping = asyncio.Event()
    async with open_worker(runtime) as worker:
        task = asyncio.ensure_future(worker.run(stopping))
        try:
            yield
        finally:
            stopping.set()
            await task
