"""Guessing passwords is slow, and nobody locks anybody else out by it.

Every try takes of a budget of its address and of one of its network, before the password is looked
at; a right one gives back what it took. From a network in which somebody signed in before they have
a budget of their own, which strangers elsewhere cannot use up. What is answered depends on what was
typed alone, never on whether somebody has the address.

The database keeps what is used, so that all processes count together and a restart forgets nothing.
It names whoever tries by a digest, forgets what was forgiven, and keeps no more than `MOST_KEPT`:
beyond that, those who tried least are forgotten first.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import NamedTuple

from harken_server.database.database import Database, Transaction
from harken_server.http.limits import Budget
from harken_server.http.problems import RateLimitedError
from harken_server.http.runtime import Runtime
from harken_server.kernel.clock import Clock
from harken_server.workspaces.people.store import guesses
from harken_server.workspaces.people.store.guesses import Pace

REMEMBERED_FOR = timedelta(days=90)
"""So long after its last session there somebody's network is known."""
OF_ADDRESS = Budget("sign-ins with one address", 2, 10)
OF_NETWORK = Budget("sign-ins from one network", 10, 30)
OF_KNOWN_NETWORK = Budget("sign-ins with one address from where it is known", 6, 10)
OF_CODES = Budget("codes of a second factor", 1, 8)
OF_RESETS = Budget("requests for a new password for one address", 0.1, 3)
OF_RESETS_FROM = Budget("requests for a new password from one network", 1, 10)
MOST_KEPT = 5_000
FORGETS_EVERY = 50
"""Tries of one process: for each, two rows more than `MOST_KEPT` may be there until then."""


class Guesses:
    """What is used of all budgets, in the database that every process shares."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self.db = db
        self._clock = clock
        self._tries = 0

    async def take(self, budgets: tuple[tuple[Budget, str], ...]) -> int:
        """Count by each budget or by none: 0, or the seconds until all of them let one in."""
        now = int(self._clock().timestamp() * 1000)
        if self._tries % FORGETS_EVERY == 0:
            await self.db.atomic(lambda tx: guesses.forget(tx, now, MOST_KEPT))
        self._tries += 1
        # In one order for everybody, so that no two wait for one another.
        wanted = sorted((_digest(*each), _pace(each[0])) for each in budgets)

        async def count_all(tx: Transaction) -> None:
            waits = [await guesses.take(tx, digest, pace, now) for digest, pace in wanted]
            if any(waits):
                raise _Refused(max(waits))

        try:
            await self.db.atomic(count_all)
        except _Refused as refused:
            return -(-refused.wait_ms // 1000)
        return 0


class Try(NamedTuple):
    """A try that was counted, and by which budgets."""

    taken: tuple[tuple[Budget, str], ...]

    async def give_back(self, runtime: Runtime) -> None:
        """It was right, and so is none of those that are counted."""
        for budget, subject in self.taken:
            db = runtime.of(Guesses).db
            await guesses.give_back(db, _digest(budget, subject), _pace(budget))


class _Refused(Exception):  # noqa: N818  # Undoes what the other budgets counted.
    def __init__(self, wait_ms: int) -> None:
        self.wait_ms = wait_ms


async def count_sign_in(runtime: Runtime, email: str, network: str, *, is_known: bool) -> Try:
    """Count a try to sign in. Raises RateLimitedError."""
    if is_known:
        return await count(runtime, (OF_KNOWN_NETWORK, f"{email} {network}"))
    return await count(runtime, (OF_ADDRESS, email), (OF_NETWORK, network))


async def count(runtime: Runtime, *budgets: tuple[Budget, str]) -> Try:
    """Count by each budget, or by none of them. Raises RateLimitedError."""
    if wait_s := await runtime.of(Guesses).take(budgets):
        raise RateLimitedError(
            f"Too many tries. Wait {_words(wait_s)}, then try again.", retry_after_s=wait_s
        )
    return Try(budgets)


def _digest(budget: Budget, subject: str) -> str:
    """Whoever tries, however long their name, as the database knows them."""
    told = f"{budget.what} {subject}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(told).hexdigest()[:32]


def _pace(budget: Budget) -> Pace:
    each = round(60_000 / budget.a_minute)
    return Pace(each, each * (int(budget.at_once) - 1))


def _words(wait_s: int) -> str:
    return f"{wait_s} s" if wait_s < 120 else f"{-(-wait_s // 60)} minutes"
