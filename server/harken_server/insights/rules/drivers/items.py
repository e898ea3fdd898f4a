"""What is rated: a question on a scale, or a row of a matrix whose columns are in an order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from harken_server.surveys.questions import types as q

NOT_APPLICABLE = frozenset(
    {"na", "n_a", "not_applicable", "does_not_apply", "dont_know", "do_not_know", "no_opinion",
     "not_used", "other", "none"}
)  # fmt: skip
"""Stored values of matrix columns that say nothing of how good something is: they are missing."""


class Item(NamedTuple):
    """One thing that people rate."""

    name: str
    """`service`, or of a matrix `parts.speed`."""
    question: str
    low: int
    high: int
    places: tuple[tuple[str, int], ...] = ()
    """Of a matrix row: the place of each column, from 1; those that do not apply have none."""
    is_better_low: bool = False
    """Effort (CES 1): fewer is better."""


def rated_items(questions: Iterable[q.Question]) -> list[Item]:
    """Every item of a survey, in its order; rows of a matrix one by one."""
    found: list[Item] = []
    for question in questions:
        if isinstance(question, q.Matrix):
            found += _rows(question)
        elif (rated := q.as_rating(question)) is not None:
            low, high = q.scale_of(rated)
            is_effort = isinstance(rated, q.Ces) and rated.variant == "1"
            found.append(Item(rated.key, rated.key, low, high, is_better_low=is_effort))
    return found


def named_items(items: Sequence[Item], names: Iterable[str]) -> list[Item] | str:
    """The items of these names, a matrix by its key with all rows; or the name that is none."""
    by_name: Mapping[str, Item] = {item.name: item for item in items}
    found: dict[str, Item] = {}
    for name in names:
        own = [by_name[name]] if name in by_name else [i for i in items if i.question == name]
        if not own:
            return name
        found |= {item.name: item for item in own}
    return list(found.values())


def _rows(matrix: q.Matrix) -> list[Item]:
    ordered = [each.value for each in matrix.columns if each.value not in NOT_APPLICABLE]
    places = tuple((value, place) for place, value in enumerate(ordered, 1))
    if len(places) < 2:
        return []
    return [
        Item(f"{matrix.key}.{row.value}", matrix.key, 1, len(places), places) for row in matrix.rows
    ]
