"""Guessing passwords is slow, and nobody locks anybody else out by it.

Every try takes of a budget of its address and of one of its network, before the password is looked
at; a right one gives back what it took. From a network in which somebody signed in before they have
a budget of their own, which strangers elsewhere cannot use up. What is answered depends on what was
typed alone, never on whether somebody has the address.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import NamedTuple

from harken_server.http.limits import Budget
from harken_server.http.problems import RateLimitedError
from harken_server.http.runtime import Runtime

REMEMBERED_FOR = timedelta(days=90)
"""So long after its last session there somebody's network is known."""
OF_ADDRESS = Budget("sign-ins with one address", 2, 10)
OF_NETWORK = Budget("sign-ins from one network", 10, 30)
OF_KNOWN_NETWORK = Budget("sign-ins with one address from where it is known", 6, 10)
OF_CODES = Budget("codes of a second factor", 1, 8)
OF_RESETS = Budget("requests for a new password for one address", 0.1, 3)
OF_RESETS_FROM = Budget("requests for a new password from one network", 1, 10)


class Try(NamedTuple):
    """A try that was counted, and by which budgets."""

    taken: tuple[tuple[Budget, str], ...]

    def give_back(self, runtime: Runtime) -> None:
        """It was right, and so is none of those that are counted."""
        for budget, subject in self.taken:
            runtime.limits.spend(budget, subject, -1)


def count_sign_in(runtime: Runtime, email: str, network: str, *, is_known: bool) -> Try:
    """Count a try to sign in. Raises RateLimitedError."""
    address = short(email)
    if is_known:
        return count(runtime, (OF_KNOWN_NETWORK, f"{address} {network}"))
    return count(runtime, (OF_ADDRESS, address), (OF_NETWORK, network))


def count(runtime: Runtime, *budgets: tuple[Budget, str]) -> Try:
    """Count by each budget, or by none of them. Raises RateLimitedError."""
    wait_s = max(runtime.limits.wait_s(budget, subject) for budget, subject in budgets)
    if wait_s:
        raise RateLimitedError(
            f"Too many tries. Wait {_words(wait_s)}, then try again.", retry_after_s=wait_s
        )
    for budget, subject in budgets:
        runtime.limits.spend(budget, subject)
    return Try(budgets)


def short(email: str) -> str:
    """An address however long, as a budget knows it."""
    return hashlib.sha256(email.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _words(wait_s: int) -> str:
    return f"{wait_s} s" if wait_s < 120 else f"{-(-wait_s // 60)} minutes"
