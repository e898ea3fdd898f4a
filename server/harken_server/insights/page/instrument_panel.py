"""The panel of a published instrument: its number, and how it is made."""

from __future__ import annotations

import msgspec

from harken_server.insights.page import charts
from harken_server.insights.page.figures import show_score
from harken_server.insights.page.panels import Picture
from harken_server.insights.page.score_words import (
    SMALL_N,
    explain_method,
    explain_score,
    name_metric,
)
from harken_server.insights.page.tables import tabulate_instrument
from harken_server.insights.page.view import ResultsView
from harken_server.insights.rules.scores import Score


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
    """Both empty: the number says it all."""


def instrument_panel(view: ResultsView) -> InstrumentPanel | None:
    """None for a survey that is no instrument."""
    score = view.instrument
    if score is None:
        return None
    name = name_metric(score)
    return InstrumentPanel(
        name=name,
        explanation=explain_score(score),
        method=explain_method(score),
        score=score,
        low=show_score(score.low, score.unit),
        high=show_score(score.high, score.unit),
        is_early=0 < score.n < SMALL_N,
        gauge=Picture(
            charts.draw_gauge("instrument", score, name),
            tabulate_instrument(score),
            view.link("/scores.csv"),
        ),
    )
