"""Under what the answers of a response are counted, and the rows that the counts table gets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

import msgspec

from harken_server.surveys.answers.typed_rows import AnswerRow

CountedValue: TypeAlias = tuple[str, str, str]
"""(question, part, value) as the counts table has them; part and value are empty in a base."""
COUNT_COLUMNS = (
    "workspace_id", "survey_id", "version", "touchpoint", "channel", "day", "dimension", "member",
    "question", "part", "value", "lane", "n",
)  # fmt: skip
COUNT_KEY = (
    "survey_id, dimension, member, question, part, value, version, touchpoint, channel, day, lane"
)


class Counts:
    """What a transaction adds to the counts."""

    def __init__(self) -> None:
        self._groups: dict[tuple[Any, ...], dict[CountedValue, int]] = {}

    def add(
        self, group: tuple[Any, ...], dimensions: str, answers: Iterable[AnswerRow], step: int
    ) -> None:
        """Count one response in (1) or out (-1) of its group, as a whole and in each dimension.

        A group is (workspace, survey, version, touchpoint, channel, day).
        """
        counted = counted_values(answers)
        for place in [("", ""), *(members_of(dimensions) if dimensions else ())]:
            values = self._groups.setdefault((*group, *place), {})
            for value in counted:
                values[value] = values.get(value, 0) + step

    def rows(self, lane: int) -> list[tuple[Any, ...]]:
        """The rows to add, without those that come to nothing."""
        rows = [
            (*group, *value, lane, n)
            for group, values in self._groups.items()
            for value, n in values.items()
            if n
        ]
        # In one order everywhere: two transactions that met half way would block each other.
        rows.sort()
        return rows


def members_of(dimensions: str) -> list[tuple[str, str]]:
    """Each dimension with the member of it that a response belongs to."""
    return list(msgspec.json.decode(dimensions, type=dict[str, str]).items())


def counted_values(rows: Iterable[AnswerRow]) -> list[CountedValue]:
    """Under what the counts table counts one response: its values, and one base a question.

    Ratings count by their number, choices by their stored value, a ranking by its place.
    A question answered in several parts also counts once with empty part and value: its base,
    the people who answered it. Hidden answers, texts, numbers and dates are never counted.
    """
    counted: list[CountedValue] = []
    bases: set[str] | None = None  # made when needed: most responses have no such question
    for question, part, rating, _, choice, _, is_hidden in rows:
        if is_hidden:
            continue
        if part:
            bases = set() if bases is None else bases
            if question not in bases:
                bases.add(question)
                counted.append((question, "", ""))
        if rating is not None:
            counted.append((question, part, str(rating)))
        elif choice is not None:
            counted.append((question, part, choice))
    return counted
