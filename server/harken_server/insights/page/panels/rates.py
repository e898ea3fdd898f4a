"""How far people came: who reached the end, and who answered which question."""

from __future__ import annotations

import msgspec
from markupsafe import Markup

from harken_server.insights.page.pictures.charts import draw_share
from harken_server.insights.page.tables import Table
from harken_server.insights.page.view import ResultsView, say
from harken_server.insights.rules.distributions import ChoiceShare
from harken_server.insights.rules.figures import show_share
from harken_server.insights.rules.intervals import share_interval

MOST_DRAWN = 12
"""Steps with a bar; the table has all."""


class RateRow(msgspec.Struct, frozen=True):
    """One share of those who began."""

    label: str
    share: str
    n: str
    svg: Markup


class RatesPanel(msgspec.Struct, frozen=True):
    """Of all who began."""

    started: str
    rows: tuple[RateRow, ...]
    table: Table


def rates_panel(view: ResultsView) -> RatesPanel | None:
    """None where nobody is counted: too many, or none at all."""
    if view.finished is None or not view.finished.started:
        return None
    started = view.finished.started
    told = [("Came to the end", view.finished.completed), *_answered(view)]
    shares = [(label, _share(min(n, started), started)) for label, n in told]
    return RatesPanel(
        f"{started:,}",
        tuple(
            RateRow(label, show_share(share.share), f"{share.n:,}", draw_share(share, label))
            for label, share in shares[:MOST_DRAWN]
        ),
        Table(
            "How far people came",
            ("Step", "Answers", "Of those who began", "95% low", "95% high"),
            tuple(
                (label, f"{share.n:,}", *map(show_share, (share.share, share.low, share.high)))
                for label, share in shares
            ),
        ),
    )


def _answered(view: ResultsView) -> list[tuple[str, int]]:
    """Of each question that is counted, how many answered it: what logic hides, nobody could."""
    counted = {score.question: score.n for score in view.scores}
    counted |= {part.question: part.asked for part in view.distributions}
    return [
        (say(view, question.text), counted[question.key])
        for question in view.survey.questions
        if question.key in counted
    ]


def _share(n: int, of: int) -> ChoiceShare:
    low, high = (100 * end for end in share_interval(n, of))
    return ChoiceShare(value="", n=n, of=of, share=100 * n / of, low=low, high=high)
