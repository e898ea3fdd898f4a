"""What a survey's numbers are now, each time they change."""

from __future__ import annotations

import msgspec

from harken._types.numbers.options import AnswerOptions
from harken._types.numbers.score import METRIC_NAMES
from harken._types.rounding import write_number


class LiveOptions(AnswerOptions, total=False):
    """Of which answers, and from where to where; all may be left out."""

    after: str | None
    """The `place` of the last change that was seen: what came since counts as new."""
    events: int | None
    """End after so many changes."""


class LiveScore(msgspec.Struct, frozen=True, kw_only=True):
    """A score, with what is needed to trust it; None when nobody answered."""

    question: str
    metric: str
    n: int
    unit: str = ""
    score: float | None = None
    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        name = METRIC_NAMES.get(self.metric, self.metric)
        if self.score is None or self.low is None or self.high is None:
            return f"{self.question} {name} -"
        decimals = 2 if self.unit == "mean" else 0
        score, low, high = (write_number(x, decimals) for x in (self.score, self.low, self.high))
        return f"{self.question} {name} {score} ({low} to {high}, n {self.n})"


class LiveChange(msgspec.Struct, frozen=True, kw_only=True):
    """One change of a survey's numbers."""

    survey: str
    new: int
    """Responses that came since the change before it, or since the place given."""
    scores: tuple[LiveScore, ...] = ()
    place: str = ""
    """From where to go on."""

    def __str__(self) -> str:
        return "; ".join([f"{self.new} new", *map(str, self.scores)])
