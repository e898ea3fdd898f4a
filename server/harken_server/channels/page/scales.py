"""Rating scales: their points, end labels and drawings."""

from __future__ import annotations

from typing import Any

from harken_server.channels.page.views import OptionView
from harken_server.channels.page.wording import Wording
from harken_server.channels.page.words import Phrases
from harken_server.surveys.questions.base import Style
from harken_server.surveys.questions.types import (
    Ces,
    Csat,
    Nps,
    Rating,
    RatingQuestion,
    scale_of,
    style_of,
)

STAR = "M12 2.6l2.9 5.9 6.5 1-4.7 4.5 1.1 6.5L12 17.4l-5.8 3.1 1.1-6.5L2.6 9.5l6.5-1z"
THUMB_UP = (
    "M7 10.5v10H3.5v-10zM7 10.5l4-7.5c1.7 0 2.7 1.2 2.4 2.8L12.8 9h5.6c1.4 0 2.3 1.3 1.9 2.6"
    "l-2.1 7.3c-.3 1-1.1 1.6-2.1 1.6H7"
)
THUMB_DOWN = (
    "M7 13.5v-10H3.5v10zM7 13.5l4 7.5c1.7 0 2.7-1.2 2.4-2.8L12.8 15h5.6c1.4 0 2.3-1.3 1.9-2.6"
    "l-2.1-7.3c-.3-1-1.1-1.6-2.1-1.6H7"
)
_FACE = "M12 2.5a9.5 9.5 0 100 19 9.5 9.5 0 000-19zM8.8 9v1.2M15.2 9v1.2"


def end_labels(question: RatingQuestion, wording: Wording) -> tuple[str, str]:
    """Labels of the lowest and the highest point: the survey's own, else the usual ones."""
    low, high = _usual_labels(question, wording.phrases)
    return wording.say(question.low_label) or low, wording.say(question.high_label) or high


def _usual_labels(question: RatingQuestion, phrases: Phrases) -> tuple[str, str]:
    """End labels of a scale whose survey gives none, in the language of the phrases."""
    match question:
        case Nps():
            return phrases.nps_low, phrases.nps_high
        case Csat():
            return phrases.csat_low, phrases.csat_high
        case Ces(variant="2.0"):
            return phrases.ces_low, phrases.ces_high
        case Ces():
            return phrases.effort_low, phrases.effort_high
        case Rating(style="thumbs"):
            return phrases.thumbs_down, phrases.thumbs_up
        case Rating():
            return "", ""


def scale_options(
    question: RatingQuestion, value: Any, low_label: str, high_label: str, phrases: Phrases
) -> tuple[OptionView, ...]:
    """One option a point. Drawn points carry a text for those who cannot see the drawing."""
    low, high = scale_of(question)
    style = style_of(question) or "number"
    options: list[OptionView] = []
    for point in range(low, high + 1):
        label = str(point) if style == "number" else phrases.value_of.format(value=point, high=high)
        detail = low_label if point == low else high_label if point == high else ""
        if style == "thumbs":
            label, detail = detail, ""
        chosen = value == point and not isinstance(value, bool)
        mark = _mark(style, point - low, high - low)
        options.append(OptionView(str(point), label, chosen, detail, mark))
    return tuple(options)


def _mark(style: Style, place: int, last: int) -> str:
    match style:
        case "star":
            return STAR
        case "smiley":
            bend = 12.6 + 6.8 * place / last
            side = 15.8 - 1.6 * place / last
            return f"{_FACE}M8 {side:.1f}Q12 {bend:.1f} 16 {side:.1f}"
        case "thumbs":
            return THUMB_UP if place else THUMB_DOWN
        case "number":
            return ""
