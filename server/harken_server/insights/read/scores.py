"""Numbers of a survey, answered from the counts and never by scanning responses."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import TypeAlias
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.insights.rules.counts import CountRow
from harken_server.insights.rules.distributions import (
    Distribution,
    distribute,
    distributed_questions,
)
from harken_server.insights.rules.estimates import USUAL, Certainty
from harken_server.insights.rules.headlines import answers_in, headline_of, score_of
from harken_server.insights.rules.instruments import choice_score, statement_score
from harken_server.insights.rules.metrics import score_question
from harken_server.insights.rules.scores import Score, histogram, scored_questions
from harken_server.insights.rules.trends import (
    ByDay,
    Period,
    TrendPoint,
    add_up,
    days_of,
    fold_trend,
    readable_period,
)
from harken_server.insights.store.counts import last_day, read_counts, read_days, sum_question
from harken_server.insights.store.people_sql import MOST_RESPONSES, count_proved, read_points
from harken_server.responses.response import CountFilter
from harken_server.surveys.instruments import STATEMENTS, instrument_question, statements_of
from harken_server.surveys.questions.types import Question, scale_of
from harken_server.surveys.survey import Survey


async def read_scores(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    questions: Sequence[Question],
    selection: CountFilter,
    *,
    certainty: Certainty = USUAL,
) -> list[Score]:
    """One score for each metric question among `questions`, in their order; one SQL statement."""
    metrics = scored_questions(questions)
    if not metrics:
        return []
    keys = [question.key for question in metrics]
    rows = await read_counts(
        db, workspace_id, survey_id, selection, questions=keys, per_day=False, rated=True
    )
    return [
        score_question(question, histogram(rows, question.key), certainty) for question in metrics
    ]


async def read_first_score(
    db: Database, workspace_id: UUID, survey_id: UUID, survey: Survey, selection: CountFilter
) -> tuple[Score | None, date | None]:
    """The number that a survey is known by, and the day of the last answer that is counted.

    None for a survey without one, and for an instrument whose number only whole responses tell
    where there are more than `MOST_RESPONSES` of them.
    """
    place = (db, workspace_id, survey_id)
    headline, day = headline_of(survey), await last_day(*place, selection)
    last = None if day is None else date.fromordinal(day)
    is_whole = survey.instrument in STATEMENTS
    if headline is None or not (headline.is_scored or is_whole):
        return None, last
    counts = await sum_question(*place, selection, question=headline.question)
    if not is_whole:
        return score_of(headline, counts), last
    if answers_in(counts) > MOST_RESPONSES:
        return None, last
    return await read_instrument(*place, survey, selection), last


async def read_instrument(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    survey: Survey,
    selection: CountFilter,
    *,
    certainty: Certainty = USUAL,
) -> Score | None:
    """The score, perhaps of nobody; None for a survey that is no instrument."""
    place = (db, workspace_id, survey_id)
    match survey.instrument:
        case "sus" | "umux" | "umux_lite" as metric:
            points = await read_points(*place, statements_of(survey), selection)
            return statement_score(metric, points, certainty)
        case "product_market_fit" | "expectation_match":
            key = instrument_question(survey)
            rows = await read_counts(*place, selection, questions=[key], per_day=False)
            return choice_score(survey, {row.value: row.n for row in rows}, certainty)
        case None:
            return None


async def with_proved(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    questions: Sequence[Question],
    scores: Sequence[Score],
    *,
    selection: CountFilter,
) -> list[Score]:
    """The scores with how many of their answers are proved, where there are not too many."""
    if answers_of(scores) > MOST_RESPONSES:
        return [*scores]
    shown = {score.question for score in scores if score.n}
    scales = {each.key: scale_of(each) for each in scored_questions(questions) if each.key in shown}
    place = (db, workspace_id, survey_id)
    proved = await count_proved(*place, scales, selection) if scales else {}
    return [
        score
        if proved is None
        else msgspec.structs.replace(score, proved=0 if not score.n else proved.get(score.question))
        for score in scores
    ]


def answers_of(scores: Iterable[Score]) -> int:
    """How many responses they stem from at least."""
    return max((score.n for score in scores), default=0)


class Trends(msgspec.Struct, frozen=True):
    """Each question's score over all days, with its points."""

    period: Period
    trends: list[tuple[Score, list[TrendPoint]]]


async def read_trends(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    questions: Sequence[Question],
    selection: CountFilter,
    *,
    period: Period | None = None,
    certainty: Certainty = USUAL,
) -> Trends:
    """One trend for each metric question; without a period, by the one that reads best."""
    keys = [question.key for question in scored_questions(questions)]
    days = await read_days(db, workspace_id, survey_id, selection, questions=keys)
    return trends_of(questions, days, selection, certainty, period)


def trends_of(
    questions: Sequence[Question],
    days: Mapping[str, ByDay],
    selection: CountFilter,
    certainty: Certainty,
    period: Period | None,
) -> Trends:
    """The trends that ratings by day make over the days of the selection."""
    every = [day for own in days.values() for day in own]
    period = period or readable_period(_span(every, selection))
    return Trends(
        period,
        [
            (
                score_question(item, add_up(days.get(item.key, {}).values()), certainty),
                fold_trend(item, days, period, selection, certainty),
            )
            for item in scored_questions(questions)
        ],
    )


VersionReader: TypeAlias = Callable[[int], Awaitable[Sequence[Question]]]
"""The questions of a version of the survey, by its number."""


class Overview(msgspec.Struct, kw_only=True, frozen=True):
    """Scores, trends and distributions that agree with each other: they stem from one read."""

    period: Period
    scores: tuple[Score, ...]
    trends: tuple[tuple[TrendPoint, ...], ...]
    """One trend for each score, in the same order."""
    distributions: tuple[Distribution, ...]
    versions: dict[int, Sequence[Question]]
    """What each version asked that somebody answered, oldest first."""


async def read_overview(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    questions: Sequence[Question],
    selection: CountFilter,
    *,
    version_of: VersionReader | None = None,
    period: Period | None = None,
    certainty: Certainty = USUAL,
) -> Overview:
    """Everything that the counts say about `questions`; one SQL statement, counts per day.

    Without a period, the one that reads best over the days found is taken; without `version_of`
    every version asked and offered what `questions` do.
    """
    metrics = scored_questions(questions)
    chosen = distributed_questions(questions)
    keys = {question.key for question in (*metrics, *chosen)}
    # Of all questions: what only older versions asked tells which versions were answered.
    rows = await read_counts(
        db, workspace_id, survey_id, selection, questions=None, per_day=True, per_version=True
    )
    numbers = sorted({row.version for row in rows}) if version_of else []
    versions = {number: await version_of(number) for number in numbers} if version_of else {}
    place = (db, workspace_id, survey_id)
    every = await _over_time(place, selection, keys) if selection.is_latest else rows
    span = _span([row.day for row in every if row.question in keys], selection)
    period, days = period or readable_period(span), days_of(every)
    return Overview(
        period=period,
        scores=tuple(
            score_question(item, histogram(rows, item.key), certainty) for item in metrics
        ),
        trends=tuple(
            tuple(fold_trend(item, days, period, selection, certainty)) for item in metrics
        ),
        distributions=tuple(found for item in chosen for found in distribute(item, rows, versions)),
        versions=versions,
    )


async def _over_time(
    place: tuple[Database, UUID, UUID],
    selection: CountFilter,
    keys: Iterable[str],
) -> list[CountRow]:
    """Everybody's earlier answers belong to a trend."""
    all_of_them = msgspec.structs.replace(selection, is_latest=False)
    return await read_counts(*place, all_of_them, questions=[*keys], per_day=True)


def _span(found: Sequence[int], selection: CountFilter) -> int:
    days = found or [0]
    first = min(days) if selection.from_day is None else selection.from_day
    last = max(days) if selection.to_day is None else selection.to_day
    return last - first + 1
