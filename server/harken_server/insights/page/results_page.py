"""The results page as bytes: view in, HTML out. No clock, no database, no request."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from harken_server.design.pages import POLICY, render
from harken_server.design.times import say_day, say_exactly
from harken_server.http.pages import Document
from harken_server.insights.page.panels.breakdown import breakdown_panel
from harken_server.insights.page.panels.choice_panels import ChoicePanel, choice_panels
from harken_server.insights.page.panels.explained_panels import drivers_panel, heat_panel
from harken_server.insights.page.panels.figures import (
    chips_of,
    figures_of,
    finish_of,
    members_of,
    notes_of,
)
from harken_server.insights.page.panels.further import further_lines, shown_whole
from harken_server.insights.page.panels.metrics import (
    MetricPanel,
    beside_text,
    comment_cards,
    instrument_panel,
    metric_panels,
)
from harken_server.insights.page.panels.rates import rates_panel
from harken_server.insights.page.selection import BESIDE, PRESETS
from harken_server.insights.page.view import ResultsView, say
from harken_server.insights.page.what_changed import (
    Told,
    changes_of,
    comparisons_of,
    nothing_changed,
    unmoved_by,
)
from harken_server.insights.page.words import RESULT_WORDS, SMALL_N, name_group
from harken_server.insights.rules.distributions import distributed_questions
from harken_server.insights.rules.drivers.items import rated_items
from harken_server.insights.rules.groups import TONES, rating_groups
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
    whole = shown_whole(view)
    metrics, choices = metric_panels(view, whole), choice_panels(view, whole)
    told = changes_of(view)
    return {
        "chips": chips_of(view),
        "members": members_of(view),
        "members_of": view.groups.by if view.groups else "",
        "share": None,
        "figures": figures_of(view),
        "finish": finish_of(view),
        "notes": notes_of(view),
        **_what_stands_out(view, told),
        "breakdown": breakdown_panel(view),
        **_on_demand(view),
        "rates": rates_panel(view),
        "further": further_lines(view),
        "beside": BESIDE,
        "beside_text": beside_text(view),
        "low_name": _low_name(view),
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
        "comments": comment_cards(view, view.comments),
        "is_empty": _is_empty(view, metrics, choices),
        "has_nps": any(score.metric == "nps" for score in view.scores),
        "attribution": RESULT_WORDS.of("en").attribution,
    }


def _what_stands_out(view: ResultsView, told: Told) -> dict[str, Any]:
    """And what is said beside it, or in its place."""
    changes = told.whole
    return {
        "changes": changes,
        "also": told.named,
        "more_changes": told.more,
        "quoted": comment_cards(view, view.quoted) if changes and changes[0].is_standout else [],
        "unchanged": nothing_changed(view),
        "comparisons": comparisons_of(view),
        "unmoved": unmoved_by(view),
    }


def _on_demand(view: ResultsView) -> dict[str, Any]:
    """What goes through whole responses, and how to ask for it."""
    return {
        "drivers": drivers_panel(view, view.drivers),
        "may_explain": len(rated_items(view.survey.questions)) > 1,
        "heat": heat_panel(view, view.heat),
        "pairs": _pairs(view),
        "kept": _kept(view),
    }


def _pairs(view: ResultsView) -> list[tuple[str, str]]:
    """What two of can be shown at a time; none where there are not two."""
    names = [*view.breakdowns, "weekday", "hour"] if view.breakdowns else []
    return [(name, name.capitalize()) for name in names]


def _kept(view: ResultsView) -> list[tuple[str, str]]:
    """What the form of the heat map carries along."""
    given = {"token": view.token} | view.selection.fields()
    return [(k, v) for k, v in given.items() if v and k not in {"rows", "columns"}]


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
    first = "All answers up" if view.first_day is None else say_day(view.first_day)
    days = f"{first} to {last}"
    latest = "the latest of each person; over time everybody's earlier answers as well"
    return f"{days}, {latest}" if view.is_latest else days


def _low_name(view: ResultsView) -> str:
    """What those are called who rated the first question low; empty where nothing is rated."""
    rated = scored_questions(view.survey.questions)
    if not rated:
        return ""
    names = [name for name in rating_groups(rated[0]) if TONES[name] == "bad"]
    return name_group(names[0]) if names else ""


def _version_text(view: ResultsView) -> str:
    if view.selection.version is not None:
        return f"only version {view.selection.version}"
    return "version 1" if view.version == 1 else f"all versions, asked as in version {view.version}"


def _is_empty(view: ResultsView, metrics: list[MetricPanel], choices: list[ChoicePanel]) -> bool:
    has_numbers = any(panel.score.n for panel in metrics) or any(panel.n for panel in choices)
    return not has_numbers and not view.comments
