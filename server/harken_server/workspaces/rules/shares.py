"""Shares of the members of a dimension among all whom answers are to speak for."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

MOST_MEMBERS = 500
"""That have a share."""


def as_shares(numbers: Mapping[str, float]) -> dict[str, float] | str:
    """Each number as a part of their sum, or what is wrong with them.

    >>> as_shares({"pro": 1, "free": 3})
    {'pro': 0.25, 'free': 0.75}
    """
    for member, number in numbers.items():
        if not member:
            return "a member has no name."
        if not (isfinite(number) and number > 0):
            return f"the share of {member} is {number:g}; it must be more than 0."
    if len(numbers) > MOST_MEMBERS:
        return f"more than {MOST_MEMBERS} members have a share."
    total = sum(numbers.values())
    if not isfinite(total) or len(numbers) < 2:
        return "two members or more have a share."
    return {member: number / total for member, number in numbers.items()}
