"""What is said where answers are there and not shown: that is not the same as no answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from harken_server.insights.rules.breakdowns import GroupScores
from harken_server.insights.rules.scores import Score


class Hidden(msgspec.Struct, frozen=True):
    """Some answers are not among these numbers."""

    reason: Literal["fewer_than_minimum"]
    """They wait until `minimum` can be shown together, of a group or of all."""
    minimum: int
    """How many people's answers are shown together at least."""


def hidden_where(
    minimum: int, *, waiting: int, scores: Sequence[Score] = (), groups: Sequence[GroupScores] = ()
) -> Hidden | None:
    """What is said beside these scores, and these groups of them; None where nothing is hidden.

    `minimum` is 0 for a survey that shows each answer.
    """
    if not minimum:
        return None
    named = [score.n for group in groups if group.group for score in group.scores]
    is_blended = bool(named) and sum(named) < sum(score.n for score in scores)
    if not (waiting or is_blended):
        return None
    return Hidden("fewer_than_minimum", minimum)


def say_hidden(hidden: Hidden) -> str:
    """The reason, for people."""
    return f"Hidden: fewer than {hidden.minimum} answers"
