"""Where people stopped, and who of those asked by name answered: what a page tells of both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from harken_server.insights.read.place import Place
from harken_server.insights.store.rates_sql import read_left
from harken_server.insights.store.reached_sql import Invited, Reached, read_invited, read_reached
from harken_server.surveys.questions.types import Question
from harken_server.workspaces.workspace import Dimension

MOST_LEFT = 5_000
"""Unfinished responses that are looked through: some 50 ms."""


class AskedByName(msgspec.Struct, kw_only=True, frozen=True):
    """Personal links of the period."""

    reached: Reached
    by: str
    """What they are laid side by side by: a dimension, else the channel."""
    groups: tuple[Invited, ...]


async def read_left_after(place: Place) -> dict[str, int] | None:
    """How many stopped after each question, by its key; None where too many to look through did."""
    left = await read_left(
        place.db, place.workspace_id, place.survey_id, place.selection, most=MOST_LEFT
    )
    return None if left is None else left_after(place.questions, left)


def left_after(questions: Sequence[Question], left: Sequence[frozenset[str]]) -> dict[str, int]:
    """The last question, in the survey's order, that each of them answered."""
    order = {each.key: at for at, each in enumerate(questions)}
    found: Counter[str] = Counter()
    for keys in left:
        known = keys & order.keys()
        if known:
            found[max(known, key=order.__getitem__)] += 1
    return dict(found)


async def read_asked(place: Place, by: str, dimensions: Sequence[Dimension]) -> AskedByName:
    """By that dimension where invitations know it, which is where it comes from the context."""
    known = {each.name: each.key for each in dimensions if each.source == "context"}
    where = place.db, place.workspace_id, place.survey_id, place.selection
    reached = await read_reached(*where)
    groups = await read_invited(*where, context=known.get(by)) if reached.invited else []
    return AskedByName(reached=reached, by=by if by in known else "channel", groups=tuple(groups))
