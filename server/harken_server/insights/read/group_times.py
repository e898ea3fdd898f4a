"""The groups of a breakdown, how they changed, and when one of them stood out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.insights.rules.comparing.breakdowns import (
    Counts,
    GroupScores,
    break_down,
    ratings_in,
)
from harken_server.insights.rules.comparing.standouts import LEAST, ByTime, Looked, find_standouts
from harken_server.insights.rules.scores import Score
from harken_server.insights.rules.trends import Period, TrendPoint, period_start
from harken_server.insights.store.group_times_sql import GroupTime, Per, read_group_times
from harken_server.responses.response import CountFilter
from harken_server.surveys.questions.types import RatingQuestion


class OfQuestion(NamedTuple):
    """Which counts are read, and what everybody answered."""

    db: Database
    workspace_id: UUID
    survey_id: UUID
    question: RatingQuestion
    everybody: Score
    trend: Sequence[TrendPoint]


class GroupTimes(msgspec.Struct, kw_only=True, frozen=True):
    """What one question says by group."""

    by: str
    groups: list[GroupScores]
    """Most answers first; with their change where there is something to compare with."""
    before: Mapping[str, int] = {}
    """Answers of each group in what is compared with."""
    times: Mapping[str | None, ByTime] = {}
    """Counts of each group by the first day of a period; under None of everybody."""
    looked: Looked
    """When a group, or everybody, stood out within the period."""


async def read_groups_over_time(
    of: OfQuestion,
    selection: CountFilter,
    before: CountFilter | None,
    *,
    by: str,
    period: Period,
) -> GroupTimes:
    """Two statements at most, of the latest of each person three: over time everybody's earlier
    answers belong to it. Without `by` only everybody is looked at, in none.
    """
    per = "week" if period == "week" else "day"
    now = await _read(of, selection, by, per) if by else []
    every = now
    if by and selection.is_latest:
        every = await _read(of, msgspec.structs.replace(selection, is_latest=False), by, per)
    then = await _read(of, before, by, "whole") if by and before is not None else []
    key = of.question.key
    times: dict[str | None, ByTime] = {None: _of_trend(of.trend), **_by_time(every, period)}
    return GroupTimes(
        by=by,
        groups=break_down(
            [of.question],
            _whole(now, key),
            {key: of.everybody.counts},
            before=None if before is None else _whole(then, key, least=LEAST),
        ),
        before={group: _answers(counts[key]) for group, counts in _whole(then, key).items()},
        times=times,
        looked=find_standouts(of.question, times),
    )


async def _read(of: OfQuestion, selection: CountFilter, by: str, per: Per) -> list[GroupTime]:
    place = (of.db, of.workspace_id, of.survey_id)
    return await read_group_times(*place, selection, question=of.question.key, by=by, per=per)


def _whole(rows: Sequence[GroupTime], question: str, *, least: int = 1) -> dict[str, Counts]:
    """Of groups with so many answers."""
    sums: dict[str, dict[str, int]] = {}
    for row in rows:
        _add(sums.setdefault(row.group, {}), row.counts)
    return {
        group: {question: present}
        for group, counts in sums.items()
        if sum((present := {value: n for value, n in counts.items() if n > 0}).values()) >= least
    }


def _answers(counts: Mapping[str, int]) -> int:
    return sum(ratings_in(counts).values())


def _by_time(rows: Sequence[GroupTime], period: Period) -> dict[str, ByTime]:
    found: dict[str, dict[int, dict[str, int]]] = {}
    for row in rows:
        start = period_start(row.day, period)
        _add(found.setdefault(row.group, {}).setdefault(start, {}), row.counts)
    return {**found}


def _of_trend(points: Sequence[TrendPoint]) -> dict[int, Mapping[str, int]]:
    return {point.first_day.toordinal(): point.score.counts for point in points if point.score.n}


def _add(sums: dict[str, int], counts: Mapping[str, int]) -> None:
    if not sums:
        sums.update(counts)
        return
    for value, n in counts.items():
        sums[value] = sums.get(value, 0) + n
