"""Shares of choices in one picture: a row each, its words above its bar."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from harken_server.insights.page.pictures.canvas import cut, labelled, words
from harken_server.insights.page.pictures.charts import draw_share
from harken_server.insights.rules.distributions import ChoiceShare
from harken_server.insights.rules.figures import show_interval, show_share
from harken_server.insights.rules.intervals import USUAL_LEVEL

_ROW = 44
_LETTERS = 30


def draw_shares(
    name: str, choices: Sequence[tuple[str, ChoiceShare]], level: float = USUAL_LEVEL
) -> Markup:
    """Each with what it is called, in this order; `level` is that of their intervals."""
    parts = [
        f'<svg y="{index * _ROW}" height="{_ROW}">'
        f"{words(14, cut(label, _LETTERS), 'strong start')}"
        f"{words(14, f'{show_share(choice.share)} · n {choice.n:,}', 'end', x='100%')}"
        f'<svg y="20" height="20">{draw_share(choice, label, level)}</svg></svg>'
        for index, (label, choice) in enumerate(choices)
    ]
    told = ", ".join(_say(label, choice, level) for label, choice in choices)
    height = max(len(choices) * _ROW, 1)
    return labelled("shares", f"{name}. {told or 'No answers yet'}.", parts, height=height)


def _say(label: str, choice: ChoiceShare, level: float) -> str:
    if choice.low is None:
        return f"{label} {show_share(choice.share)}"
    interval = show_interval(choice.low, choice.high, "percent", level)
    return f"{label} {show_share(choice.share)} ({interval})"
