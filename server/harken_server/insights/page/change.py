"""One thing that moved, as the page tells it, and the one rule of what is told as sure.

By that rule the page both words and colours.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

import msgspec

from harken_server.insights.rules.comparing.breakdowns import ScoreDifference
from harken_server.insights.rules.comparing.differences import Difference, correct_many
from harken_server.insights.rules.comparing.sentences import say_difference
from harken_server.insights.rules.figures import show_number
from harken_server.insights.rules.scores import Score, Unit

FAMILIES = 4
"""Of comparisons that stand in one list: periods, events, groups and questions. Each is corrected
by itself (Holm)."""
SURE = 0.05 / FAMILIES
"""What p-values of a family are held to, so that all of it is wrong once in twenty pages
(Bonferroni)."""
Kind: TypeAlias = Literal["good", "bad"]
_DECIMALS: dict[Unit, int] = {"points": 0, "percent": 0, "mean": 2, "index": 1}
_WORDS: dict[Unit, str] = {
    "points": " points", "percent": " percentage points", "mean": "", "index": "",
}  # fmt: skip


class Change(msgspec.Struct, kw_only=True, frozen=True):
    """One thing that moved."""

    title: str
    detail: str
    chance: str
    arrow: str
    kind: Kind
    href: str
    p: float
    reason: str = ""
    """What moved with it, and so may be why."""
    is_standout: bool = False


def kind_of(by: float, score: Score) -> Kind:
    """Whether it is good that the score is that much higher."""
    return "good" if (by > 0) == (score.direction == "higher_is_better") else "bad"


def verb(by: float) -> str:
    """What a score did.

    >>> verb(-3)
    'fell'
    """
    return "rose" if by > 0 else "fell"


def say_apart(by: float, low: float, high: float, unit: Unit) -> str:
    """How far one score is from another, and between which ends.

    >>> say_apart(-8.2, -13.4, -3, "points")
    '8 points lower (3 to 13)'
    """
    near, far = sorted((abs(low), abs(high)))
    size, *ends = (show_number(each, _DECIMALS[unit]) for each in (abs(by), near, far))
    word = _WORDS[unit].removesuffix("s") if size == "1" else _WORDS[unit]
    return f"{size}{word} {'higher' if by > 0 else 'lower'} ({ends[0]} to {ends[1]})"


def is_sure(difference: ScoreDifference) -> bool:
    """Whether p-value and interval both say that it is no chance."""
    return difference.p_corrected <= SURE and difference.low * difference.high > 0


def is_likely(difference: ScoreDifference) -> bool:
    """Whether it would be no chance if nothing but its family were compared: told quietly."""
    return not difference.could_be_chance and difference.low * difference.high > 0


def held_to_all(
    scores: Sequence[Score], differences: Sequence[ScoreDifference]
) -> dict[str, ScoreDifference]:
    """By question, corrected for how many questions there are; doubt is that of the whole page."""
    units: dict[str, Unit] = {score.question: score.unit for score in scores}
    chances = correct_many([each.p for each in differences])
    found: dict[str, ScoreDifference] = {}
    for each, chance in zip(differences, chances, strict=True):
        held = msgspec.structs.replace(each, p_corrected=chance)
        doubt = not is_sure(held)
        bare = Difference(each.by, each.low, each.high, each.p)
        says = say_difference(bare, units[each.question], could_be_chance=doubt)
        found[each.question] = msgspec.structs.replace(held, could_be_chance=doubt, says=says)
    return found


def chance_of_all(p: float) -> float:
    """What a family's corrected p-value is among all that the page compares."""
    return min(1.0, FAMILIES * p)
