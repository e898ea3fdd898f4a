"""The panels: each score with its pictures, tables and CSV addresses; and the comments."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec
from markupsafe import Markup, escape

from harken_server.design.times import say_day, when
from harken_server.insights.page import tables, words
from harken_server.insights.page.moments import say_beside
from harken_server.insights.page.over_time import Watched, says_of, watched
from harken_server.insights.page.pictures import charts
from harken_server.insights.page.pictures.trend import draw_trend
from harken_server.insights.page.tables import Table
from harken_server.insights.page.view import ResultsView, say
from harken_server.insights.rules.figures import (
    count_proved,
    show_number,
    show_score,
    show_share,
)
from harken_server.insights.rules.groups import Tone, rating_groups, rating_tone
from harken_server.insights.rules.scores import Score, scored_questions
from harken_server.insights.rules.trends import TrendPoint
from harken_server.insights.store.comments import Comment
from harken_server.surveys.protection import minimum_of
from harken_server.surveys.questions.types import RatingQuestion


class Picture(msgspec.Struct, frozen=True):
    """A drawing with the table that says the same, and where both are as files."""

    svg: Markup
    table: Table
    csv: str
    file: str


class Legend(msgspec.Struct, frozen=True):
    """A group of ratings: name, its ratings, its share and its people."""

    name: str
    span: str
    tone: str
    share: str
    n: str


class MetricPanel(msgspec.Struct, frozen=True):
    """One metric question."""

    key: str
    text: str
    metric: str
    explanation: str
    method: str
    score: Score
    is_early: bool
    note: str
    low: str
    high: str
    mean: str
    proved: str
    raw: str
    """The number that each answer makes that counts once; empty where each does."""
    change: str
    target: str
    """What it is to reach, and whether it does; empty where nothing is set."""
    gauge: Picture
    columns: Picture
    stack: Markup
    legend: tuple[Legend, ...]
    trend: Picture | None
    watch: str
    """Whether the trend does anything unusual."""
    has_limits: bool
    notes: tuple[str, ...]
    """What happened in its days, as the picture numbers it."""


def metric_panels(view: ResultsView, shown: Collection[str]) -> list[MetricPanel]:
    """A panel for each score of these questions, in the order of the survey."""
    questions = {question.key: question for question in scored_questions(view.survey.questions)}
    return [
        _metric_panel(view, questions[score.question], score, trend)
        for score, trend in zip(view.scores, view.trends, strict=True)
        if score.question in shown
    ]


class InstrumentPanel(msgspec.Struct, frozen=True):
    """One number for the whole survey."""

    name: str
    explanation: str
    method: str
    score: Score
    low: str
    high: str
    is_early: bool
    gauge: Picture
    mean: str = ""
    note: str = ""
    proved: str = ""
    raw: str = ""
    change: str = ""
    """All empty: the number says it all."""
    target: str = ""


def instrument_panel(view: ResultsView) -> InstrumentPanel | None:
    """None for a survey that is no instrument."""
    score = view.instrument
    if score is None:
        return None
    name = words.name_metric(score)
    return InstrumentPanel(
        name=name,
        explanation=words.explain_score(score),
        method=words.explain_method(score),
        score=score,
        low=show_score(score.low, score.unit),
        high=show_score(score.high, score.unit),
        is_early=0 < score.n < words.SMALL_N,
        target=say_target(score),
        gauge=_gauge(view, score, tables.tabulate_instrument(score)),
    )


class CommentCard(msgspec.Struct, frozen=True):
    """One comment as shown."""

    text: str
    question: str
    time: Markup
    touchpoint: str
    rating: str
    group: str
    tone: str
    is_sample: bool
    source: str
    link: str


def comment_cards(view: ResultsView, comments: Sequence[Comment]) -> list[CommentCard]:
    """Comments, in their order."""
    metrics = scored_questions(view.survey.questions)
    rated = metrics[0] if metrics else None
    texts = {question.key: question.text for question in view.survey.questions}
    is_by_day = minimum_of(view.survey) > 0  # more is not known
    return [
        CommentCard(
            text=comment.text,
            question=say(view, texts.get(comment.question, comment.question)),
            time=escape(say_day(comment.answered_at.date()))
            if is_by_day
            else when(comment.answered_at, view.generated_at),
            touchpoint=comment.touchpoint or ("" if comment.source else comment.channel),
            **_badge(rated, comment.rating),
            is_sample=comment.is_sample,
            source="" if is_by_day else comment.source,
            link="" if is_by_day else comment.link,
        )
        for comment in comments
    ]


def _metric_panel(
    view: ResultsView, question: RatingQuestion, score: Score, trend: tuple[TrendPoint, ...]
) -> MetricPanel:
    key, name = question.key, words.name_metric(score)
    tones: list[Tone] = [rating_tone(question, int(rating)) for rating in score.counts]
    legend, (drawn, seen) = _legend(question, score), _over_time(view, score, trend)
    return MetricPanel(
        key=key,
        text=say(view, question.text),
        metric=name,
        explanation=words.explain_score(score),
        method=words.explain_method(score),
        score=score,
        is_early=0 < score.n < words.SMALL_N,
        note=words.span_of_versions(view.versions_without(key)),
        low=show_score(score.low, score.unit),
        high=show_score(score.high, score.unit),
        mean=show_number(score.mean, 2) if score.unit != "mean" else "",
        proved=count_proved(score.n, score.proved),
        raw=_raw(score),
        change=_change(view, key),
        target=say_target(score),
        gauge=_gauge(view, score, tables.tabulate_score(question, score)),
        columns=Picture(
            charts.draw_columns(score, tones, "Answers by rating"),
            tables.tabulate_ratings(question, score),
            view.link("/ratings.csv", question=key),
            view.link("/ratings.svg", question=key),
        ),
        stack=_stack(score, legend),
        legend=legend,
        trend=drawn,
        watch=says_of(view, score, seen),
        has_limits=any(seen.limits),
        notes=tuple(note.text for note in seen.notes),
    )


def _gauge(view: ResultsView, score: Score, table: Table) -> Picture:
    drawn = charts.draw_gauge(score, words.name_metric(score))
    file = view.link("/score.svg", question=score.question)
    return Picture(drawn, table, view.link("/scores.csv"), file)


def _stack(score: Score, legend: Sequence[Legend]) -> Markup:
    segments = [
        charts.Segment(entry.name, n, entry.tone)
        for entry, n in zip(legend, score.groups.values(), strict=True)
    ]
    return charts.draw_stack("Groups", score.n, segments)


def _over_time(
    view: ResultsView, score: Score, points: tuple[TrendPoint, ...]
) -> tuple[Picture | None, Watched]:
    seen = watched(score, points, view.period, view.happened)
    name = f"{words.name_metric(score)} over time"
    if sum(point.score.n > 0 for point in points) <= 1:
        return None, seen  # one point is no line
    drawn = draw_trend(points, score, view.period, name, limits=seen.limits, notes=seen.notes)
    return (_trend(view, score.question, drawn, points) if drawn else None), seen


def _trend(view: ResultsView, key: str, drawn: Markup, points: tuple[TrendPoint, ...]) -> Picture:
    table, asked = tables.tabulate_trend(points), {"question": key}
    return Picture(drawn, table, view.link("/trend.csv", **asked), view.link("/trend.svg", **asked))


def _raw(score: Score) -> str:
    told = score.weighted
    if told is msgspec.UNSET or told.raw_score is None:
        return ""
    raw = show_score(told.raw_score, score.unit)
    return f"count like {told.effective_n:,.0f}; {raw} with each counted once"


def _change(view: ResultsView, key: str) -> str:
    """What the score has become, in a sentence."""
    found = view.changes.get(key)
    if found is None:
        return ""
    return f"{beside_text(view).rstrip('.')}: {found.says[:1].lower()}{found.says[1:]}"


def say_target(score: Score) -> str:
    """`Target 40: not proven`; empty where there is none."""
    target = score.target
    if isinstance(target, msgspec.UnsetType):
        return ""
    most = "at most " if target.direction == "at_most" else ""
    return f"Target {most}{show_score(target.value, score.unit)}: {target.state.replace('_', ' ')}"


def beside_text(view: ResultsView) -> str:
    """What numbers are compared with, as a sentence; empty for nothing."""
    if view.beside is None:
        return ""
    return f"Beside {say_beside(view.selection, view.days_beside).removeprefix('on ')}."


def _legend(question: RatingQuestion, score: Score) -> tuple[Legend, ...]:
    return tuple(
        Legend(
            words.name_group(name),
            words.span_of(span),
            rating_tone(question, span[0]),
            show_share(100 * score.groups[name] / score.n if score.n else None),
            show_number(score.groups[name]),
        )
        for name, span in rating_groups(question).items()
    )


def _badge(question: RatingQuestion | None, rating: int | None) -> dict[str, str]:
    """What stands beside a comment of its author's rating."""
    if question is None or rating is None:
        return {"rating": "", "group": "", "tone": "none"}
    label, tone = words.rating_label(question, rating), rating_tone(question, rating)
    names = [name for name, span in rating_groups(question).items() if rating in span]
    group = f", {words.name_group(names[0]).lower()}" if names else ""
    return {"rating": label, "group": group, "tone": tone}
