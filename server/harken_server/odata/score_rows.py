"""Rows of the tables of numbers: scores by group, and over time, as the API reckons them."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import msgspec

from harken_server.insights.api.scores import ScoresQuery, reckon_scores
from harken_server.insights.api.trends import TrendsQuery, reckon_trends
from harken_server.insights.rules.scores import Score
from harken_server.odata.response_rows import RowDict
from harken_server.odata.rules.filters import Comparison, Condition, conjuncts_of
from harken_server.odata.rules.model import EntitySet
from harken_server.responses.filters import FilterQuery, counted_dimensions
from harken_server.sheets.access import SheetCall

Length: TypeAlias = Literal["day", "week", "month"]
LENGTHS: tuple[Length, ...] = ("day", "week", "month")
ALL = "all"
"""The group of a score over all answers."""


async def score_rows(
    call: SheetCall, table: EntitySet, asked: FilterQuery, condition: Condition | None
) -> list[RowDict]:
    """A row for each question, of all answers and of each group of every kind."""
    kinds = [ALL, "touchpoint", "channel", "version", *counted_dimensions(call.workspace)]
    rows: list[RowDict] = []
    for by in _those_asked_for("by", kinds, condition):
        query = ScoresQuery(**_fields(asked), by=None if by == ALL else by)
        reply = await reckon_scores(call, call.record.key, query)
        if isinstance(reply.groups, msgspec.UnsetType):
            rows += [_row(table, score, by=by, group="") for score in reply.scores]
        else:
            rows += [
                _row(table, score, by=by, group=each.group)
                for each in reply.groups
                for score in each.scores
            ]
    return rows


async def trend_rows(
    call: SheetCall, asked: FilterQuery, condition: Condition | None
) -> list[RowDict]:
    """A row for each period of each question: by days, by weeks and by months."""
    rows: list[RowDict] = []
    for length in _those_asked_for("length", LENGTHS, condition):
        query = TrendsQuery(**_fields(asked), period=length)
        reply = await reckon_trends(call, call.record.key, query)
        rows += [
            {
                "length": length,
                "question": trend.question,
                "metric": trend.metric,
                "unit": trend.unit,
                **msgspec.structs.asdict(point),
            }
            for trend in reply.trends
            for point in trend.points
        ]
    return rows


def _those_asked_for(name: str, kinds: Any, condition: Condition | None) -> list[Any]:
    """Only one kind, where the filter names it; else all."""
    named = {
        each.value
        for each in conjuncts_of(condition)
        if isinstance(each, Comparison) and each.name == name and each.operator == "eq"
    }
    return [kind for kind in kinds if not named or kind in named]


def _row(table: EntitySet, score: Score, *, by: str, group: str) -> RowDict:
    row: RowDict = {"by": by, "group": group}
    for name in table.types().keys() - row.keys():
        row[name] = getattr(score, name)
    return row


def _fields(asked: FilterQuery) -> dict[str, Any]:
    return {name: getattr(asked, name) for name in FilterQuery.__struct_fields__}
