"""What a control chart takes, and what it says."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

import msgspec

from harken_server.insights.rules.scores import Score, Unit

Chart: TypeAlias = Literal["watch", "p", "laney", "nps", "ewma", "cusum"]
Rule: TypeAlias = Literal["beyond_limit", "rare", "shift", "ewma", "cusum"]


class Observed(NamedTuple):
    """The answers of one period, as values whose mean is the score."""

    period: str
    counts: dict[float, int]

    @property
    def n(self) -> int:
        """Answers."""
        return sum(self.counts.values())

    @property
    def mean(self) -> float:
        """The score; of nobody 0."""
        return sum(value * n for value, n in self.counts.items()) / max(1, self.n)


class ControlPoint(msgspec.Struct, kw_only=True, frozen=True):
    """One period beside its limits."""

    period: str
    value: float | None
    """The score, or of p and laney the share in percent; None where nobody answered."""
    n: int
    centre: float | None
    """What is usual; None while the chart has nothing to go by."""
    low: float | None
    high: float | None
    statistic: float | None = None
    """Of ewma: the weighted mean, in standard errors. Of watch and cusum: evidence of a rise."""
    statistic_down: float | None = None
    """Of watch and cusum: evidence of a fall."""
    is_out: bool = False
    rule: Rule | None = None
    p: float | None = None
    """Of `rare` and `shift`: how often chance does as much, at most."""
    why: str | None = None
    """In one sentence, of what is out."""


class Baseline(msgspec.Struct, kw_only=True, frozen=True):
    """What the limits go by."""

    first: str | None
    last: str | None
    """Periods, included."""
    n: int
    centre: float | None
    deviation: float | None
    """Of single answers."""
    dispersion: float
    """How much more periods vary than chance lets them: 1 is not at all (Laney's sigma of z)."""
    says: str


class Control(msgspec.Struct, kw_only=True, frozen=True):
    """A chart over a trend."""

    chart: Chart
    unit: Unit
    baseline: Baseline
    points: tuple[ControlPoint, ...]
    out: int
    """How many points are out."""
    says: str
    formula: str
    source: str


def observed(period: str, score: Score, *, as_share: bool = False) -> Observed:
    """The answers behind a score; `as_share` those in the best group, whatever the score is."""
    groups, counts = score.groups, score.counts
    if score.unit == "points" and not as_share:
        net = {100.0: groups["promoters"], 0.0: groups["passives"], -100.0: groups["detractors"]}
        return Observed(period, net)
    if score.unit == "mean" and not as_share:
        return Observed(period, {float(rating): n for rating, n in counts.items()})
    best = _best(score)
    return Observed(period, {100.0: best, 0.0: score.n - best})


def _best(score: Score) -> int:
    """The last group, or of a score that is better when low the first."""
    sizes = list(score.groups.values())
    if not sizes:
        return 0
    return sizes[0] if score.direction == "lower_is_better" else sizes[-1]
