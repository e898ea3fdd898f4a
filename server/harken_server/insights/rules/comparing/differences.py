"""How far two scores are apart, and whether chance alone could have moved them so far."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot, sqrt
from typing import NamedTuple

from harken_server.insights.rules.estimates import Plain
from harken_server.insights.rules.intervals import USUAL_LEVEL
from harken_server.insights.rules.probability import two_sided
from harken_server.insights.rules.scores import Score


class Difference(NamedTuple):
    """A score less another one, in its unit, with an interval of the scores' level."""

    by: float
    low: float
    high: float
    p: float
    """Chance of a difference at least as large among answers that differ by chance alone."""
    level: float = USUAL_LEVEL

    @property
    def could_be_chance(self) -> bool:
        """Whether chance makes such a difference more often than 1 - `level`."""
        return self.p > 1 - self.level


def score_difference(now: Score, before: Score, *, least: int = 1) -> Difference | None:
    """None where either has fewer than `least` answers, or none: it is too early to compare.

    The interval is made of those of both scores, taken as independent, by the squares of the
    distances to their ends. Source: Newcombe 1998, Statistics in Medicine 17, 873-890 (method 10);
    for numbers other than shares Zou and Donner 2008, Statistics in Medicine 27, 1693-1702.
    The p-value is that of `chance_of`.
    """
    if min(now.n, before.n) < max(least, 1):
        return None
    here, there = _known(now), _known(before)
    if here is None or there is None:
        return None
    by = here.score - there.score
    return Difference(
        by=by,
        low=by - hypot(here.score - here.low, there.high - there.score),
        high=by + hypot(here.high - here.score, there.score - there.low),
        p=chance_of(now, before),
        level=now.level,
    )


def chance_of(some: Score, others: Score) -> float:
    """The two-sided p-value of the difference: all answers shuffled, how often is it as large?

    z = difference / √(s²·(1/n + 1/m)), with s² the variance of all N answers together, by N - 1:
    the normal form of the permutation test, which for shares is the N - 1 chi-squared test. Source:
    Pitman 1937, Supplement to the JRSS 4(1); Campbell 2007, Statistics in Medicine 26, 3661-3675.
    Of alike groups it calls 4 to 6 % different at 5 % from about 20 answers each; less of fewer,
    or where nearly all agree. 1 where either has no answers. Weighted answers are as many as
    they are worth.
    """
    if some.score is None or others.score is None:
        return 1.0
    return chance_between(
        Plain(some.score, some.variance or 0, some.worth),
        Plain(others.score, others.variance or 0, others.worth),
    )


def chance_between(some: Plain, others: Plain) -> float:
    """The same of numbers without intervals; both have answers."""
    n, m = some.n, others.n
    every = n + m
    by = some.value - others.value
    squares = some.variance * n + others.variance * m
    squares += n * m / every * by * by
    if squares <= 0:
        return 1.0
    spread = squares / (every - 1) * (1 / n + 1 / m)
    return two_sided(by / sqrt(spread))


def correct_many(chances: Sequence[float]) -> list[float]:
    """The p-values of several comparisons made at once, so that all are right together.

    Holm's step-down: the smallest times their number, the next times one less, and so on, never
    falling. Source: Holm 1979, Scandinavian Journal of Statistics 6(2), 65-70.

    >>> correct_many([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    corrected = [1.0] * len(chances)
    largest = 0.0
    for done, place in enumerate(sorted(range(len(chances)), key=chances.__getitem__)):
        largest = max(largest, min(1.0, chances[place] * (len(chances) - done)))
        corrected[place] = largest
    return corrected


class _Known(NamedTuple):
    score: float
    low: float
    high: float


def _known(score: Score) -> _Known | None:
    if score.score is None or score.low is None or score.high is None:
        return None
    return _Known(score.score, score.low, score.high)
