"""Scores with their uncertainty, as numbers and as a line to print."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from harken._types.rounding import write_number, write_share

METRIC_NAMES = {
    "nps": "NPS",
    "csat": "CSAT",
    "ces": "CES",
    "ces_v1": "CES 1.0",
    "rating": "Rating",
    "sus": "SUS",
    "pmf": "Product-market fit",
}


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """A computed number with its counts and its 95 % interval; not rounded.

    `score`, `low` and `high` are None when nobody answered, which is not the same as 0.
    """

    question: str
    metric: str
    """`nps`, `csat`, `ces`, `ces_v1`, `rating`, or of an instrument `sus` or `pmf`."""
    n: int
    """Answers counted."""
    score: float | None = None
    low: float | None = None
    high: float | None = None
    method: str = ""
    """How the interval is computed, such as `adjusted_wald` or `wilson`."""
    unit: str = ""
    """`points` (-100 to 100), `percent`, `index` (both 0 to 100) or `mean` (on the scale)."""
    direction: str = "higher_is_better"
    """`higher_is_better` or `lower_is_better`."""
    range_low: float | None = None
    range_high: float | None = None
    """The lowest and the highest that this score can be."""
    counts: dict[str, int] = {}
    """Answers by rating."""
    groups: dict[str, int] = {}
    """Answers by group, such as promoters, passives and detractors."""
    mean: float | None = None
    """Mean rating on the question's scale, with its interval."""
    mean_low: float | None = None
    mean_high: float | None = None
    share: float | None = None
    """Percentage of people in the best of the groups, with its interval; None for NPS."""
    share_low: float | None = None
    share_high: float | None = None
    proved: int | None = None
    """How many of the `n` answers not everybody could have sent: by a personal link, a receipt, a
    device or a key. None where there are too many responses, and of an instrument."""

    @property
    def proved_share(self) -> float | None:
        """Percentage of the answers that are proved; None where it is not known."""
        return None if self.proved is None or not self.n else 100 * self.proved / self.n

    def __str__(self) -> str:
        name = METRIC_NAMES.get(self.metric, self.metric)
        if self.score is None:
            return f"{name} unknown (n = {self.n})"
        shown = f"{name} {self._shown(self.score)}"
        if self.low is None or self.high is None:
            return f"{shown} (n = {self.n})"
        interval = f"{self._shown(self.low)} to {self._shown(self.high)}"
        return f"{shown} (95 % {interval}, n = {self.n})"

    def _shown(self, number: float) -> str:
        if self.unit == "percent":
            return write_share(number, " %")
        return write_number(number, {"points": 0, "index": 1}.get(self.unit, 2))


class Scores(msgspec.Struct, frozen=True, kw_only=True):
    """The scores of one survey, in the order of its questions.

    Iterates over the scores; `scores["recommend"]` is that question's score, `scores[0]` the first.
    """

    survey: str
    filter: dict[str, Any] = {}
    """The filter that was applied, as the server understood it."""
    scores: tuple[Score, ...] = ()
    people: dict[str, int] | None = None
    """`responses` of the filter, how many are `named`, and how many different `people` those are;
    None where there are too many responses to tell people apart: `people_note` says so."""
    people_note: str = ""
    """Why `people` is None; empty when it is not."""
    apart: dict[str, int] = {}
    """Responses that the filter would take in but that do not count: how many of each standing."""
    apart_flags: dict[str, int] = {}
    """Why those should be looked at, as far as it is known: how many have each flag."""

    def __iter__(self) -> Iterator[Score]:
        return iter(self.scores)

    def __len__(self) -> int:
        return len(self.scores)

    def __contains__(self, question: object) -> bool:
        return any(score.question == question for score in self.scores)

    def __getitem__(self, question: str | int) -> Score:
        if isinstance(question, int):
            return self.scores[question]
        for score in self.scores:
            if score.question == question:
                return score
        known = ", ".join(score.question for score in self.scores) or "none"
        raise KeyError(f"no score for question {question!r} in {self.survey}; there are: {known}")

    @property
    def nps(self) -> Score | None:
        """The first NPS of the survey, if it asks for one."""
        return self._first("nps")

    @property
    def csat(self) -> Score | None:
        """The first CSAT of the survey, if it asks for one."""
        return self._first("csat")

    @property
    def ces(self) -> Score | None:
        """The first CES of the survey, in either version, if it asks for one."""
        return self._first("ces", "ces_v1")

    def __str__(self) -> str:
        return "\n".join(f"{score.question}: {score}" for score in self.scores)

    def _first(self, *metrics: str) -> Score | None:
        return next((score for score in self.scores if score.metric in metrics), None)
