"""How many people did something after they answered, although some answered only just now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import hypot
from typing import NamedTuple

import msgspec

from harken_server.insights.rules.intervals import USUAL_LEVEL, share_interval

SOURCE = (
    "discrete-time hazard: Singer, Willett 1993, Journal of Educational Statistics 18(2), 155-195;"
    " variance: Greenwood 1926; interval: Wilson's with the n of that variance"
)


class Followed(NamedTuple):
    """A person after the answer."""

    periods: int
    """Whole periods that have passed since."""
    did: int | None
    """In which of them, from 1, it happened first; None: not so far."""


class Hazard(msgspec.Struct, kw_only=True, frozen=True):
    """One period after the answer."""

    period: int
    """From 1."""
    people: int
    """Who had not done it before, and whose period is over."""
    did: int
    """Of these, who did it in this period."""


class Rate(msgspec.Struct, kw_only=True, frozen=True):
    """Share of people who did it within the periods, in percent."""

    rate: float | None
    """None where nobody has been followed through all periods."""
    low: float | None
    high: float | None
    hazards: list[Hazard]


def rate_of(people: Iterable[Followed], periods: int, level: float = USUAL_LEVEL) -> Rate:
    """1 - Π(1 - dⱼ/nⱼ) over the periods, each of those who have lived through it.

    Somebody who answered only just now says nothing of periods that are not over, whether they
    did it or not, so that neither the quick nor the patient weigh more. Where a period has nobody
    left to tell of it, the share among those who have lived through all of them.

    >>> rate_of([Followed(2, 1), Followed(2, None), Followed(1, None), Followed(1, 1)], 2).rate
    50.0
    """
    everyone = list(people)
    hazards: list[Hazard] = []
    still, spread, is_known = 1.0, 0.0, True
    for period in range(1, periods + 1):
        at_risk = [
            each.did for each in everyone
            if each.periods >= period and (each.did is None or each.did >= period)
        ]  # fmt: skip
        done = sum(did == period for did in at_risk)
        n = len(at_risk)
        hazards.append(Hazard(period=period, people=n, did=done))
        if n > done:
            still *= 1 - done / n
            spread += done / (n * (n - done))
        elif still > 0 and n:
            still = 0.0
        else:
            is_known = is_known and still == 0
    whole = [each.did for each in everyone if each.periods >= periods]
    if not whole:
        return Rate(rate=None, low=None, high=None, hazards=hazards)
    if not is_known:  # nobody is left of whom a later period could tell
        still, spread = sum(did is None or did > periods for did in whole) / len(whole), 0.0
    low, high = _interval(1 - still, still * still * spread, len(whole), level)
    return Rate(rate=100 * (1 - still), low=100 * low, high=100 * high, hazards=hazards)


class RateDifference(msgspec.Struct, kw_only=True, frozen=True):
    """A rate less another, in points of percent."""

    by: float
    low: float
    high: float
    could_be_chance: bool
    """Whether the interval holds 0."""


def rate_difference(some: Rate, others: Rate) -> RateDifference | None:
    """By the squares of the distances to both intervals' ends; None where a rate is not known.

    Source: Zou and Donner 2008, Statistics in Medicine 27, 1693-1702.
    """
    here, there = _known(some), _known(others)
    if here is None or there is None:
        return None
    by = here[0] - there[0]
    low = by - hypot(here[0] - here[1], there[2] - there[0])
    high = by + hypot(here[2] - here[0], there[0] - there[1])
    return RateDifference(by=by, low=low, high=high, could_be_chance=low <= 0 <= high)


def _interval(rate: float, variance: float, followed: int, level: float) -> tuple[float, float]:
    size = followed if variance <= 0 else max(1, round(rate * (1 - rate) / variance))
    hits = rate * size
    low, high = share_interval(round(hits), size, level)
    shift = rate - round(hits) / size
    return max(0.0, min(rate, low + shift)), min(1.0, max(rate, high + shift))


def _known(rate: Rate) -> Sequence[float] | None:
    if rate.rate is None or rate.low is None or rate.high is None:
        return None
    return rate.rate, rate.low, rate.high
