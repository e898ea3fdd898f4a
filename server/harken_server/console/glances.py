"""A survey at a glance: its score, how it moved, and how many answered this week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from harken_server.console.rules.movement import EARLY, say_movement
from harken_server.insights.page.words import SMALL_N, name_metric
from harken_server.insights.rules.comparing.differences import score_difference
from harken_server.insights.rules.figures import count_answers, show_score
from harken_server.insights.rules.headlines import (
    Headline,
    added,
    answers_in,
    headline_of,
    score_of,
)
from harken_server.insights.rules.scores import Score
from harken_server.insights.store.weeks_sql import WeekCount
from harken_server.surveys.catalog import LoadedSurvey
from harken_server.surveys.published import SurveyStatus
from harken_server.surveys.titles import title_of

SPAN_DAYS = 90
"""As results begin with: both show the same number."""
WEEKS = 12
"""Of the line beside it."""
WEEKS_COMPARED = 4


class Glance(NamedTuple):
    """One survey."""

    key: str
    title: str
    status: SurveyStatus
    metric: str
    """The score's name; empty where counts tell none."""
    value: str
    interval: str
    n: str
    movement: str
    line: tuple[float | None, ...]
    """The score of each of the last weeks, oldest first; empty where there is nothing to draw."""
    answers: int
    """Within the span."""
    week: int
    """Answers of the last seven days."""
    week_before: int
    is_new: bool
    """It is no older than the span: nobody has ever answered it if nobody did within."""
    is_more: bool = False
    """It was ever answered more often than that; nobody looked further."""
    hidden: str = ""
    """Why there is no number, though somebody has answered."""
    newest: str = ""
    """What was written last, of a survey that asks for texts alone."""


def glance_at(loaded: LoadedSurvey, weeks: Sequence[WeekCount], now: datetime) -> Glance:
    """From the counts of its headline's question, of all places that are taken in."""
    headline = headline_of(loaded.survey)
    found = {each.week: each.counts for each in weeks}
    by_week = [found.get(week, {}) for week in range((SPAN_DAYS + 6) // 7)]
    whole = _score(headline, added(by_week))
    answers = [answers_in(counts) for counts in by_week]
    known = whole if whole is not None and whole.n else None
    glance = Glance(
        key=loaded.record.key,
        title=title_of(loaded.survey),
        status=loaded.record.status,
        metric="",
        value="",
        interval="",
        n="",
        movement=_movement(headline, by_week, known) if known else "",
        line=_line([_score(headline, counts) for counts in by_week[:WEEKS]]),
        answers=sum(answers),
        week=answers[0],
        week_before=answers[1],
        is_new=now - loaded.record.created_at < timedelta(days=SPAN_DAYS),
    )
    return with_score(glance, known) if known else glance


def with_score(glance: Glance, score: Score) -> Glance:
    """The same with this number, of at least one answer."""
    low, high = show_score(score.low, score.unit), show_score(score.high, score.unit)
    return glance._replace(
        metric=name_metric(score),
        value=show_score(score.score, score.unit),
        interval=f"{low} to {high}",
        n=count_answers(score.n),
    )


def _score(headline: Headline | None, counts: dict[str, int]) -> Score | None:
    return score_of(headline, counts) if headline else None


def _movement(headline: Headline | None, by_week: Sequence[dict[str, int]], known: Score) -> str:
    now = _score(headline, added(by_week[:WEEKS_COMPARED]))
    before = _score(headline, added(by_week[WEEKS_COMPARED : 2 * WEEKS_COMPARED]))
    if now is None or before is None:
        return EARLY
    return say_movement(score_difference(now, before, least=SMALL_N), known.unit)


def _line(scores: Sequence[Score | None]) -> tuple[float | None, ...]:
    values = tuple(score.score if score else None for score in scores[::-1])
    return values if sum(value is not None for value in values) > 1 else ()
