"""The pictures of a survey as files, each with the title and the sentence that go with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from harken_server.insights.page import explained, words
from harken_server.insights.page.over_time import watched
from harken_server.insights.page.pictures import charts
from harken_server.insights.page.pictures.heat_map import draw_heat_map
from harken_server.insights.page.pictures.matrix import draw_matrix
from harken_server.insights.page.pictures.ranges import Ranged, draw_ranges
from harken_server.insights.page.pictures.shares import draw_shares
from harken_server.insights.page.pictures.standalone import Theme, picture_file
from harken_server.insights.page.pictures.trend import draw_trend
from harken_server.insights.page.view import labels_of, say_in
from harken_server.insights.rules.comparing.breakdowns import GroupScores
from harken_server.insights.rules.comparing.heat_maps import HeatMap
from harken_server.insights.rules.distributions import ChoiceShare, Distribution, with_level
from harken_server.insights.rules.drivers.records import Drivers
from harken_server.insights.rules.figures import count_answers, show_interval, show_score
from harken_server.insights.rules.groups import Tone, rating_tone
from harken_server.insights.rules.intervals import USUAL_LEVEL
from harken_server.insights.rules.scores import Score, scored_questions
from harken_server.insights.rules.trends import Period, TrendPoint
from harken_server.insights.store.annotations import Annotation
from harken_server.surveys.questions.types import Question
from harken_server.surveys.survey import Survey

MOST_GROUPS = 40
"""In one picture, most answers first."""
NO_GROUP = "none"
"""What stands for answers that are of no group."""
OVER_TIME = {"day": "day by day", "week": "week by week", "month": "month by month"}


class Paper(NamedTuple):
    """On what a picture is drawn."""

    theme: Theme = "auto"
    width: int | None = None


def score_file(survey: Survey, score: Score, paper: Paper) -> bytes:
    """The number with its interval."""
    name = words.name_metric(score)
    return made(charts.draw_gauge(score, name), _title(survey, score), _says(score), paper)


def ratings_file(survey: Survey, score: Score, paper: Paper) -> bytes:
    """How many gave each rating; of an instrument, which has no ratings of its own, its number."""
    rated = {question.key: question for question in scored_questions(survey.questions)}
    question = rated.get(score.question)
    if question is None:
        return score_file(survey, score, paper)
    tones: list[Tone] = [rating_tone(question, int(rating)) for rating in score.counts]
    drawn = charts.draw_columns(score, tones, "Answers by rating")
    return made(drawn, _title(survey, score), f"How {count_answers(score.n)} are rated.", paper)


def choices_file(
    survey: Survey,
    question: Question,
    found: Sequence[Distribution],
    versions: Mapping[int, Sequence[Question]],
    paper: Paper,
    *,
    level: float = USUAL_LEVEL,
) -> bytes:
    """Which share chose what; of a matrix each pair of row and column."""
    labels = labels_of(question, survey, versions, survey.locale)
    choices = [
        (" · ".join(labels.get(part, part) for part in (each.row, choice.value) if part), choice)
        for each in found
        for choice in with_level(each, level).choices
    ]
    drawn = draw_shares("Answers by choice", choices, level)
    n = found[0].asked if found else 0
    return made(drawn, say_in(survey, survey.locale, question.text), count_answers(n), paper)


def trend_file(
    survey: Survey,
    score: Score,
    points: Sequence[TrendPoint],
    period: Period,
    paper: Paper,
    *,
    happened: Sequence[Annotation] = (),
) -> bytes:
    """The score over time; in words where nobody has answered."""
    name = words.name_metric(score)
    seen = watched(score, points, period, happened)
    drawn = draw_trend(
        points, score, period, f"{name} over time", limits=seen.limits, notes=seen.notes
    ) or charts.draw_gauge(score, name)
    title = f"{_title(survey, score)}: {OVER_TIME[period]}"
    return made(drawn, title, f"Whole period: {_says(score)} {seen.says}".rstrip(), paper)


def breakdown_file(
    survey: Survey, score: Score, groups: Sequence[GroupScores], by: str, paper: Paper
) -> bytes:
    """The groups' scores of one question on one scale."""
    rows = ranged_groups(groups, score.question)
    range_ = (score.range_low, score.range_high)
    name = f"{words.name_metric(score)} by {by}"
    drawn = draw_ranges(name, rows[:MOST_GROUPS], score.unit, range_, score.score)
    more = f" {len(rows) - MOST_GROUPS} more are not drawn." if len(rows) > MOST_GROUPS else ""
    return made(drawn, f"{_title(survey, score)}: by {by}", f"All: {_says(score)}{more}", paper)


def drivers_file(
    survey: Survey, found: Drivers, paper: Paper, *, level: float = USUAL_LEVEL
) -> bytes:
    """Importance beside performance; in words why there are none."""
    name = "Importance and performance"
    says = found.refused or explained.say_first(survey, found)
    drawn = draw_matrix(name, explained.matrix_of(survey, found, level))
    return made(drawn, f"{name}. {say_in(survey, survey.locale, survey.title)}", says, paper)


def rates_file(
    survey: Survey, steps: Sequence[tuple[str, ChoiceShare]], says: str, paper: Paper
) -> bytes:
    """How far people came."""
    name = "How far people came"
    title = f"{name}. {say_in(survey, survey.locale, survey.title)}"
    return made(draw_shares(name, steps), title, says, paper)


def heat_file(
    survey: Survey, score: Score, found: HeatMap, names: tuple[str, str], paper: Paper
) -> bytes:
    """Two breakdowns at once."""
    by = " and ".join(names)
    name = f"{words.name_metric(score)} by {by}"
    drawn = draw_heat_map(name, explained.heat_drawn(found, names))
    return made(drawn, f"{_title(survey, score)}: by {by}", f"All: {_says(score)}", paper)


def ranged_groups(groups: Sequence[GroupScores], question: str) -> list[Ranged]:
    """Of one question, in their order; those without an answer to it are left out."""
    return [
        Ranged(
            group.group or NO_GROUP, score.score, score.low, score.high, score.n, level=score.level
        )
        for group in groups
        for score in group.scores
        if score.question == question and score.n
    ]


def made(drawn: Markup, title: str, says: str, paper: Paper) -> bytes:
    """A picture with its title and its sentence, on that paper."""
    return picture_file(drawn, title, says, theme=paper.theme, width=paper.width)


def _title(survey: Survey, score: Score) -> str:
    texts = {question.key: question.text for question in survey.questions}
    text = texts.get(score.question)
    name = words.name_metric(score)
    return name if text is None else f"{name}. {say_in(survey, survey.locale, text)}"


def _says(score: Score) -> str:
    if score.score is None:
        return "No answers yet."
    interval = show_interval(score.low, score.high, score.unit, score.level)
    return f"{show_score(score.score, score.unit)}, {interval}, {count_answers(score.n)}."
