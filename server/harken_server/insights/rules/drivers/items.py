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
    return [item for question in questions for item in _items_of(question)]


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


def _items_of(question: q.Question) -> list[Item]:
    match question:
        case q.Matrix():
            return _rows(question)
        case q.Ces():
            return [_scale(question, is_better_low=question.variant == "1")]
        case q.Nps() | q.Csat() | q.Rating():
            return [_scale(question)]
        case q.OneChoice() | q.MultipleChoice() | q.Ranking() | q.Written():
            return []
        case q.Consent() | q.Statement():
            return []


def _scale(question: q.RatingQuestion, *, is_better_low: bool = False) -> Item:
    low, high = q.scale_of(question)
    return Item(question.key, question.key, low, high, is_better_low=is_better_low)


def _rows(matrix: q.Matrix) -> list[Item]:
    ordered = [each.value for each in matrix.columns if each.value not in NOT_APPLICABLE]
    places = tuple((value, place) for place, value in enumerate(ordered, 1))
    if len(places) < 2:
        return []
    return [
        Item(f"{matrix.key}.{row.value}", matrix.key, 1, len(places), places) for row in matrix.rows
    ]
