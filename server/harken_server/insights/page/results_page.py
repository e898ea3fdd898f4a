"""The results page as bytes: view in, HTML out. No clock, no database, no request."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from harken_server.design.pages import POLICY, render
from harken_server.design.times import say_day, say_exactly
from harken_server.http.pages import Document
from harken_server.insights.page.choice_panels import ChoicePanel, choice_panels
from harken_server.insights.page.panels import (
    MetricPanel,
    comment_cards,
    instrument_panel,
    metric_panels,
)
from harken_server.insights.page.view import PRESETS, ResultsView, say
from harken_server.insights.page.words import RESULT_WORDS, SMALL_N
from harken_server.insights.rules.distributions import distributed_questions
from harken_server.insights.rules.scores import scored_questions

TEMPLATES = Path(__file__).parent / "templates"


def render_results(view: ResultsView) -> Document:
    """The whole page; every text from people is escaped."""
    return _page("results.html", **results_parts(view))


def render_notice(title: str, text: str, status: int) -> Document:
    """A kind page in place of results: the link is over, or there is no such survey."""
    return _page("notice.html", status, title=title, text=text)


def results_parts(view: ResultsView) -> dict[str, Any]:
    """What the templates show, of this page and of the console's."""
    metrics = metric_panels(view)
    choices = choice_panels(view)
    return {
        "filtered": _filtered(view),
        "version_text": _version_text(view),
        "small_n": SMALL_N,
        "gone": gone_questions(view),
        "view": view,
        "title": say(view, view.survey.title),
        "brand": view.survey.presentation.brand,
        "presets": PRESETS,
        "period_text": _period_text(view),
        "generated": say_exactly(view.generated_at),
        "instrument": instrument_panel(view),
        "metrics": metrics,
        "choices": choices,
        "comments": comment_cards(view),
        "is_empty": _is_empty(view, metrics, choices),
        "has_nps": any(score.metric == "nps" for score in view.scores),
        "attribution": RESULT_WORDS.of("en").attribution,
    }


def _page(name: str, status: int = 200, **parts: Any) -> Document:
    return Document(render(TEMPLATES, name, **parts).encode(), POLICY, status)


class GoneQuestion(msgspec.Struct, frozen=True):
    """A question with numbers under the last version that asked it."""

    text: str
    version: int
    link: str


def gone_questions(view: ResultsView) -> list[GoneQuestion]:
    """What the shown version no longer asks and somebody answered within the filter."""
    shown = {question.key for question in view.survey.questions}
    gone = {
        question.key: (number, question)
        for number, questions in view.versions.items()
        for question in (*scored_questions(questions), *distributed_questions(questions))
        if question.key not in shown
    }
    return [
        GoneQuestion(say(view, question.text), number, view.link(version=str(number)))
        for number, question in gone.values()
    ]


def _period_text(view: ResultsView) -> str:
    last = say_day(view.last_day)
    if view.first_day is None:
        return f"All answers up to {last}"
    return f"{say_day(view.first_day)} to {last}"


def _filtered(view: ResultsView) -> list[str]:
    """What the answers are narrowed to, whether or not the form could have asked for it."""
    selection = view.selection
    chosen = {"store": selection.store, "touchpoint": selection.touchpoint}
    chosen["channel"] = selection.channel
    told = [f"only {name} {value}" for name, value in chosen.items() if value]
    return [*told, "the latest answers of each person"] if view.is_latest else told


def _version_text(view: ResultsView) -> str:
    if view.selection.version is not None:
        return f"only version {view.selection.version}"
    return "version 1" if view.version == 1 else f"all versions, asked as in version {view.version}"


def _is_empty(view: ResultsView, metrics: list[MetricPanel], choices: list[ChoicePanel]) -> bool:
    has_numbers = any(panel.score.n for panel in metrics) or any(panel.n for panel in choices)
    return not has_numbers and not view.comments
