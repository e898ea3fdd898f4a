"""Scores with their uncertainty, as numbers and as a line to print."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from harken._types.numbers.weighting import Weighted, Weighting
from harken._types.rounding import write_number, write_share

METRIC_NAMES = {
    "nps": "NPS",
    "csat": "CSAT",
    "ces": "CES",
    "ces_v1": "CES 1.0",
    "rating": "Rating",
    "sus": "SUS",
    "pmf": "Product-market fit",
    "enps": "eNPS",
    "umux": "UMUX",
    "umux_lite": "UMUX-Lite",
    "expectation": "Better than expected",
    "share": "Share",
}


class Hidden(msgspec.Struct, frozen=True):
    """Answers are there and not shown."""

    reason: str
    """`fewer_than_minimum`: they wait for others to be shown with."""
    minimum: int
    """How many people's answers are shown together at least."""


class ScoreTarget(msgspec.Struct, frozen=True, kw_only=True):
    """What a score is to reach, and whether the answers prove that it does."""

    value: float
    direction: str = "at_least"
    """`at_least` or `at_most`."""
    state: str = ""
    """`reached`: all of the interval is; `not_reached`: none of it; `not_proven`: it could be."""

    def __str__(self) -> str:
        state = self.state.replace("_", " ")
        return f"target {self.direction.replace('_', ' ')} {self.value:g} {state}"


class SurveyTarget(msgspec.Struct, frozen=True, kw_only=True):
    """What a score of a survey is to reach, as it was set."""

    question: str
    value: float
    direction: str = "at_least"
    """`at_least` or `at_most`."""


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """A computed number with its counts and its interval; not rounded.

    `score`, `low` and `high` are None when nobody answered, which is not the same as 0.
    """

    question: str
    metric: str
    """`nps`, `enps`, `csat`, `ces`, `ces_v1`, `rating`, `share` of a choice, or of an instrument
    `sus`, `umux`, `umux_lite`, `pmf` or `expectation`."""
    n: int
    """Answers counted."""
    score: float | None = None
    low: float | None = None
    high: float | None = None
    level: float = 0.95
    """How often such intervals hold the truth."""
    margin: float | None = None
    """Half the width of the interval."""
    variance: float | None = None
    """Of single answers, in the square of the unit: the standard error is √(variance/n)."""
    evidence: str = ""
    """`enough`, when the interval takes up no more than a quarter of the range; else
    `not_enough`, or `none` when nobody answered."""
    answers_wanted: int | None = None
    """About how many answers in all would be enough; None where they are."""
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
    target: ScoreTarget | None = None
    """Where one is set, and whether it is reached."""
    weighted: Weighted | None = None
    """With weights; `counts`, `groups` and `n` stay those of the answers as they came."""

    @property
    def proved_share(self) -> float | None:
        """Percentage of the answers that are proved; None where it is not known."""
        return None if self.proved is None or not self.n else 100 * self.proved / self.n

    def __str__(self) -> str:
        return f"{self._told()}; {self.target}" if self.target else self._told()

    def _told(self) -> str:
        name = METRIC_NAMES.get(self.metric, self.metric)
        if self.score is None:
            return f"{name} unknown (n = {self.n})"
        shown = f"{name} {self._shown(self.score)}"
        if self.low is None or self.high is None:
            return f"{shown} (n = {self.n})"
        interval = f"{self._shown(self.low)} to {self._shown(self.high)}"
        return f"{shown} ({100 * self.level:g} % {interval}, n = {self.n}{self._weighted()})"

    def _weighted(self) -> str:
        if self.weighted is None or self.weighted.raw_score is None:
            return ""
        raw = self._shown(self.weighted.raw_score)
        return f", counting like {self.weighted.effective_n:.0f}; {raw} unweighted"

    def _shown(self, number: float) -> str:
        if self.unit == "percent":
            return write_share(number, " %")
        return write_number(number, {"points": 0, "index": 1}.get(self.unit, 2))


class ScoreDifference(msgspec.Struct, frozen=True, kw_only=True):
    """A score less another one of the same question, and what that is worth."""

    question: str
    metric: str
    by: float
    """In the unit of the score."""
    low: float
    high: float
    """Ends of the interval of the difference."""
    level: float = 0.95
    p: float = 1.0
    """Chance of a difference at least as large among answers that differ by chance alone."""
    p_corrected: float = 1.0
    """The same, corrected for how many groups are compared at once."""
    could_be_chance: bool = True
    """Whether `p_corrected` is more than 1 - `level`."""
    says: str = ""
    """In one sentence."""

    def __str__(self) -> str:
        return self.says


class ScoreGroup(msgspec.Struct, frozen=True, kw_only=True):
    """One group of a breakdown, such as a store."""

    group: str
    """Empty: answers that have none."""
    scores: tuple[Score, ...] = ()
    beside_rest: tuple[ScoreDifference, ...] = ()
    """Less the score of everybody else, where both have answers."""
    change: tuple[ScoreDifference, ...] = ()
    """Less the score of the same group in what is compared with."""
    hidden: Hidden | None = None
    """Why there are no `scores`, though somebody of this group has answered."""


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """What the scores are compared with."""

    with_: str = msgspec.field(name="with")
    """`2026-10-01..2026-10-31`, or a name and its value."""
    scores: tuple[Score, ...] = ()
    differences: tuple[ScoreDifference, ...] = ()
    """The scores asked for less these."""
    reversed: tuple[ScoreDifference, ...] = ()
    """Differences whose opposite each group shows: the mix of the groups has changed."""


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
    hidden: Hidden | None = None
    """Why some answers are not among these numbers, of a survey with a minimum group; None where
    all are, so that an `n` of 0 means that nobody answered."""
    apart: dict[str, int] = {}
    """Responses that the filter would take in but that do not count: how many of each standing."""
    apart_flags: dict[str, int] = {}
    """Why those should be looked at, as far as it is known: how many have each flag."""

    groups: tuple[ScoreGroup, ...] = ()
    """With `by`: the scores of each group, most answers first."""
    compared: Compared | None = None
    """With `compare`: what the scores are compared with, and the differences."""
    weighting: Weighting | None = None
    """With `weight`: how the responses were weighted."""
    formulas: dict[str, dict[str, str]] = {}
    """The `formula` and the `source` of each metric."""
    interval_formulas: dict[str, dict[str, str]] = {}
    """Those of each method of the intervals."""

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
        lines = [f"{score.question}: {score}" for score in self.scores]
        lines += [str(self.weighting)] if self.weighting else []
        if self.compared:
            lines.append(f"beside {self.compared.with_}:")
            lines += [f"  {each.question}: {each}" for each in self.compared.differences]
            lines += [
                f"  {each.question}: each group moved the other way; the mix of groups changed."
                for each in self.compared.reversed
            ]
        for group in self.groups:
            lines.append(f"{group.group or '(none)'}:")
            lines += [f"  {score.question}: {score}" for score in group.scores if score.n]
            changes = group.change or group.beside_rest
            beside = "than before" if group.change else "than everybody else"
            lines += [f"  {each.question}, {beside}: {each}" for each in changes]
        return "\n".join(lines)

    def _first(self, *metrics: str) -> Score | None:
        return next((score for score in self.scores if score.metric in metrics), None)
