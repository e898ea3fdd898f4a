"""The scale of a picture of scores."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor

import msgspec

from harken_server.insights.rules.scores import Unit

_STEPS: dict[Unit, tuple[float, ...]] = {
    "points": (5, 10, 20, 25, 50),
    "percent": (2, 5, 10, 20, 25),
    "index": (2, 5, 10, 20, 25),
    "mean": (0.1, 0.25, 0.5, 1, 2, 5),
}
_MOST_STEPS = 5


class Axis(msgspec.Struct, frozen=True):
    """Both ends and the distance of grid lines, in the unit of the score."""

    low: float
    high: float
    step: float

    def lines(self) -> list[float]:
        """Where grid lines are, from the lowest one up."""
        count = round((self.high - self.low) / self.step)
        return [min(self.high, self.low + index * self.step) for index in range(count + 1)]

    def part_of(self, value: float) -> float:
        """Where a value stands, from 0 at the low end to 1."""
        return (value - self.low) / (self.high - self.low)


def axis_around(ends: Sequence[float], unit: Unit, range_: tuple[float, float]) -> Axis:
    """A scale around all of them with at most six grid lines, inside the range of the score."""
    low, high = min(ends), max(ends)
    step = _STEPS[unit][-1]
    for candidate in _STEPS[unit]:
        if ceil(high / candidate) - floor(low / candidate) <= _MOST_STEPS:
            step = candidate
            break
    bottom = max(range_[0], floor(low / step) * step)
    top = min(range_[1], ceil(high / step) * step)
    return Axis(bottom, top if top > bottom else bottom + step, step)
