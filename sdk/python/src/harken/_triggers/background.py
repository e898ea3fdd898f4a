"""Triggers that are sent in the background: what the thread and the task have in common.

`put` never waits and never raises. A thread or task runs only while there is something to send, and
a little longer. In a process that forks off, everything begins anew and empty: what the parent had
waiting is sent by the parent.
"""

from __future__ import annotations

import atexit
import logging
import os
import sys
import time
from typing import Any
from weakref import WeakSet

from harken._calls.trigger_calls import trigger_body
from harken._errors import ConfigError
from harken._ids import new_id
from harken._triggers.backlog import Backlog, Entry, Step
from harken._triggers.no_decision import describe
from harken._types.decision import TriggerCounts

CLOSING_S = 2.0
"""For what still waits when a client is closed, or the program ends."""

_log = logging.getLogger("harken")


class Sender:
    """What both kinds have in common: taking triggers in, and telling what became of them."""

    def __init__(self, capacity: int) -> None:
        if capacity < 1:
            raise ConfigError(f"max_waiting must be at least 1, not {capacity}")
        self._capacity = capacity
        self.is_closed = False
        self.renew()
        _all.add(self)

    @property
    def counts(self) -> TriggerCounts:
        """What became of everything given to `put` in this process."""
        self.keep_up()
        return self.backlog.counts()

    def put(self, touchpoint: str, fields: dict[str, Any]) -> None:
        """Take one in, with the keywords of a trigger. Never raises, and waits for nothing."""
        try:
            fields["idempotency_key"] = fields.get("idempotency_key") or new_id()
            entry = Entry(str(touchpoint), trigger_body(touchpoint, **fields))
        except Exception as error:  # noqa: BLE001 - asking a customer must not break the caller
            self.backlog.refuse()
            _log.warning("trigger %.64r asked nobody: invalid (%s)", touchpoint, describe(error))
            return
        try:
            self._take_in(entry)
        except Exception as error:  # noqa: BLE001 - as above; it stays in the queue
            _log.warning("triggers cannot be sent in the background: %s", describe(error))

    def end_at_exit(self, timeout_s: float) -> None:
        """The program ends: send what can be sent, and tell how many are lost."""
        raise NotImplementedError

    def _take_in(self, entry: Entry) -> None:
        self.keep_up()
        if self.is_closed:
            self.backlog.drop()
            if self.backlog.counts().dropped == 1:
                _log.warning("a trigger was dropped: the client is closed")
            return
        _see_to_children()
        dropped = self.backlog.put(entry)
        if dropped is not None:
            _log.warning("%d triggers were dropped: more than %d wait", dropped, self._capacity)
        self.wake()

    def wake(self) -> None:
        """Something was added: see to it that it is sent."""
        raise NotImplementedError

    def renew(self) -> None:
        """Begin empty: at first, and in a process that forked off."""
        self._process = os.getpid()
        self.backlog = Backlog(self._capacity)

    def keep_up(self) -> None:
        """In a process that forked off begin anew: the parent's threads may hold locks for ever.

        Nobody tells of the fork: uWSGI and other programs in C do not call Python's own hooks.
        """
        if self._process != os.getpid():
            self.renew()

    def tell(self, step: Step) -> float:
        """Log what there is to say; how long to wait before the next attempt."""
        for note in step.notes:
            _log.warning("%s", note)
        return step.wait_s

    def leave(self) -> None:
        """Give up what still waits, and say how many that are."""
        lost = self.backlog.abandon()
        if lost:
            _log.warning("%d triggers were not sent before the client was closed", lost)


_all: WeakSet[Sender] = WeakSet()


def _end_all() -> None:
    """Two seconds for all clients together."""
    ends_at = time.monotonic() + CLOSING_S
    for sender in list(_all):
        sender.end_at_exit(max(0.0, ends_at - time.monotonic()))


_seen_to: set[tuple[int, str]] = set()


def _see_to_children() -> None:
    """Children of `multiprocessing`, and of Celery's copy of it, end without exit handlers.

    They have a list of their own, which is emptied at their beginning: so it is looked at when a
    trigger is taken in.
    """
    for name in ("multiprocessing.util", "billiard.util"):
        util = sys.modules.get(name)
        if util is not None and (os.getpid(), name) not in _seen_to:
            _seen_to.add((os.getpid(), name))
            util.Finalize(None, _end_all, exitpriority=0)


atexit.register(_end_all)
