"""The server's scores, computed from ratings that you hold yourself: no request is made.

The same formulas, intervals and groups as `client.scores`; a test compares the two.

>>> from harken import scores
>>> print(scores.nps([9] * 5 + [10] * 4 + [3] * 2))
NPS 64 (95 % 8 to 92, n = 11)
>>> print(scores.nps([9, 3, 3, 9], weights=[10, 1, 1, 1]))
NPS 69 (95 % -47 to 96, n = 4, counting like 2; 0 unweighted)
>>> print(scores.csat({5: 12, 4: 6, 2: 2}))
CSAT 90 % (95 % 70 % to 97 %, n = 20)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from math import ceil, sqrt
from statistics import NormalDist
from typing import Literal, NamedTuple, cast

from msgspec.structs import replace

from harken._types.numbers.score import Score
from harken._weights import ENOUGH, weighted_score
from harken._weights import rake as rake

LEVELS = (0.8, 0.9, 0.95, 0.99)
ADJUSTED = "adjusted_wald"

Ratings = Mapping[int, float] | Iterable["int | None"]
"""How many answers each rating got, or the ratings one by one, None for a skipped question."""
Weights = Iterable[float]
"""Of the ratings one by one, as many: 1 / the probability of having been asked, or of `rake`."""


class _Number(NamedTuple):
    value: float
    low: float
    high: float
    variance: float
    method: str


def nps(
    ratings: Ratings,
    *,
    variant: Literal["customer", "employee"] = "customer",
    level: float = 0.95,
    question: str = "",
    weights: Weights | None = None,
) -> Score:
    """Share of 9 and 10 less share of 0 to 6, in points; ratings 0 to 10.

    Interval: adjusted Wald (Rocks 2016). `employee` names it eNPS. ValueError for a rating off the
    scale and for a `level` other than 0.8, 0.9, 0.95 and 0.99, as with every function here.
    """
    if weights is not None:
        return _weighed(
            partial(nps, variant=variant, level=level, question=question), ratings, weights
        )
    counts, z = _counted(ratings, 0, 10), _quantile(level)
    groups = _grouped(counts, (("detractors", 0, 6), ("passives", 7, 8), ("promoters", 9, 10)))
    up, down = groups["promoters"], groups["detractors"]
    number = _net(up, down, sum(counts.values()), z)
    metric = "enps" if variant == "employee" else "nps"
    rated = _rated(question, metric, counts, groups)
    return _scored(rated, number, "points", (-100, 100), level, mean=_mean(counts, z))


def csat(
    ratings: Ratings,
    low: int = 1,
    high: int = 5,
    *,
    level: float = 0.95,
    question: str = "",
    weights: Weights | None = None,
) -> Score:
    """Share of the two best ratings in percent, with the mean beside it. Interval: Wilson."""
    if weights is not None:
        scored = partial(csat, low=low, high=high, level=level, question=question)
        return _weighed(scored, ratings, weights)
    counts, z = _counted(ratings, low, high), _quantile(level)
    groups = _boxes(counts, ("dissatisfied", "neutral", "satisfied"))
    share = _share(groups["satisfied"], sum(counts.values()), z)
    rated = _rated(question, "csat", counts, groups)
    return _scored(rated, share, "percent", (0, 100), level, share=share, mean=_mean(counts, z))


def ces(
    ratings: Ratings,
    *,
    variant: Literal["2.0", "1"] = "2.0",
    level: float = 0.95,
    question: str = "",
    weights: Weights | None = None,
) -> Score:
    """Mean effort: of ratings 1 to 7, higher is better (2.0); of 1 to 5, lower is better (1).

    `share` is that of 5 to 7, or of 1 and 2. Interval of the mean: adjusted normal.
    """
    if weights is not None:
        return _weighed(
            partial(ces, variant=variant, level=level, question=question), ratings, weights
        )
    if variant == "2.0":
        high, spans, best = 7, (("difficult", 1, 3), ("neutral", 4, 4), ("easy", 5, 7)), "easy"
    else:
        high, spans = 5, (("low_effort", 1, 2), ("neutral", 3, 3), ("high_effort", 4, 5))
        best = "low_effort"
    counts, z = _counted(ratings, 1, high), _quantile(level)
    groups = _grouped(counts, spans)
    share = _share(groups[best], sum(counts.values()), z)
    metric = "ces" if variant == "2.0" else "ces_v1"
    mean = _mean(counts, z)
    rated = _rated(question, metric, counts, groups)
    return _scored(rated, mean, "mean", (1, high), level, share=share, mean=mean)


def rating(
    ratings: Ratings,
    low: int = 1,
    high: int = 5,
    *,
    level: float = 0.95,
    question: str = "",
    weights: Weights | None = None,
) -> Score:
    """Mean rating, such as stars; `share` is that of the two best. Interval: adjusted normal."""
    if weights is not None:
        scored = partial(rating, low=low, high=high, level=level, question=question)
        return _weighed(scored, ratings, weights)
    counts, z = _counted(ratings, low, high), _quantile(level)
    groups = _boxes(counts, ("bottom", "middle", "top"))
    share = _share(groups["top"], sum(counts.values()), z)
    mean = _mean(counts, z)
    rated = _rated(question, "rating", counts, groups)
    return _scored(rated, mean, "mean", (low, high), level, share=share, mean=mean)


def share(hits: int, n: int, *, level: float = 0.95, question: str = "", choice: str = "") -> Score:
    """Share of the `n` answers that made a choice, in percent. Interval: Wilson."""
    if not 0 <= hits <= n:
        raise ValueError(f"hits is {hits}; it must be 0 to n ({n})")
    number = _share(hits, n, _quantile(level))
    groups = {"chosen": hits, "not_chosen": n - hits}
    return _scored(
        Score(question=question, metric="share", n=n, counts={choice: hits}, groups=groups),
        number, "percent", (0, 100), level, share=number,
    )  # fmt: skip


def _weighed(
    scored: Callable[[Mapping[int, float]], Score], ratings: Ratings, weights: Weights
) -> Score:
    if isinstance(ratings, Mapping):
        raise TypeError("weights go with ratings one by one, not with how often each was given")
    return weighted_score(scored, ratings, weights)


def _counted(ratings: Ratings, low: int, high: int) -> dict[int, float]:
    counts: dict[int, float] = dict.fromkeys(range(low, high + 1), 0)
    pairs = (
        list(cast("Mapping[int, float]", ratings).items())
        if isinstance(ratings, Mapping)
        else [(each, 1) for each in ratings if each is not None]
    )
    for each, n in pairs:
        if each not in counts:
            raise ValueError(f"{each!r} is no rating of this scale, {low} to {high}")
        if n < 0:
            raise ValueError(f"rating {each} was counted {n} times; it must be 0 or more")
        counts[int(each)] += n
    return counts


def _quantile(level: float) -> float:
    if level not in LEVELS:
        raise ValueError(f"level is {level}; it must be one of {', '.join(map(str, LEVELS))}")
    return NormalDist().inv_cdf((1 + level) / 2)


def _grouped(
    counts: Mapping[int, float], spans: Iterable[tuple[str, int, int]]
) -> dict[str, float]:
    return {
        name: sum(counts[each] for each in range(first, last + 1)) for name, first, last in spans
    }


def _boxes(counts: Mapping[int, float], names: tuple[str, str, str]) -> dict[str, float]:
    low, high = min(counts), max(counts)
    size = 2 if high - low >= 3 else 1
    spans = (
        (names[0], low, low + size - 1),
        (names[1], low + size, high - size),
        (names[2], high - size + 1, high),
    )
    return _grouped(counts, [span for span in spans if span[1] <= span[2]])


def _net(up: float, down: float, n: float, z: float) -> _Number | None:
    if n == 0:
        return None
    raw, size = (up - down) / n, n + 3
    p, d = (up + 0.75) / size, (down + 0.75) / size
    half = z * sqrt(max(0.0, p + d - (p - d) ** 2) / size)
    low, high = min(p - d - half, raw), max(p - d + half, raw)
    variance = 10_000 * ((up + down) / n - raw * raw)
    return _Number(100 * raw, max(-100.0, 100 * low), min(100.0, 100 * high), variance, ADJUSTED)


def _share(hits: float, n: float, z: float) -> _Number | None:
    if n == 0:
        return None
    p, weight = hits / n, z * z / n
    half = sqrt(weight * p * (1 - p) + weight * weight / 4)
    low = 0.0 if hits == 0 else (p + weight / 2 - half) / (1 + weight)
    high = 1.0 if hits == n else (p + weight / 2 + half) / (1 + weight)
    variance = 10_000 * hits * (n - hits) / (n * n)
    return _Number(100 * p, 100 * low, 100 * high, variance, "wilson")


def _mean(counts: Mapping[int, float], z: float) -> _Number | None:
    n = sum(counts.values())
    if n == 0:
        return None
    mean = sum(each * count for each, count in counts.items()) / n
    squares = sum(count * (each - mean) ** 2 for each, count in counts.items())
    weights = {each: count + 2 / len(counts) for each, count in counts.items()}
    centre = sum(each * weight for each, weight in weights.items()) / (n + 2)
    spread = sum(weight * (each - centre) ** 2 for each, weight in weights.items())
    half = z * sqrt(spread) / (n + 2)
    low, high = max(float(min(counts)), centre - half), min(float(max(counts)), centre + half)
    return _Number(mean, low, high, squares / n, "adjusted_normal")


def _rated(
    question: str, metric: str, counts: Mapping[int, float], groups: Mapping[str, float]
) -> Score:
    return Score(
        question=question,
        metric=metric,
        n=round(sum(counts.values())),
        counts={str(each): round(count) for each, count in counts.items()},
        groups={name: round(count) for name, count in groups.items()},
        direction="lower_is_better" if metric == "ces_v1" else "higher_is_better",
    )


def _scored(
    score: Score,
    number: _Number | None,
    unit: str,
    range_: tuple[float, float],
    level: float,
    *,
    share: _Number | None = None,
    mean: _Number | None = None,
) -> Score:
    found = replace(
        score, unit=unit, level=level, evidence="none",
        range_low=float(range_[0]), range_high=float(range_[1]),
    )  # fmt: skip
    if share:
        found = replace(found, share=share.value, share_low=share.low, share_high=share.high)
    if mean:
        found = replace(found, mean=mean.value, mean_low=mean.low, mean_high=mean.high)
    if number is None:
        return found
    times = (number.high - number.low) / (ENOUGH * (range_[1] - range_[0]))
    return replace(
        found,
        score=number.value,
        low=number.low,
        high=number.high,
        margin=(number.high - number.low) / 2,
        variance=number.variance,
        method=number.method,
        evidence="enough" if times <= 1 else "not_enough",
        answers_wanted=None if times <= 1 else ceil(score.n * times * times),
    )
