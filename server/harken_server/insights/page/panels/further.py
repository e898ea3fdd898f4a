"""Of a survey with very many questions a few in full, and a line for each of the others."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from harken_server.insights.page.moments import say_beside, say_change
from harken_server.insights.page.view import ResultsView, labels_of, say
from harken_server.insights.rules.distributions import Distribution
from harken_server.insights.rules.figures import show_score, show_share
from harken_server.surveys.questions.types import Question

MOST_WHOLE = 12
"""Questions with choices that are shown with their pictures."""
MOST_SCORES = 3
"""Questions with a score that are: of more the first alone, or the one asked for."""
MOST_LINES = 40
"""Further questions that are drawn week by week."""


class Further(msgspec.Struct, frozen=True):
    """One question as a line."""

    text: str
    href: str
    """The page on which it is shown in full."""
    value: str
    about: str
    """The interval, or what was chosen."""
    n: str
    change: str
    head: str = "Chosen most"
    """What `about` is."""
    weeks: tuple[float | None, ...] = ()
    """Its score over time, oldest first; empty where there is nothing to draw."""


def shown_whole(view: ResultsView) -> set[str]:
    """Questions shown in full: the first of each kind with answers, and the one asked for."""
    scores = [score.question for score in view.scores]
    rated = [score.question for score in view.scores if score.n] or scores
    chosen = list(dict.fromkeys(part.question for part in view.distributions if part.asked))
    asked = view.selection.about
    rated = scores if len(scores) <= MOST_SCORES else _first(rated, asked, 1)
    return {*rated, *_first(chosen, asked, MOST_WHOLE)}


def place_of(view: ResultsView, question: str) -> str:
    """Where a question is shown in full: here, or on the page about it."""
    here = f"#{question}-h"
    return here if question in shown_whole(view) else f"{view.link(about=question)}{here}"


def further_lines(view: ResultsView) -> list[Further]:
    """All others with answers, in the order of the survey."""
    whole = shown_whole(view)
    left = [question for question in view.survey.questions if question.key not in whole]
    lines = [line for question in left if (line := _line(view, question)) is not None]
    if len(lines) <= MOST_LINES:
        return lines
    return [msgspec.structs.replace(line, weeks=()) for line in lines]


def _first(keys: Sequence[str], asked: str, most: int) -> list[str]:
    own = [asked] if asked in keys else []
    return [*own, *(key for key in keys if key != asked)][:most]


def _line(view: ResultsView, question: Question) -> Further | None:
    href = f"{view.link(about=question.key)}#{question.key}-h"
    text = say(view, question.text)
    for score, trend in zip(view.scores, view.trends, strict=True):
        if score.question == question.key and score.n:
            low, high = (show_score(end, score.unit) for end in (score.low, score.high))
            change = view.changes.get(question.key)
            beside = say_beside(view.selection, view.days_beside)
            moved = say_change(change, score.unit, beside) if change else ""
            value = show_score(score.score, score.unit)
            return Further(
                text,
                href,
                value,
                f"{low} to {high}",
                f"{score.n:,}",
                moved,
                "95% interval",
                tuple(point.score.score for point in trend),
            )
    for part in view.distributions:
        if part.question == question.key and part.asked:
            share, label = _most(view, question, part)
            return Further(text, href, share, label, f"{part.asked:,}", "")
    return None


def _most(view: ResultsView, question: Question, part: Distribution) -> tuple[str, str]:
    """What was chosen most, and by which share; of a matrix nothing."""
    if part.row or not part.choices:
        return "", ""
    most = max(part.choices, key=lambda choice: choice.share or 0)
    labels = labels_of(question, view.survey, view.versions, view.locale)
    return show_share(most.share), labels.get(most.value, most.value)
