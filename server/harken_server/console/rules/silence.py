"""A touchpoint gone silent: answers came steadily, and now none come."""

from __future__ import annotations

from collections.abc import Collection

SPAN = 28
"""Days, up to the last one with answers, by which it is judged how often they come."""
LOOKED_AT = 2 * SPAN + 1
"""Days up to today of which any tells something."""
LEAST_DAYS = 8
"""With answers, of the span: with fewer nobody can say what is usual."""
LEAST_QUIET = 3
"""Whole days without an answer: a long weekend is no news."""
CHANCE = 0.01
"""How likely the quiet may be by chance before anybody is told."""


def quiet_days(days: Collection[int], today: int) -> int | None:
    """Whole days since the last answer, where that is too long for chance; else None.

    `days` are those with answers, as proleptic ordinals; today, which is not over, is not counted.
    If answers come on k of 28 days, q quiet ones happen by chance with (1 - k/28) to the power of
    q. After as many quiet days as the span has it is no news any more.

    >>> quiet_days(range(100, 128), 131), quiet_days(range(100, 128, 2), 131)
    (3, None)
    """
    past = [day for day in days if day <= today]
    if not past:
        return None
    last = max(past)
    quiet = today - last - 1
    usual = len({day for day in past if day > last - SPAN})
    if usual < LEAST_DAYS or not LEAST_QUIET <= quiet <= SPAN:
        return None
    return quiet if (1 - usual / SPAN) ** quiet < CHANCE else None
