"""Groups side by side: the scores of each, beside everybody else and beside another time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import msgspec

from harken_server.insights.rules.comparing.differences import (
    Difference,
    correct_many,
    score_difference,
)
from harken_server.insights.rules.comparing.sentences import say_difference
from harken_server.insights.rules.estimates import USUAL, Certainty
from harken_server.insights.rules.hidden import Hidden
from harken_server.insights.rules.metrics import score_question
from harken_server.insights.rules.scores import Metric, Score
from harken_server.surveys.questions.types import RatingQuestion

Counts: TypeAlias = Mapping[str, Mapping[str, int]]
"""How often each value was given, by question."""
FEWEST_REVERSED = 2


class ScoreDifference(msgspec.Struct, kw_only=True, frozen=True):
    """A score less another one of the same question, and what that is worth."""

    question: str
    metric: Metric
    by: float
    """In the unit of the score."""
    low: float
    """Ends of the interval of the difference."""
    high: float
    level: float
    p: float
    """Chance of a difference at least as large among answers that differ by chance alone."""
    p_corrected: float
    """The same, corrected for how many groups are compared at once; `p` for one alone."""
    could_be_chance: bool
    """Whether `p_corrected` is more than 1 - `level`."""
    says: str
    """In one sentence."""


class GroupScores(msgspec.Struct, kw_only=True, frozen=True):
    """One group of a breakdown."""

    group: str
    """The touchpoint, channel, version or member; empty: answers that have none."""
    scores: list[Score]
    beside_rest: list[ScoreDifference]
    """Less the score of everybody else, where both have answers."""
    change: list[ScoreDifference] | msgspec.UnsetType = msgspec.UNSET
    """Less the score of the same group in what is compared with."""
    hidden: Hidden | msgspec.UnsetType = msgspec.UNSET
    """Why there is no score, though somebody of this group has answered."""


def score_counts(
    questions: Iterable[RatingQuestion], counts: Counts, certainty: Certainty = USUAL
) -> list[Score]:
    """The score of each question over its counts."""
    return [
        score_question(question, ratings_in(counts.get(question.key, {})), certainty)
        for question in questions
    ]


def ratings_in(counts: Mapping[str, int]) -> dict[int, int]:
    """Answers per rating, out of all values of a question.

    >>> ratings_in({"9": 2, "": 3, "other": 1})
    {9: 2}
    """
    return {int(value): n for value, n in counts.items() if value.isdecimal()}


def less(every: Mapping[str, int], some: Mapping[str, int]) -> dict[str, int]:
    """What is left of all when some are taken away; never less than nothing, where an answer came
    between reading the one and the other.
    """
    return {value: max(0, n - some.get(value, 0)) for value, n in every.items()}


def compare_scores(now: Sequence[Score], before: Sequence[Score]) -> list[ScoreDifference]:
    """Each score less the one of the same place, where both have answers."""
    pairs = [(score, score_difference(score, old)) for score, old in zip(now, before, strict=True)]
    return [_told(score, found, found.p) for score, found in pairs if found]


def break_down(
    questions: Sequence[RatingQuestion],
    groups: Mapping[str, Counts],
    every: Counts,
    *,
    before: Mapping[str, Counts] | None = None,
    certainty: Certainty = USUAL,
) -> list[GroupScores]:
    """The groups, most answers first; `every` are the counts of all, who need not be in a group.

    `before` are the groups of what is compared with. P-values are corrected over all groups.
    """
    names = sorted(groups, key=lambda name: (-_answers(groups[name]), name))
    scored = {name: score_counts(questions, groups[name], certainty) for name in names}
    rest = {
        name: score_counts(
            questions,
            {key: less(counts, groups[name].get(key, {})) for key, counts in every.items()},
            certainty,
        )
        for name in names
    }
    if before is None:
        return put_beside(scored, rest, None)
    older = {name: score_counts(questions, before.get(name, {}), certainty) for name in names}
    return put_beside(scored, rest, older)


def put_beside(
    scored: Mapping[str, list[Score]],
    rest: Mapping[str, Sequence[Score]],
    older: Mapping[str, Sequence[Score]] | None,
) -> list[GroupScores]:
    """The groups in the order given, beside the scores of everybody else and, where there are any,
    of the same groups before; p-values are corrected over all groups."""
    beside = _corrected(scored, rest)
    change = None if older is None else _corrected(scored, older)
    return [
        GroupScores(
            group=name,
            scores=scores,
            beside_rest=beside[name],
            change=msgspec.UNSET if change is None else change[name],
        )
        for name, scores in scored.items()
    ]


def find_reversals(
    changes: Iterable[ScoreDifference], groups: Sequence[GroupScores]
) -> list[ScoreDifference]:
    """The changes of everybody that every group contradicts: the mix of the groups has changed.

    Simpson's paradox (Simpson 1951, JRSS B 13(2), 238-241), of two groups or more.
    """
    found: list[ScoreDifference] = []
    for overall in changes:
        inner = [
            each.by
            for group in groups
            if group.change is not msgspec.UNSET
            for each in group.change
            if each.question == overall.question
        ]
        if len(inner) >= FEWEST_REVERSED and all(by * overall.by < 0 for by in inner):
            found.append(overall)
    return found


def add_ratings(sums: dict[str, dict[str, int]], given: Counts) -> None:
    """Add the counts of some to the sums of many."""
    for question, counts in given.items():
        own = sums.setdefault(question, {})
        for value, n in counts.items():
            own[value] = own.get(value, 0) + n


def _answers(counts: Counts) -> int:
    return sum(sum(ratings_in(each).values()) for each in counts.values())


def _corrected(
    scored: Mapping[str, Sequence[Score]], others: Mapping[str, Sequence[Score]]
) -> dict[str, list[ScoreDifference]]:
    """The differences of each group, corrected for how many there are of each question."""
    found: dict[str, list[ScoreDifference]] = {name: [] for name in scored}
    for place in range(len(next(iter(scored.values()), ()))):
        told = [
            (name, scored[name][place], difference)
            for name in scored
            if (difference := score_difference(scored[name][place], others[name][place]))
        ]
        chances = correct_many([difference.p for _, _, difference in told])
        for (name, score, difference), chance in zip(told, chances, strict=True):
            found[name].append(_told(score, difference, chance))
    return found


def _told(score: Score, difference: Difference, chance: float) -> ScoreDifference:
    could_be_chance = chance > 1 - difference.level
    return ScoreDifference(
        question=score.question,
        metric=score.metric,
        by=difference.by,
        low=difference.low,
        high=difference.high,
        level=difference.level,
        p=difference.p,
        p_corrected=chance,
        could_be_chance=could_be_chance,
        says=say_difference(difference, score.unit, could_be_chance=could_be_chance),
    )
