"""Scores by two groupings at once, and groups in order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from harken._types.numbers.options import NumberOptions, WeightOptions
from harken._types.numbers.weighting import Weighting


class HeatMapOptions(NumberOptions, total=False):
    """What `client.heat_map` may be asked beside the survey; all may be left out."""

    rows: str
    """`touchpoint` unless said, or `stage`, `channel`, `locale`, `version`, `wave`, `weekday`,
    `hour` or a declared dimension."""
    columns: str
    """`channel` unless said, or another one of these."""
    tz: str | None
    """The zone of `weekday` and `hour`, in place of the workspace's own."""


class HeatGroup(msgspec.Struct, frozen=True, kw_only=True):
    """The score of a row, of a column or of all; `score` is None when nobody answered."""

    group: str = ""
    """Empty: of all, or of answers that have none."""
    n: int
    score: float | None = None
    low: float | None = None
    high: float | None = None
    evidence: str = ""
    """`enough`, `not_enough` or `none`."""


class HeatCell(msgspec.Struct, frozen=True, kw_only=True):
    """The score of one row and one column."""

    row: str
    column: str
    n: int
    score: float | None = None
    low: float | None = None
    high: float | None = None
    evidence: str = ""


class HeatMap(msgspec.Struct, frozen=True, kw_only=True):
    """The scores of one question; iterates over the cells that have answers."""

    question: str
    metric: str
    unit: str
    whole: HeatGroup
    rows: tuple[HeatGroup, ...] = ()
    columns: tuple[HeatGroup, ...] = ()
    cells: tuple[HeatCell, ...] = ()

    def __iter__(self) -> Iterator[HeatCell]:
        return iter(self.cells)

    def __len__(self) -> int:
        return len(self.cells)


class HeatMaps(msgspec.Struct, frozen=True, kw_only=True):
    """A heat map for each scored question; iterates over them."""

    survey: str
    rows: str
    columns: str
    tz: str = "UTC"
    level: float = 0.95
    filter: dict[str, Any] = {}
    maps: tuple[HeatMap, ...] = ()

    def __iter__(self) -> Iterator[HeatMap]:
        return iter(self.maps)

    def __len__(self) -> int:
        return len(self.maps)


class LeaderboardOptions(NumberOptions, WeightOptions, total=False):
    """What `client.leaderboard` may be asked beside the survey; all may be left out."""

    by: str
    """`touchpoint` unless said, or `stage`, `channel`, `locale`, `version`, `wave` or a declared
    dimension."""


class RankedGroup(msgspec.Struct, frozen=True, kw_only=True):
    """A group with its score; without a rank where it has too few answers for one."""

    group: str
    n: int
    score: float | None = None
    low: float | None = None
    high: float | None = None
    rank: str = ""
    """`3`, or `2-5` where chance alone may have put it anywhere between."""
    rank_first: int | None = None
    rank_last: int | None = None
    answers_wanted: int | None = None
    """About how many answers would be enough to rank it; None where they are."""
    effective_n: float | None = None
    """With `weight`: as many unweighted answers would tell as much."""
    raw_score: float | None = None
    """With `weight`: of the same answers, each counted once."""


class Leaderboard(msgspec.Struct, frozen=True, kw_only=True):
    """Groups in order, best first, as far as their scores prove one; iterates over the ranked."""

    survey: str
    by: str
    question: str
    metric: str
    unit: str
    level: float = 0.95
    filter: dict[str, Any] = {}
    ranked: tuple[RankedGroup, ...] = ()
    """Groups whose ranks overlap are not proved to differ."""
    are_all_tied: bool = True
    not_enough: tuple[RankedGroup, ...] = ()
    """Groups whose interval is too wide to rank them, and answers of no group."""
    formula: str = ""
    source: str = ""
    weighting: Weighting | None = None
    """With `weight`: how the responses of all groups together were weighted."""

    def __iter__(self) -> Iterator[RankedGroup]:
        return iter(self.ranked)

    def __len__(self) -> int:
        return len(self.ranked)

    def __str__(self) -> str:
        lines = [f"{'rank':>7}  {'score':>7}  {'from':>7}  {'to':>7}  {'n':>7}  {self.by}"]
        lines += [_line(each, each.rank) for each in self.ranked]
        if self.are_all_tied and len(self.ranked) > 1:
            lines.append("Nobody is proved to be better than anybody.")
        lines += [_line(each, "?") for each in self.not_enough]
        if self.not_enough:
            lines.append("?: not enough answers to be ranked.")
        lines += [str(self.weighting)] if self.weighting else []
        return "\n".join(lines)


def _line(each: RankedGroup, rank: str) -> str:
    numbers = "  ".join(
        f"{'' if number is None else format(number, '.1f'):>7}"
        for number in (each.score, each.low, each.high)
    )
    return f"{rank:>7}  {numbers}  {each.n:>7}  {each.group or '(none)'}"
