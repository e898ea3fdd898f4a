"""Weighted scores, groups, comparisons and trends: reckoned from the responses, not the counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

from harken_server.http.problems import BadRequestError
from harken_server.insights.read.breakdowns import (
    STAGE,
    Breakdown,
    Compared,
    OfSurvey,
    check_by,
    find_other,
    read_stages,
)
from harken_server.insights.read.scores import Trends
from harken_server.insights.read.weights import WeightQuery, Weights, find_weights, read_tallies
from harken_server.insights.rules.comparing.breakdowns import (
    GroupScores,
    compare_scores,
    find_reversals,
    put_beside,
)
from harken_server.insights.rules.scores import Score, scored_questions
from harken_server.insights.rules.trends import (
    Period,
    TrendPoint,
    fold_days,
    readable_period,
)
from harken_server.insights.rules.weighting.reports import Weighting
from harken_server.insights.rules.weighting.tallies import (
    NOBODY,
    Tally,
    add_tallies,
    weighted_question,
)
from harken_server.insights.store.scan_sql import COLUMNS as HAS_ONE
from harken_server.insights.store.scan_sql import DAY
from harken_server.responses.response import CountFilter
from harken_server.surveys.questions.types import Question, RatingQuestion
from harken_server.workspaces.rules.dimensions import WAVE

Tallies: TypeAlias = Mapping[str, Tally]
"""By question."""


class WeightedNumbers(NamedTuple):
    """What a request about scores is answered with."""

    scores: list[Score]
    beside: Breakdown
    weighting: Weighting


async def read_weighted(
    of: OfSurvey,
    selection: CountFilter,
    query: WeightQuery,
    *,
    by: str | None = None,
    compare: str | None = None,
) -> WeightedNumbers:
    """The scores of the rated questions, their groups, and what they are compared with.

    Groups keep the weights of the whole filter; what is compared with has weights of its own.
    """
    weights = await find_weights(of, selection, query)
    every = await _tallies(of, selection, weights)
    scores = _scored(of, every)
    groups = before = other = None
    if compare is not None:
        other = await find_other(of, selection, compare)
        before = await find_weights(of, other[1], query)
    if by is not None:
        own = await read_groups(of, selection, weights, by)
        older = None
        if other is not None and before is not None:
            older = await read_groups(of, other[1], before, by)
        groups = _broken_down(of, own, every, older)
    compared = None
    if other is not None and before is not None:
        beside = _scored(of, await _tallies(of, other[1], before))
        changes = compare_scores(scores, beside)
        compared = Compared(
            with_=other[0],
            scores=beside,
            differences=changes,
            reversed=find_reversals(changes, groups or []),
        )
    return WeightedNumbers(scores, Breakdown(groups=groups, compared=compared), weights.report)


def check_rated(scores: Sequence[Score], questions: Sequence[Question]) -> None:
    """BadRequestError where a score is of no rated question: those alone are weighted."""
    rated = {question.key for question in scored_questions(questions)}
    for score in scores:
        if score.question not in rated:
            raise BadRequestError(
                f"weight is of rated questions; {score.question!r} is none. Name one with question"
                " and leave choice out.",
                code="bad_parameter",
            )


async def read_groups(
    of: OfSurvey, selection: CountFilter, weights: Weights, by: str
) -> dict[str, Tallies]:
    """The tallies of each group. BadRequestError for what weighted answers are not grouped by."""
    check_by(of.workspace, by)
    if by == WAVE and selection.is_latest:
        raise BadRequestError(
            "by=wave has no weight beside repeated=latest; say repeated=all.",
            code="bad_parameter",
        )
    column = "touchpoint" if by == STAGE else by
    found = await read_tallies(of, selection, weights, _keys(of), [column])
    groups: dict[str, Tallies] = {group: tallies for (group,), tallies in found.items()}
    if by == STAGE:
        return await _by_stage(of, groups)
    if by not in HAS_ONE:
        groups.pop("", None)  # a member that nobody named is none
    return groups


async def read_weighted_trends(
    of: OfSurvey, selection: CountFilter, query: WeightQuery, period: Period | None
) -> tuple[Trends, Weighting]:
    """One trend for each rated question; all its periods keep the weights of the whole filter."""
    weights = await find_weights(of, selection, query)
    found = await read_tallies(of, selection, weights, _keys(of), [DAY])
    days = {int(day): tallies for (day,), tallies in found.items()}
    first = selection.from_day or min(days, default=0)
    last = selection.to_day or max(days, default=0)
    period = period or readable_period(last - first + 1)
    trends: list[tuple[Score, list[TrendPoint]]] = []
    for question in scored_questions(of.questions):

        def score(given: list[Tally], question: RatingQuestion = question) -> Score:
            return weighted_question(question, add_tallies(given), of.certainty)

        key = question.key
        own = {day: [tallies[key]] for day, tallies in days.items() if key in tallies}
        whole = score([tally for each in own.values() for tally in each])
        trends.append((whole, fold_days(own, period, selection, score)))
    return Trends(period, trends), weights.report


def score_groups(of: OfSurvey, groups: Mapping[str, Tallies]) -> dict[str, list[Score]]:
    """The scores of each group, most answers first."""
    scored = {group: _scored(of, tallies) for group, tallies in groups.items()}
    answers = {group: sum(score.n for score in scores) for group, scores in scored.items()}
    return {name: scored[name] for name in sorted(scored, key=lambda one: (-answers[one], one))}


def _broken_down(
    of: OfSurvey,
    groups: Mapping[str, Tallies],
    every: Tallies,
    older: Mapping[str, Tallies] | None,
) -> list[GroupScores]:
    scored = score_groups(of, groups)
    rest = {
        name: _scored(
            of,
            {
                question: tally.less(groups[name].get(question, NOBODY))
                for question, tally in every.items()
            },
        )
        for name in scored
    }
    if older is None:
        return put_beside(scored, rest, None)
    return put_beside(scored, rest, {name: _scored(of, older.get(name, {})) for name in scored})


async def _by_stage(of: OfSurvey, found: Mapping[str, Tallies]) -> dict[str, Tallies]:
    stages = await read_stages(of)
    groups: dict[str, list[Tallies]] = {stage: [] for stage in stages.values()}
    for touchpoint, tallies in found.items():
        if touchpoint in stages:
            groups[stages[touchpoint]].append(tallies)
    return {
        stage: {key: add_tallies(each[key] for each in several if key in each) for key in _keys(of)}
        for stage, several in groups.items()
    }


async def _tallies(of: OfSurvey, selection: CountFilter, weights: Weights) -> Tallies:
    return (await read_tallies(of, selection, weights, _keys(of))).get((), {})


def _keys(of: OfSurvey) -> list[str]:
    return [question.key for question in scored_questions(of.questions)]


def _scored(of: OfSurvey, tallies: Tallies) -> list[Score]:
    return [
        weighted_question(question, tallies.get(question.key, NOBODY), of.certainty)
        for question in scored_questions(of.questions)
    ]
