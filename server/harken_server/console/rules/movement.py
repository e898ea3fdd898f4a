"""What is said of a score that moved."""

from __future__ import annotations

from harken_server.insights.rules.comparing.differences import Difference
from harken_server.insights.rules.figures import show_number
from harken_server.insights.rules.scores import Unit

EARLY = "early days"
_DECIMALS: dict[Unit, int] = {"points": 0, "percent": 0, "mean": 2, "index": 1}


def say_movement(difference: Difference | None, unit: Unit) -> str:
    """Of the last four weeks beside the four before; "early days" where nobody can tell.

    >>> say_movement(Difference(6.2, -3.0, 15.0, 0.2), "points"), say_movement(None, "points")
    ('up 6 on the four weeks before, could be chance', 'early days')
    >>> say_movement(Difference(-0.31, -0.5, -0.1, 0.01), "mean")
    'down 0.31 on the four weeks before'
    """
    if difference is None:
        return EARLY
    by = show_number(abs(difference.by), _DECIMALS[unit])
    if not by.strip("0."):
        return "as in the four weeks before"
    way = "up" if difference.by > 0 else "down"
    doubt = ", could be chance" if difference.could_be_chance else ""
    return f"{way} {by} on the four weeks before{doubt}"
