"""The chart that Harken uses unless another is asked for: few false alarms, and early right ones.

Each period is judged as on its day, by what came before it. Two rules share the false alarms, of
which there is one in a hundred years of a touchpoint at most:

- `shift`, which has 95 % of them: the likelihood ratio of a level that is `STEP` of the range lower
  or higher since some day, against none, as a CUSUM (Page 1954; no rule with as few false alarms
  finds such a shift sooner: Moustakides 1986, Annals of Statistics 14(4), 1379-1387). What is usual
  is only known from the answers before that day, so these count as a sample too.
- `rare`, which has the rest: one period that is too far out, by an exact test or a saddlepoint.

Where periods vary more than chance lets them both are as much less sure (Laney 2002).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log, sqrt

import msgspec

from harken_server.insights.rules.control.charts import blank
from harken_server.insights.rules.control.levels import (
    Level,
    dispersion,
    is_overdispersed,
    level_of,
    shares_of,
)
from harken_server.insights.rules.control.records import ControlPoint, Observed
from harken_server.insights.rules.control.tails import mean_tail
from harken_server.insights.rules.figures import show_number
from harken_server.insights.rules.probability import normal_quantile

STEP = 0.05
"""Of the range: ten points of NPS, five percentage points, 0.2 on five points."""
YEARS = 100
SHIFTS = 0.95
"""Of the false alarms; the rest are rare periods."""
MARGIN = 2.0
"""Times as long, for what the approximations leave out."""
LEARNING = 100
"""Answers before the first judgement."""
_LOOK_FURTHER = 3.0
"""Standard errors from which on a period's rarity is computed."""


class _Sums:
    """Of answers: how many, their sum and the sum of their squares."""

    __slots__ = ("n", "squares", "total")

    def __init__(self, n: int = 0, total: float = 0.0, squares: float = 0.0) -> None:
        self.n, self.total, self.squares = n, total, squares

    def add(self, other: _Sums) -> None:
        self.n += other.n
        self.total += other.total
        self.squares += other.squares

    def level(self) -> Level:
        if not self.n:
            return Level(0, 0.0, 0.0)
        mean = self.total / self.n
        return Level(self.n, mean, max(0.0, self.squares / self.n - mean * mean))

    def without(self, some: _Sums) -> Level:
        rest = _Sums(self.n - some.n, self.total - some.total, self.squares - some.squares)
        return rest.level()


class _Run:
    """The answers since a shift may have begun, to one side."""

    def __init__(self, side: int) -> None:
        self.side = side
        self.reset()

    def reset(self) -> None:
        self.since, self.sums, self.evidence = "", _Sums(), 0.0


class Watch:
    """Judges one period after another."""

    def __init__(self, span: float, per_year: float, more: float = 1.0) -> None:
        """`span` is the range of the score; `more` how much more periods vary than by chance."""
        self._step, self._periods, self._more = STEP * span, MARGIN * YEARS * per_year, more
        self._rare_below = (1 - SHIFTS) / self._periods / 2
        self._rare_errors = -normal_quantile(self._rare_below)
        self._counts: dict[float, int] = {}
        self._all = _Sums()
        self._seen = 0
        self._runs = (_Run(1), _Run(-1))

    def judge(self, point: Observed) -> ControlPoint:
        """What is to be said of the next period."""
        if not point.n:
            return blank(point)
        usual = self._all.level()
        if usual.n < LEARNING or usual.variance <= 0:
            self._add(point)
            return blank(point)
        rarity = self._rarity(point, usual)
        half = self._rare_errors * self._more * usual.error(point.n) * sqrt(1 + point.n / usual.n)
        run = self._shift(point)
        charted = ControlPoint(
            period=point.period, value=point.mean, n=point.n, centre=usual.mean,
            low=usual.mean - half, high=usual.mean + half,
            statistic=self._runs[0].evidence, statistic_down=self._runs[1].evidence,
        )  # fmt: skip
        if run is not None:
            return self._start_again(charted, run)
        if rarity is not None and rarity < self._rare_below:
            return _say_rare(charted, rarity, usual)
        return charted

    def _add(self, point: Observed) -> _Sums:
        own = _sums_of(point)
        self._seen += 1
        self._all.add(own)
        for value, n in point.counts.items():
            self._counts[value] = self._counts.get(value, 0) + n
        return own

    def _rarity(self, point: Observed, usual: Level) -> float | None:
        """Chance of one period as far out, on its side; None of an ordinary one."""
        stretch = self._more * sqrt(1 + point.n / usual.n)
        if abs(point.mean - usual.mean) < _LOOK_FURTHER * stretch * usual.error(point.n):
            return None
        shares = shares_of(self._counts)
        centre = sum(value * share for value, share in shares.items())
        return mean_tail(shares, point.n, centre + (point.mean - centre) / stretch)

    def _shift(self, point: Observed) -> _Run | None:
        """The side whose evidence is over its limit with this period."""
        own = self._add(point)
        for run in self._runs:
            run.since = run.since or point.period
            run.sums.add(own)
            before = self._all.without(run.sums)
            run.evidence = self._evidence(before, run.sums.level(), run.side)
            if run.evidence > 0 and run.evidence > self._limit(before):
                return run
            # Longer than what it is compared with it can become no surer.
            if run.evidence <= 0 or run.sums.n >= before.n:
                run.reset()
        return None

    def _evidence(self, before: Level, since: Level, side: int) -> float:
        """Logarithm of the likelihood ratio, what is usual being known from `before` alone."""
        if not before.n or before.variance <= 0:
            return 0.0
        gap = side * (since.mean - before.mean)
        both = before.n * since.n / (before.n + since.n)
        variance = before.variance * self._more * self._more
        return self._step * (gap - self._step / 2) * both / variance

    def _limit(self, before: Level) -> float:
        """So that chance takes as many periods as wished, on average, to get there.

        Siegmund's approximation of a CUSUM's run length, (e^u - u - 1) / 2k² = length with u =
        2k · (limit + 1.166) (Siegmund 1985, Sequential Analysis, 2.53), solved for the limit.
        """
        a_period = self._all.n / self._seen
        twice_k = self._step * sqrt(a_period) / (before.deviation * self._more)
        wished = 2 * self._periods / SHIFTS * twice_k * twice_k / 2
        u = log(wished + 2)
        for _ in range(6):
            u -= (exp(u) - u - 1 - wished) / (exp(u) - 1)
        return max(1.0, u - 1.166 * twice_k)

    def _start_again(self, charted: ControlPoint, run: _Run) -> ControlPoint:
        """What is since the shift is what is usual from now on."""
        why = _say_shift(run, self._all.without(run.sums), _decimals(self._step))
        self._all, self._seen = run.sums, 1
        kept = self._all.n / max(1, sum(self._counts.values()))
        self._counts = {value: round(n * kept) for value, n in self._counts.items()}
        for each in self._runs:
            each.reset()
        return msgspec.structs.replace(
            charted, is_out=True, rule="shift", p=1 / self._periods, why=why
        )


def watch(points: Sequence[Observed], span: float, per_year: float) -> list[ControlPoint]:
    """All periods, each by those before it; how much they vary besides is taken from all."""
    judging = Watch(span, per_year, spread_beyond_chance(points))
    return [judging.judge(point) for point in points]


def spread_beyond_chance(points: Sequence[Observed]) -> float:
    """Laney's sigma of z where periods plainly vary more than by chance; else 1."""
    level = level_of(points)
    return max(1.0, dispersion(points, level)) if is_overdispersed(points, level) else 1.0


def _sums_of(point: Observed) -> _Sums:
    own = _Sums()
    for value, n in point.counts.items():
        own.n += n
        own.total += n * value
        own.squares += n * value * value
    return own


def _say_shift(run: _Run, before: Level, decimals: int) -> str:
    since = run.sums.level()
    way = "Down" if run.side < 0 else "Up"
    by, was, now = (
        show_number(each, decimals)
        for each in (abs(since.mean - before.mean), before.mean, since.mean)
    )
    return (
        f"{way} {by} since {run.since}, from {was} ({before.n} answers) to {now} ({since.n}): a "
        f"lasting change; by chance it looks so once in {YEARS} years at most."
    )


def _say_rare(charted: ControlPoint, rarity: float, usual: Level) -> ControlPoint:
    way = "low" if (charted.value or 0) < usual.mean else "high"
    decimals = _decimals(usual.deviation)
    why = (
        f"{show_number(charted.value, decimals)} ({charted.n} answers) is unusually {way} where "
        f"{show_number(usual.mean, decimals)} is usual: by chance 1 period in "
        f"{show_number(1 / max(rarity, 1e-12))}."
    )
    return msgspec.structs.replace(charted, is_out=True, rule="rare", p=rarity, why=why)


def _decimals(size: float) -> int:
    return 0 if size > 2 else 2
