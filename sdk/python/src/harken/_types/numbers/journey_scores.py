"""A journey in numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TypedDict

import msgspec

from harken._types.numbers.score import Score, ScoreDifference


class JourneyScoreOptions(TypedDict, total=False):
    """What `client.journeys.scores` may be asked beside the journey; all may be left out."""

    from_: date | str | None
    """First day, included: 30 days up to the last one unless said."""
    to: date | str | None
    """Last day, included: today unless said."""
    channel: str | None
    where: str | None
    """A member of a declared dimension, such as `store:Oslo`."""


class JourneyIndex(msgspec.Struct, frozen=True, kw_only=True):
    """A number from 0 (worst) to 100 (best), whatever metrics it is made of, with its interval."""

    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        if self.value is None or self.low is None or self.high is None:
            return "unknown"
        return f"{self.value:.0f} ({self.low:.0f} to {self.high:.0f}, n = {self.n})"


class IndexChange(msgspec.Struct, frozen=True, kw_only=True):
    """An index less that of as many days before."""

    by: float
    low: float
    high: float
    could_be_chance: bool


class TouchpointScore(msgspec.Struct, frozen=True, kw_only=True):
    """One touchpoint of a journey."""

    key: str
    index: JourneyIndex
    title: str = ""
    owner: str = ""
    weight: float = 1.0
    survey: str | None = None
    gap: str = ""
    """Why there is no score, such as `no survey here`."""
    score: Score | None = None
    change: ScoreDifference | None = None
    triggers: int = 0
    asked: int = 0
    answered: int = 0


class StageScore(msgspec.Struct, frozen=True, kw_only=True):
    """One stage of a journey."""

    key: str
    title: str
    index: JourneyIndex
    weight: float = 1.0
    gap: str = ""
    change: IndexChange | None = None
    weeks: tuple[float | None, ...] = ()
    """Its index in each week of these days and of as many before, oldest first."""
    people: int = 0
    """Named people who passed one of its touchpoints."""
    went_on: int = 0
    """Of these, those who passed one of a later stage too."""
    triggers: int = 0
    asked: int = 0
    answered: int = 0
    touchpoints: tuple[TouchpointScore, ...] = ()


class JourneyScore(msgspec.Struct, frozen=True, kw_only=True):
    """The whole, and its stages."""

    index: JourneyIndex
    change: IndexChange | None = None
    stages: tuple[StageScore, ...] = ()


class JourneyScores(msgspec.Struct, frozen=True, kw_only=True):
    """A journey in numbers; iterates over its stages, in order."""

    journey: str
    title: str
    first_day: date
    last_day: date
    compared_with: str
    scores: JourneyScore
    level: float = 0.95
    formula: str = ""
    source: str = ""

    def __iter__(self) -> Iterator[StageScore]:
        return iter(self.scores.stages)

    def __len__(self) -> int:
        return len(self.scores.stages)

    def __str__(self) -> str:
        whole = self.scores
        lines = [f"{self.title}, {self.first_day} to {self.last_day}: {whole.index}"]
        lines[0] += _changed(whole.change)
        for stage in whole.stages:
            people = f"; {stage.went_on} of {stage.people} people went on" if stage.people else ""
            lines.append(
                f"{stage.title}: {stage.gap or stage.index}{_changed(stage.change)}{people}"
            )
            for each in stage.touchpoints:
                change = f"; {each.change.says}" if each.change else ""
                lines.append(f"  {each.key}: {each.gap or each.score}{change}")
        return "\n".join(lines)


def _changed(change: IndexChange | None) -> str:
    if change is None:
        return ""
    doubt = ", could be chance" if change.could_be_chance else ""
    return f"; {change.by:+.0f} ({change.low:+.0f} to {change.high:+.0f}){doubt}"
