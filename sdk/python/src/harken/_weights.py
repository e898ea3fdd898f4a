"""Weights of answers: raked to known shares, and what weighted ratings are worth."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from math import ceil, isfinite
from typing import TypeVar

from msgspec.structs import replace

from harken._types.numbers.score import Score
from harken._types.numbers.weighting import Weighted

USUAL_CAP = 5.0
"""As the server has it: DeBell and Krosnick 2009, ANES nes012427."""
ENOUGH = 0.25
_CLOSE = 1e-12
_MET = 1e-6
_MOST_ROUNDS = 1_000
_MOST_TRIMS = 50

Member = TypeVar("Member", bound=Hashable)


def rake(
    answers: Iterable[Mapping[str, Member]],
    margins: Mapping[str, Mapping[Member, float]],
    *,
    cap: float = USUAL_CAP,
) -> list[float]:
    """A weight for each answer, so that together they have the shares of `margins`, but for what
    `cap` holds back: the highest weight. Their mean is 1.

    `answers` say of each its member of every margin. ValueError for a member without a share, for
    one that nobody has, and where no weights meet all margins. The method of the server's
    `weight=raked`: Deming and Stephan 1940.

    >>> stores = [{"store": "Oslo"}] * 3 + [{"store": "Bergen"}]
    >>> [round(weight, 2) for weight in rake(stores, {"store": {"Oslo": 1, "Bergen": 1}})]
    [0.67, 0.67, 0.67, 2.0]
    """
    if not cap > 1:
        raise ValueError(f"cap is {cap}; it must be more than 1, which is the mean weight")
    wanted = {name: _shares(name, shares) for name, shares in margins.items()}
    places = {name: _members(name, answers, wanted[name]) for name in wanted}
    weights = [1.0 for name in [*wanted][:1] for _ in places[name]]
    _scale(weights, places, wanted)
    for _ in range(_MOST_TRIMS):
        if not _hold(weights, cap):
            break
        _scale(weights, places, wanted, must=False)
    _hold(weights, cap)
    return weights


def weighted_score(
    scored: Callable[[Mapping[int, float]], Score],
    ratings: Iterable[int | None],
    weights: Iterable[float],
) -> Score:
    """The score over the weighted shares of as many answers as Kish says that they are worth."""
    given = list(zip(ratings, weights, strict=True))
    for _, weight in given:
        if not (isfinite(weight) and weight > 0):
            raise ValueError(f"a weight is {weight}; it must be more than 0")
    rated = [(rating, weight) for rating, weight in given if rating is not None]
    counts: dict[int, float] = {}
    sums: dict[int, float] = {}
    for rating, weight in rated:
        counts[rating] = counts.get(rating, 0) + 1
        sums[rating] = sums.get(rating, 0.0) + weight
    total, squares = sum(sums.values()), sum(weight * weight for _, weight in rated)
    worth = total * total / squares if squares else 0.0
    raw = scored(counts)
    told = scored({rating: worth * each / total for rating, each in sums.items()})
    return replace(
        told,
        n=raw.n,
        counts=raw.counts,
        groups=raw.groups,
        answers_wanted=_wanted(told, raw.n),
        weighted=Weighted(
            effective_n=worth,
            design_effect=raw.n / worth if worth else None,
            raw_score=raw.score,
            raw_low=raw.low,
            raw_high=raw.high,
        ),
    )


def _wanted(score: Score, n: int) -> int | None:
    if score.margin is None or score.range_low is None or score.range_high is None:
        return None
    times = 2 * score.margin / (ENOUGH * (score.range_high - score.range_low))
    return None if times <= 1 else ceil(n * times * times)


def _shares(name: str, numbers: Mapping[Member, float]) -> dict[Member, float]:
    for member, number in numbers.items():
        if not (isfinite(number) and number > 0):
            raise ValueError(f"margins[{name!r}][{member!r}] is {number}; it must be more than 0")
    total = sum(numbers.values())
    return {member: number / total for member, number in numbers.items()}


def _members(
    name: str, answers: Iterable[Mapping[str, Member]], shares: Mapping[Member, float]
) -> list[Member]:
    members = [answer[name] for answer in answers]
    if unknown := [each for each in members if each not in shares]:
        raise ValueError(f"margins[{name!r}] has no share of {unknown[0]!r}")
    if empty := [each for each in shares if each not in set(members)]:
        raise ValueError(f"margins[{name!r}] has a share of {empty[0]!r}, of whom nobody answered")
    return members


def _scale(
    weights: list[float],
    places: Mapping[str, Sequence[Member]],
    wanted: Mapping[str, Mapping[Member, float]],
    *,
    must: bool = True,
) -> None:
    worst = 0.0
    for _ in range(_MOST_ROUNDS):
        for name, shares in wanted.items():
            sums = _sums(weights, places[name])
            times = {member: shares[member] * len(weights) / sums[member] for member in sums}
            weights[:] = [
                weight * times[member] for weight, member in zip(weights, places[name], strict=True)
            ]
        worst = max((
            abs(sums[member] / len(weights) - share)
            for name, shares in wanted.items()
            for sums in (_sums(weights, places[name]),)
            for member, share in shares.items()
        ), default=0.0)  # fmt: skip
        if worst <= _CLOSE:
            return
    if must and worst > _MET:
        raise ValueError(f"no weights meet all margins: a share stays {100 * worst:.1f} points off")


def _hold(weights: list[float], cap: float) -> bool:
    was_above = False
    while any(weight > cap * (1 + 1e-9) for weight in weights):
        was_above = True
        held = cap * sum(weight >= cap for weight in weights)
        free = sum(weight for weight in weights if weight < cap)
        times = (len(weights) - held) / free
        weights[:] = [cap if weight >= cap else weight * times for weight in weights]
    return was_above


def _sums(weights: Sequence[float], members: Sequence[Member]) -> dict[Member, float]:
    sums: dict[Member, float] = {}
    for weight, member in zip(weights, members, strict=True):
        sums[member] = sums.get(member, 0.0) + weight
    return sums
