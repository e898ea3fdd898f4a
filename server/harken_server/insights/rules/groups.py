"""Which ratings are good news and which are bad: the named groups that scores are made of."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal, TypeAlias

from harken_server.surveys.questions import types as q

Tone: TypeAlias = Literal["good", "middle", "bad"]
Groups: TypeAlias = Mapping[str, range]


def rating_groups(question: q.RatingQuestion) -> Groups:
    """The named groups of ratings that the question's score uses, from low ratings to high ones."""
    low, high = q.scale_of(question)
    match question:
        case q.Nps():
            return NPS_GROUPS
        case q.Csat():
            return boxes(low, high, CSAT_NAMES)
        case q.Ces():
            return CES_GROUPS if question.variant == "2.0" else CES_V1_GROUPS
        case q.Rating():
            return boxes(low, high, THUMB_NAMES if question.style == "thumbs" else RATING_NAMES)


def rating_tone(question: q.RatingQuestion, rating: int) -> Tone:
    """Whether a rating is good or bad news, by its group and the direction of the metric."""
    names = [name for name, span in rating_groups(question).items() if rating in span]
    if not names:
        return "middle"
    return TONES[names[0]]


NPS_GROUPS = {"detractors": range(7), "passives": range(7, 9), "promoters": range(9, 11)}
CES_GROUPS = {"difficult": range(1, 4), "neutral": range(4, 5), "easy": range(5, 8)}
CES_V1_GROUPS = {"low_effort": range(1, 3), "neutral": range(3, 4), "high_effort": range(4, 6)}
CSAT_NAMES = ("dissatisfied", "neutral", "satisfied")
RATING_NAMES = ("bottom", "middle", "top")
THUMB_NAMES = ("down", "neutral", "up")
_BAD = ("detractors", "dissatisfied", "difficult", "high_effort", "bottom", "down")
_MIDDLE = ("passives", "neutral", "middle")
_GOOD = ("promoters", "satisfied", "easy", "low_effort", "top", "up")
TONES: dict[str, Tone] = {
    **dict.fromkeys(_BAD, "bad"),
    **dict.fromkeys(_MIDDLE, "middle"),
    **dict.fromkeys(_GOOD, "good"),
}


@cache
def boxes(low: int, high: int, names: tuple[str, str, str]) -> Groups:
    """Bottom and top boxes of two places each (one on short scales), and what lies between."""
    size = 2 if high - low >= 3 else 1
    spans = (
        range(low, low + size),
        range(low + size, high - size + 1),
        range(high - size + 1, high + 1),
    )
    return {name: span for name, span in zip(names, spans, strict=True) if span}
