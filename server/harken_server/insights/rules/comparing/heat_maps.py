"""Two groupings at once: the score of each cell, of each row and column, and of all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

import msgspec

from harken_server.insights.rules.comparing.breakdowns import ratings_in
from harken_server.insights.rules.estimates import USUAL, Certainty, Evidence
from harken_server.insights.rules.metrics import score_question
from harken_server.insights.rules.scores import Metric, Score, Unit
from harken_server.surveys.questions.types import RatingQuestion

Cells: TypeAlias = Mapping[tuple[str, ...], Mapping[str, Mapping[str, int]]]
"""Ratings by question, of a row and a column."""
IN_ORDER = ("version", "weekday", "hour")
"""Groups that are numbers, and stand in their order; others by their answers, most first."""


class CellNumber(msgspec.Struct, kw_only=True, frozen=True):
    """A score with its interval, as far as a picture needs it; null where nobody answered."""

    score: float | None
    low: float | None
    high: float | None
    n: int
    evidence: Evidence


class HeatCell(CellNumber, kw_only=True, frozen=True):
    """Of one row and one column; cells without answers are left out."""

    row: str
    column: str


class HeatGroup(CellNumber, kw_only=True, frozen=True):
    """Of a whole row or column."""

    group: str
    """Empty: answers that have none."""


class HeatMap(msgspec.Struct, kw_only=True, frozen=True):
    """The scores of one question."""

    question: str
    metric: Metric
    unit: Unit
    whole: CellNumber
    """Of all answers of the filter."""
    rows: list[HeatGroup]
    """1 (Monday) to 7, 0 to 23 and versions in their order; others by their answers, most first."""
    columns: list[HeatGroup]
    cells: list[HeatCell]
    """In the order of rows and columns."""


def draw_heat_map(
    question: RatingQuestion, cells: Cells, names: tuple[str, str], certainty: Certainty = USUAL
) -> HeatMap:
    """`names` are what rows and columns group by."""

    def score(ratings: Mapping[int, int]) -> Score:
        return score_question(question, ratings, certainty)

    own = {
        place: ratings_in(given[question.key])
        for place, given in cells.items()
        if question.key in given
    }
    whole = score(_added(own.values()))
    rows, columns = (_groups(own, side, names[side], score) for side in (0, 1))
    return HeatMap(
        question=question.key,
        metric=whole.metric,
        unit=whole.unit,
        whole=_number(whole),
        rows=rows,
        columns=columns,
        cells=[
            _cell(row.group, column.group, score(own[place]))
            for row in rows
            for column in columns
            if (place := (row.group, column.group)) in own
        ],
    )


def _groups(
    own: Mapping[tuple[str, ...], Mapping[int, int]],
    side: int,
    name: str,
    score: Callable[[Mapping[int, int]], Score],
) -> list[HeatGroup]:
    by_group: dict[str, list[Mapping[int, int]]] = {}
    for place, ratings in own.items():
        by_group.setdefault(place[side], []).append(ratings)
    found = [_group(group, score(_added(parts))) for group, parts in by_group.items()]
    if name in IN_ORDER:
        return sorted(found, key=lambda each: int(each.group))
    return sorted(found, key=lambda each: (-each.n, each.group))


def _cell(row: str, column: str, score: Score) -> HeatCell:
    return HeatCell(
        row=row, column=column, score=score.score, low=score.low, high=score.high, n=score.n,
        evidence=score.evidence,
    )  # fmt: skip


def _group(group: str, score: Score) -> HeatGroup:
    return HeatGroup(
        group=group, score=score.score, low=score.low, high=score.high, n=score.n,
        evidence=score.evidence,
    )  # fmt: skip


def _added(many: Iterable[Mapping[int, int]]) -> dict[int, int]:
    sums: dict[int, int] = {}
    for each in many:
        for rating, n in each.items():
            sums[rating] = sums.get(rating, 0) + n
    return sums


def _number(score: Score) -> CellNumber:
    return CellNumber(
        score=score.score, low=score.low, high=score.high, n=score.n, evidence=score.evidence
    )
