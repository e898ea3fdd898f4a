"""Importance and performance: what to mend first is what matters much and is done badly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from harken_server.design.markup import xml_text
from harken_server.insights.page.pictures.canvas import cut, few, labelled, place, standing, words
from harken_server.insights.rules.figures import (
    count_answers,
    show_level,
    show_number,
    show_score,
    show_share,
)
from harken_server.insights.rules.intervals import USUAL_LEVEL
from harken_server.insights.rules.scores import Unit

PLOT = 280
_TOP, _EDGE, _LINE = 22, 12, 19
"""Pixels above the plot, percent kept free at its sides, and pixels of a line of the key."""
_LETTERS = 26
_KEY = 40
"""Pixels from the plot to the key's head."""
_RIGHT = 60
"""Percent of the width: from here on a name stands to the left of its mark."""
QUADRANTS = ("Possible overkill", "Keep it up", "Low priority", "Fix first")
"""Above, then below; of little importance first."""


class Driver(NamedTuple):
    """One thing that people were asked about."""

    label: str
    importance: float
    """How much it moves the score: of all that is explained, from 0 to 1."""
    performance: float
    """Its own score."""
    n: int
    ends: tuple[float, float] | None = None
    """The interval of its importance."""
    level: float = USUAL_LEVEL
    """Of that interval."""


class Matrix(NamedTuple):
    """The drivers of one score."""

    drivers: tuple[Driver, ...]
    unit: Unit
    """Of the performance."""


def draw_matrix(name: str, matrix: Matrix) -> Markup:
    """Importance to the right, performance upwards, lines at the means; a number and a key each."""
    drivers = matrix.drivers
    across, upwards = _scales(drivers)
    middle_x = place(across.percent(across.mean))
    middle_y = round(_TOP + PLOT * (1 - upwards.percent(upwards.mean) / 100))
    bottom = _TOP + PLOT
    parts = [
        f'<rect y="{_TOP}" width="100%" height="{PLOT}" rx="6" class="plot-ground"/>',
        f'<line x1="{middle_x}%" x2="{middle_x}%" y1="{_TOP}" y2="{bottom}" class="overall"/>',
        f'<line x2="100%" y1="{middle_y}" y2="{middle_y}" class="overall"/>',
        words(_TOP - 8, "↑ rated better", "start"),
        words(bottom + 16, "matters more →", "end", x="100%"),
        *_corners(bottom),
    ]
    for number, driver in enumerate(drivers, 1):
        x, y = across.percent(driver.importance), upwards.percent(driver.performance)
        level = round(_TOP + PLOT * (1 - y / 100))
        reach = [x, x] if driver.ends is None else [across.percent(end) for end in driver.ends]
        left, right = (f"{place(end)}%" for end in reach)
        parts.append(f'<line x1="{left}" x2="{right}" y1="{level}" y2="{level}" class="reach"/>')
        parts.append(_mark(number, driver, matrix.unit, x, level))
        beyond = (reach[1], 16, "start") if x < _RIGHT else (reach[0], -16, "end")
        name = words(4, cut(driver.label, _LETTERS), f"strong wide {beyond[2]}", x=beyond[1])
        parts.append(standing(beyond[0], level, name))
        at = bottom + _KEY + number * _LINE
        parts.append(words(at, f"{number}  {cut(driver.label, _LETTERS)}", "strong start"))
        told = f"{show_share(100 * driver.importance)} · "
        told += show_score(driver.performance, matrix.unit)
        parts.append(words(at, told, "end", x="100%"))
    said = " ".join(_say(driver, matrix.unit, across, upwards) for driver in drivers)
    if drivers:
        parts.append(
            words(bottom + _KEY, "of what goes with it · mean rating, 0 to 100", "end", x="100%")
        )
    height = bottom + _KEY + 12 + len(drivers) * _LINE
    return labelled("matrix", f"{name}. {said or 'No drivers yet.'}", parts, height=height)


def quadrant_of(driver: Driver, drivers: Sequence[Driver]) -> str:
    """Where it lies beside the means of all."""
    return _quadrant(driver, *_scales(drivers))


class _Scale(NamedTuple):
    low: float
    high: float
    mean: float

    @classmethod
    def around(cls, values: Sequence[float], ends: Sequence[float] = ()) -> _Scale:
        """One for no values too; `ends` are to lie within."""
        if not values:
            return cls(0, 1, 0.5)
        low, high = min([*values, *ends]), max([*values, *ends])
        return cls(low, high, sum(values) / len(values))

    def percent(self, value: float) -> float:
        """Within the plot, whose sides are kept free."""
        part = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5
        return _EDGE + part * (100 - 2 * _EDGE)


def _scales(drivers: Sequence[Driver]) -> tuple[_Scale, _Scale]:
    """Of importance and of performance."""
    ends = [end for driver in drivers for end in driver.ends or ()]
    across = _Scale.around([driver.importance for driver in drivers], ends)
    return across, _Scale.around([driver.performance for driver in drivers])


def _corners(bottom: int) -> list[str]:
    places = ((_TOP + 16, "start", "8"), (_TOP + 16, "end", "99%"),
              (bottom - 8, "start", "8"), (bottom - 8, "end", "99%"))  # fmt: skip
    return [words(y, text, kind, x=x) for text, (y, kind, x) in zip(QUADRANTS, places, strict=True)]


def _mark(number: int, driver: Driver, unit: Unit, x: float, y: int) -> str:
    said = f"{driver.label}: {show_score(driver.performance, unit)}, {count_answers(driver.n)}"
    return (
        f'<svg x="{place(x)}%" y="{y}"><title>{xml_text(said)}</title>'
        f'<circle r="10" class="mark{few(driver.n)}"/>{words(4, str(number), "on-mark", x=0)}</svg>'
    )


def _quadrant(driver: Driver, across: _Scale, upwards: _Scale) -> str:
    is_much = driver.importance >= across.mean
    is_good = driver.performance >= upwards.mean
    return QUADRANTS[(0 if is_good else 2) + is_much]


def _say(driver: Driver, unit: Unit, across: _Scale, upwards: _Scale) -> str:
    sure = ""
    if driver.ends is not None:
        low, high = (show_number(end, 2) for end in driver.ends)
        sure = f" ({show_level(driver.level)} interval {low} to {high})"
    return (
        f"{driver.label}: importance {show_number(driver.importance, 2)}{sure}, "
        f"{show_score(driver.performance, unit)}, {count_answers(driver.n)}, "
        f"{_quadrant(driver, across, upwards).lower()}."
    )
