"""When something was, and how far it moved, in words."""

from __future__ import annotations

from datetime import date

from harken_server.insights.page.change import chance_of_all, is_sure
from harken_server.insights.page.selection import Selection
from harken_server.insights.rules.comparing.breakdowns import ScoreDifference
from harken_server.insights.rules.figures import show_number
from harken_server.insights.rules.scores import Unit
from harken_server.insights.rules.trends import Period, period_end

_DECIMALS: dict[Unit, int] = {"points": 0, "percent": 0, "mean": 2, "index": 1}
_SMALLEST = 1_000
NO_CHANGE = "no sure change"
"""Of what moved by no more than chance does, or by less than is shown."""


def say_period(start: int, period: Period) -> str:
    """When it was, as people say it.

    >>> say_period(date(2026, 9, 14).toordinal(), "week")
    'in week 38'
    >>> say_period(date(2026, 9, 14).toordinal(), "day")
    'on 14 Sep'
    """
    day = date.fromordinal(start)
    match period:
        case "week":
            return f"in week {day.isocalendar().week}"
        case "month":
            return f"in {day:%B %Y}"
        case "day":
            return f"on {day.day} {day:%b}"


def say_days(start: int, period: Period) -> str:
    """Its days.

    >>> say_days(date(2026, 8, 31).toordinal(), "week")
    '31 Aug to 6 Sep 2026'
    >>> say_days(date(2026, 9, 14).toordinal(), "week")
    '14 to 20 Sep 2026'
    """
    first, last = date.fromordinal(start), date.fromordinal(period_end(start, period))
    end = f"{last.day} {last:%b %Y}"
    if first == last:
        return end
    begin = str(first.day) if first.month == last.month else f"{first.day} {first:%b}"
    return f"{begin} to {end}"


def say_beside(selection: Selection, days: int) -> str:
    """What the period is compared with, after a number.

    >>> say_beside(Selection(), 90), say_beside(Selection(beside="year"), 7)
    ('on the 90 days before', 'on the same days a year before')
    """
    if selection.beside == "year":
        return "on the same days a year before"
    return "on the day before" if days == 1 else f"on the {days} days before"


def say_move(by: float, unit: Unit) -> str:
    """How far, without a unit; empty for what is no move.

    >>> say_move(-8.2, "points"), say_move(0.31, "mean"), say_move(0.2, "percent")
    ('down 8', 'up 0.31', '')
    """
    size = show_number(abs(by), _DECIMALS[unit])
    if not size.strip("0."):
        return ""
    return f"{'up' if by > 0 else 'down'} {size}"


def say_change(difference: ScoreDifference, unit: Unit, beside: str) -> str:
    """How far a score surely moved."""
    move = say_move(difference.by, unit) if is_sure(difference) else ""
    return f"{move or NO_CHANGE} {beside}"


def say_chance(p: float) -> str:
    """How seldom chance alone does so anywhere on the page, of a family's corrected p-value.

    >>> say_chance(0.00002), say_chance(0.01)
    ('Chance alone: less than 1 in 1,000.', 'Chance alone: 1 in 25.')
    """
    p = chance_of_all(p)
    often = "less than 1 in 1,000" if p * _SMALLEST < 1 else f"1 in {round(1 / p)}"
    return f"Chance alone: {often}."


def say_date(day: int) -> str:
    """A day without its year.

    >>> say_date(date(2026, 10, 3).toordinal())
    '3 Oct'
    """
    when = date.fromordinal(day)
    return f"{when.day} {when:%b}"
