"""How much is let in: one counter for everything that is counted, by address, key or subject.

What is counted are items, such as presses or answers, however many come in one request. Whatever
can be guessed has a small budget of its own, of which only wrong guesses take.
"""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

MAX_TRACKED = 50_000
_ROUNDING = 1e-6
"""Of an item: what a wait of whole seconds has let in may lack so much of it."""
_LOOPBACK = frozenset({"127.0.0.1", "::1", ""})


class Budget(NamedTuple):
    """So many of something at once, and so many a minute in the long run."""

    what: str
    """In the plural; budgets of different things are apart."""
    a_minute: float
    at_once: float


class Limits:
    """A token bucket for each budget and whoever uses it; those not seen for long are forgotten."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._buckets: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def wait_s(self, budget: Budget, who: str, items: int = 1) -> int:
        """Seconds until so many are let in, 0 for now; nothing is taken.

        More than there may ever be at once are let in by a full bucket, which then owes the rest.
        """
        missing = min(items, budget.at_once) - self._left(budget, who) - _ROUNDING
        return math.ceil(missing * 60 / budget.a_minute) if missing > 0 else 0

    def take(self, budget: Budget, who: str, items: int = 1) -> int:
        """Take so many, or none and say after how many seconds they are let in."""
        if wait := self.wait_s(budget, who, items):
            return wait
        self.spend(budget, who, items)
        return 0

    def spend(self, budget: Budget, who: str, items: int = 1) -> None:
        """Count what has happened already."""
        left = self._left(budget, who) - items
        self._buckets.pop((budget.what, who), None)
        self._buckets[budget.what, who] = (left, self._now())
        if len(self._buckets) > MAX_TRACKED:
            self._buckets.popitem(last=False)

    def _left(self, budget: Budget, who: str) -> float:
        left, since = self._buckets.get((budget.what, who), (budget.at_once, 0.0))
        return min(budget.at_once, left + (self._now() - since) * budget.a_minute / 60)


def is_loopback(address: str) -> bool:
    """Whether it is this machine, or a client that cannot be told from it."""
    return address in _LOOPBACK


def network_of(address: str) -> str:
    """What counts as one client: an address, and of IPv6 a /64."""
    if ":" not in address:
        return address
    try:
        return str(ipaddress.ip_network((address, 64), strict=False))
    except ValueError:
        return address
