"""Groups in order, without an order where there may be none: ranks are ranges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from harken_server.insights.rules.comparing.differences import chance_of, correct_many
from harken_server.insights.rules.scores import Score

RANK_FORMULA = (
    "rank = 1 + groups that are better beyond chance, to all groups less those that are worse; "
    "each pair by a permutation test in its normal form, all pairs corrected by Holm"
)
RANK_SOURCE = (
    "Klein, Wright and Wieczorek 2020, JRSS C 69(3), 589-606, with tests in place of intervals; "
    "Holm 1979, Scandinavian Journal of Statistics 6(2), 65-70"
)


class Rank(NamedTuple):
    """Where a group may stand, from 1 (best)."""

    group: str
    score: Score
    first: int
    """One more than there are groups that are better beyond chance."""
    last: int
    """As many as there are, less those that are worse beyond chance."""

    @property
    def says(self) -> str:
        """The rank as one reads it: `3`, or `2-5`."""
        return f"{self.first}" if self.first == self.last else f"{self.first}-{self.last}"


def rank_groups(scores: Mapping[str, Score], level: float) -> list[Rank]:
    """Best first; groups that are not proved to differ share ranks.

    Every pair is tested (`chance_of`), and all tests are corrected together (`correct_many`), so
    that with a chance of `level` every true rank lies in its range at once (`RANK_SOURCE`).
    """
    names = sorted(scores, key=lambda name: (-_goodness(scores[name]), name))
    pairs = list(combinations(range(len(names)), 2))
    in_order = [scores[name] for name in names]
    chances = correct_many([chance_of(in_order[one], in_order[two]) for one, two in pairs])
    better, worse = [0] * len(names), [0] * len(names)
    for (one, two), chance in zip(pairs, chances, strict=True):
        if chance <= 1 - level:
            worse[one] += 1  # pairs are in the order of the scores: the first one is better
            better[two] += 1
    return [
        Rank(name, score, 1 + better[place], len(names) - worse[place])
        for place, (name, score) in enumerate(zip(names, in_order, strict=True))
    ]


def split_by_evidence(
    scores: Mapping[str, Score],
) -> tuple[dict[str, Score], list[tuple[str, Score]]]:
    """Groups with enough answers to be ranked, and the others, most answers first.

    Who belongs to no group is among the others.
    """
    ranked = {name: score for name, score in scores.items() if name and score.evidence == "enough"}
    others = [(name, score) for name, score in scores.items() if name not in ranked and score.n]
    return ranked, sorted(others, key=lambda each: (-each[1].n, each[0]))


def _goodness(score: Score) -> float:
    value = score.score or 0.0
    return -value if score.direction == "lower_is_better" else value


def are_tied(ranks: Sequence[Rank]) -> bool:
    """Whether nobody is proved to be better than anybody."""
    return all(rank.first == 1 and rank.last == len(ranks) for rank in ranks)
