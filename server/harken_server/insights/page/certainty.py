"""The one rule of what is told as sure, by which the page both words and colours."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from harken_server.insights.rules.comparing.breakdowns import ScoreDifference
from harken_server.insights.rules.comparing.differences import Difference, correct_many
from harken_server.insights.rules.comparing.sentences import say_difference
from harken_server.insights.rules.scores import Score, Unit

FAMILIES = 4
"""Of comparisons that stand in one list: periods, events, groups and questions. Each is corrected
by itself (Holm)."""
SURE = 0.05 / FAMILIES
"""What p-values of a family are held to, so that all of it is wrong once in twenty pages
(Bonferroni)."""


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
