"""Hands one queued delivery over, at most once, and writes down what became of it.

Everything that may stand against it is looked at when it is sent, not when it was queued. That it
is about to be handed over is committed before whoever carries it hears of it: a worker that dies
after that leaves `sending`, and whoever finds that makes it `unknown` and sends nothing.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncGenerator
from datetime import datetime
from uuid import UUID

import msgspec

from harken_server.database import outbox
from harken_server.database.database import Database, Transaction
from harken_server.database.locks import named_lock
from harken_server.database.outbox import OutboxItem
from harken_server.deliveries.channels import Sends
from harken_server.deliveries.rules import Delivery, DeliveryState, SendPayload
from harken_server.deliveries.sendable import Against, read_content, why_not
from harken_server.deliveries.sender import (
    Outgoing,
    RefusedError,
    Sender,
    UnknownOutcomeError,
    UnreachableError,
)
from harken_server.deliveries.store import deliveries
from harken_server.deliveries.times import (
    Limits,
    back_off,
    day_start,
    is_cap_reached,
    next_day,
    opens_at,
)
from harken_server.http.runtime import Runtime
from harken_server.kernel.clock import Clock
from harken_server.kernel.work_outcomes import Done, GiveUp, Later, Lost, Outcome
from harken_server.respondents.store.suppressions import suppress, suppress_address

log = logging.getLogger("harken.deliveries")
_LOST = "The worker was lost while it was being handed over; it is not sent again."


class Dispatcher:
    """Sends the deliveries of all workspaces on one channel."""

    def __init__(self, db: Database, sender: Sender, limits: Limits, *, clock: Clock) -> None:
        self._db = db
        self._sender = sender
        self._limits = limits
        self._clock = clock

    async def work(self, _: Runtime, item: OutboxItem) -> Outcome:
        """Send, as the worker calls it."""
        return await self.send(item)

    async def send(self, item: OutboxItem) -> Outcome:
        """Send the delivery that the item names, or say when to try again."""
        payload = msgspec.json.decode(item.payload, type=SendPayload)
        delivery = await deliveries.get_delivery(self._db, item.workspace_id, payload.delivery_id)
        if delivery is None:
            return GiveUp("There is no such delivery any more.")
        if delivery.state == "sending":
            return await self._give_up_for_lost(item, delivery)
        if delivery.state != "queued":
            return Done()
        now = self._clock()
        found = await why_not(self._db, delivery, now)
        if isinstance(found, Against):
            return await self._end(delivery, found)
        opens = opens_at(now, self._limits.window, found.timezone)
        if opens > now:
            return await self._wait(delivery, opens, "Waits for the hours in which it may be sent.")
        try:
            content = await read_content(self._db, delivery, found.survey_version)
            outgoing = self._sender.write(delivery, content, now)
        except ValueError as error:
            return await self._settle(delivery, "failed", error=f"Cannot be written: {error}.")
        return await self._hand_over(item, delivery, outgoing)

    async def _hand_over(self, item: OutboxItem, delivery: Delivery, outgoing: Outgoing) -> Outcome:
        started = False
        try:
            async with outgoing.connect() as hand_over:
                stopped = await self._start(item, delivery, outgoing.name)
                if stopped is not None:
                    return stopped
                started = True
                delivery = msgspec.structs.replace(
                    delivery, state="sending", attempts=delivery.attempts + 1
                )
                await hand_over()
        except RefusedError as error:
            return await self._refused(delivery, error, started=started)
        except UnreachableError as error:
            return await self._postpone(delivery, str(error), started=started)
        except UnknownOutcomeError as error:
            reason = f"The connection was lost after {error}. It is not sent again."
            return await self._settle(
                delivery, "unknown", error=reason, handed_over_at=self._clock()
            )
        return await self._settle(delivery, "sent", handed_over_at=self._clock())

    async def _start(self, item: OutboxItem, delivery: Delivery, name: str) -> Outcome | None:
        """Commit that it is being handed over; an outcome when it must not be after all."""
        now = self._clock()

        async def begin(tx: Transaction) -> Outcome | Against | datetime | None:
            if not await outbox.is_ours(tx, item):
                return Lost()
            found = await why_not(tx, delivery, now)
            if isinstance(found, Against):
                return found
            free_at = await _wait_for_cap(
                tx, delivery.workspace_id, delivery.channel, self._limits.daily_cap, now
            )
            if free_at is not None:
                return free_at
            is_started = await deliveries.start_sending(tx, delivery, now, message_id=name)
            return None if is_started else Done()

        stopped = await self._db.atomic(begin)
        if isinstance(stopped, Against):
            return await self._end(delivery, stopped)
        if isinstance(stopped, datetime):
            note = "Waits for the next day: the daily cap is reached."
            return await self._wait(delivery, stopped, note)
        return stopped

    async def _give_up_for_lost(self, item: OutboxItem, delivery: Delivery) -> Outcome:
        async with self._db.transaction() as tx:
            is_ours = await outbox.is_ours(tx, item)
        if not is_ours:
            return Lost()
        at = delivery.handed_over_at
        return await self._settle(delivery, "unknown", error=_LOST, handed_over_at=at)

    async def _refused(self, delivery: Delivery, error: RefusedError, *, started: bool) -> Outcome:
        if not error.is_final:
            return await self._postpone(delivery, str(error), started=started)
        if error.is_dead_address:
            await _suppress_recipient(self._db, delivery, self._clock())
        return await self._settle(
            delivery, "failed", error=f"Refused at {error}", is_attempt=not started
        )

    async def _postpone(self, delivery: Delivery, error: str, *, started: bool) -> Outcome:
        failures = delivery.attempts if started else delivery.attempts + 1
        pause = back_off(failures)
        if pause is None:
            reason = f"Given up after {failures} attempts: {error}"
            return await self._settle(delivery, "failed", error=reason, is_attempt=not started)
        return await self._wait(delivery, self._clock() + pause, error, is_attempt=not started)

    async def _wait(
        self, delivery: Delivery, due_at: datetime, note: str, *, is_attempt: bool = False
    ) -> Outcome:
        is_kept = await deliveries.postpone(
            self._db, delivery, due_at=due_at, error=note, is_attempt=is_attempt
        )
        return Later(due_at, note) if is_kept else Lost()

    async def _end(self, delivery: Delivery, against: Against) -> Outcome:
        return await self._settle(delivery, against.state, error=against.reason)

    async def _settle(
        self,
        delivery: Delivery,
        state: DeliveryState,
        *,
        error: str | None = None,
        handed_over_at: datetime | None = None,
        is_attempt: bool = False,
    ) -> Outcome:
        """Write down the end. What another worker took for unknown meanwhile is known here."""
        found_by_others = msgspec.structs.replace(delivery, state="unknown")
        seen = [delivery, found_by_others] if delivery.state == "sending" else [delivery]
        for before in seen:
            if await deliveries.settle(
                self._db, before, state, self._clock(),
                error=error, handed_over_at=handed_over_at, is_attempt=is_attempt,
            ):  # fmt: skip
                extra = {"delivery": str(delivery.id), "channel": delivery.channel}
                log.info("delivery", extra={**extra, "state": state, "attempts": delivery.attempts})
                return Done()
        return Lost()


@contextlib.asynccontextmanager
async def open_dispatcher(runtime: Runtime, sends: Sends) -> AsyncGenerator[Dispatcher | None]:
    """Sends on this channel; None when the settings let nothing be sent, and deliveries wait."""
    settings = runtime.settings
    if sends.waits_for(settings) is not None:
        yield None
        return
    async with sends.open(settings, runtime.signing_keys) as sender:
        yield Dispatcher(runtime.db, sender, sends.limits(settings), clock=runtime.clock)


async def _suppress_recipient(db: Database, delivery: Delivery, now: datetime) -> None:
    """Never ask the respondent of this delivery again, nor anybody at its address."""
    async with db.transaction() as tx:
        await suppress(
            tx,
            delivery.workspace_id,
            delivery.respondent,
            reason="bounced",
            now=now,
            new_id=delivery.id,
        )
        await suppress_address(
            tx, delivery.workspace_id, delivery.address, reason="bounced", now=now
        )


async def _wait_for_cap(
    tx: Transaction, workspace_id: UUID, channel: str, cap: int, now: datetime
) -> datetime | None:
    """When the cap lets another delivery through; None: now.

    Other workers wait at this point until the caller's transaction ends, so that none counts what
    another is about to send as not sent.
    """
    if cap <= 0:
        return None
    await named_lock(tx, workspace_id, f"{channel} cap")
    handed_over = await deliveries.count_handed_over(tx, workspace_id, channel, day_start(now))
    return next_day(now) if is_cap_reached(cap, handed_over) else None
