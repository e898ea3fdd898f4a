"""Triggers that wait to be sent, and what becomes of them: no I/O, no clock, no chance of its own.

Whoever sends calls `take` and `settle` in turn; `put` may be called at any time, from any thread
and from a signal handler, and waits for nobody.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence

import msgspec

from harken import _errors as errors
from harken._calls.retry import RETRYABLE_STATUSES
from harken._calls.trigger_calls import MOST_BATCH_BYTES, TRIGGERS_AT_ONCE, Outcome
from harken._triggers.no_decision import describe, reason_for
from harken._types.decision import Decision, TriggerCounts

BASE_WAIT_S = 0.5
LONGEST_WAIT_S = 60.0
MOST_ATTEMPTS = 5
"""After which a trigger that makes the server fail, all by itself, is given up."""


class Entry(msgspec.Struct):
    """One trigger that waits."""

    touchpoint: str
    body: bytes
    attempts: int = 0
    """How often it made the server fail by itself."""


class Step(msgspec.Struct, frozen=True):
    """What follows from an attempt."""

    wait_s: float = 0.0
    """To wait before the next one."""
    notes: tuple[str, ...] = ()
    """To be logged as warnings; without anything that a respondent said."""


class Backlog:
    """A bounded queue that drops its oldest entries, and learns how many it may send at once.

    Up to 500 that are being sent are not counted, so that a new one never gives way to them.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._entries: deque[Entry] = deque()
        self._in_flight = 0
        self._limit = TRIGGERS_AT_ONCE
        self._failures = 0
        self._sent = self._refused = self._dropped = 0
        self._counting = threading.RLock()

    @property
    def has_waiting(self) -> bool:
        """Whether there is anything to take."""
        return bool(self._entries)

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits, and nothing is being sent."""
        return not self._entries and not self._in_flight

    def counts(self) -> TriggerCounts:
        """What became of everything so far."""
        return TriggerCounts(
            waiting=len(self._entries) + self._in_flight,
            sent=self._sent,
            refused=self._refused,
            dropped=self._dropped,
        )

    def put(self, entry: Entry) -> int | None:
        """Add one. How many were dropped so far, if that is worth saying again; else None."""
        self._entries.append(entry)
        return self._trim()

    def refuse(self) -> None:
        """Count one that cannot even be sent."""
        with self._counting:
            self._refused += 1

    def drop(self, count: int = 1) -> None:
        """Count those that are lost."""
        with self._counting:
            self._dropped += count

    def abandon(self) -> int:
        """Drop everything that waits; how many that were."""
        lost = len(self._entries) + self._in_flight
        self._entries.clear()
        self._in_flight = 0
        self.drop(lost)
        return lost

    def take(self) -> list[Entry]:
        """The next ones to send together; `settle` or `give_back` must follow."""
        taken: list[Entry] = []
        size = 0
        while len(taken) < self._limit:
            try:
                entry = self._entries.popleft()
            except IndexError:
                break
            size += len(entry.body) + 1
            if taken and size > MOST_BATCH_BYTES:
                self._entries.appendleft(entry)
                break
            taken.append(entry)
            self._in_flight = len(taken)
        return taken

    def give_back(self, batch: Sequence[Entry]) -> None:
        """Put them where they were: nothing was sent, or the outcome is unknown."""
        self._in_flight = 0
        self._entries.extendleft(reversed(batch))
        self._trim()

    def settle(
        self, batch: Sequence[Entry], said: Sequence[Outcome] | Exception, chance: float
    ) -> Step:
        """Take in how sending went; `chance`, in [0, 1), spreads those who try again."""
        if isinstance(said, Exception):
            return self._settle_failure(batch, said, chance)
        again: list[Entry] = []
        notes: list[str] = []
        for entry, outcome in zip(batch, said, strict=True):
            if isinstance(outcome, Decision):
                self._sent += 1
            elif self._may_come_again(entry, outcome):
                again.append(entry)
            else:
                notes.append(self._refusal(entry, outcome))
        self.give_back(again)
        if again:
            return Step(self._wait_s(None, chance), tuple(notes))
        self._failures = 0
        self._limit = min(TRIGGERS_AT_ONCE, self._limit * 2)
        return Step(notes=tuple(notes))

    def _settle_failure(self, batch: Sequence[Entry], error: Exception, chance: float) -> Step:
        reason = reason_for(error)
        is_own_fault = isinstance(error, errors.APIError) and error.status == 500
        if reason == "unauthorized" or (reason == "invalid" and len(batch) == 1):
            self._in_flight = 0
            return Step(notes=tuple(self._refusal(entry, error) for entry in batch))
        if reason == "invalid" or is_own_fault or isinstance(error, errors.RequestTimeoutError):
            self._limit = max(1, len(batch) // 2)
        if reason == "invalid":
            self.give_back(batch)
            return Step()
        if is_own_fault and len(batch) == 1 and not self._may_come_again(batch[0], error):
            self._in_flight = 0
            return Step(self._wait_s(error, chance), (self._refusal(batch[0], error),))
        self.give_back(batch)
        is_new = self._failures == 0
        note = f"{len(batch)} triggers wait for the server: {describe(error)}"
        return Step(self._wait_s(error, chance), (note,) if is_new else ())

    def _may_come_again(self, entry: Entry, error: Exception) -> bool:
        if not isinstance(error, errors.APIError) or error.status not in RETRYABLE_STATUSES:
            return False
        if error.status == 500:
            entry.attempts += 1
        return entry.attempts < MOST_ATTEMPTS

    def _refusal(self, entry: Entry, error: Exception) -> str:
        self.refuse()
        return f"trigger {entry.touchpoint[:64]!r} asked nobody: {describe(error)}"

    def _wait_s(self, error: Exception | None, chance: float) -> float:
        """Full jitter; what the server asks for is the least, and a minute the most."""
        self._failures = min(self._failures + 1, 10)
        wait = chance * min(LONGEST_WAIT_S, BASE_WAIT_S * 2**self._failures)
        asked = error.retry_after_s if isinstance(error, errors.APIError) else None
        return max(wait, min(asked or 0.0, LONGEST_WAIT_S))

    def _trim(self) -> int | None:
        dropped = None
        while len(self._entries) > self._capacity:
            try:
                self._entries.popleft()
            except IndexError:
                break
            self.drop()
            dropped = self._dropped
        if dropped is None or str(dropped).strip("0") != "1":
            return None
        return dropped
