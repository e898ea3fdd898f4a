"""Answers as typed rows: the one shape between validation, storage, scores and exports."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

AnswerValue: TypeAlias = Any
"""An answer as it came on the wire: number, string, boolean, list or map by question type."""


class AnswerRow(NamedTuple):
    """One typed row. Several rows make one answer for multiple choice, matrix and ranking.

    | type | rows | part | filled |
    |---|---|---|---|
    | nps csat ces rating | 1 | "" | rating |
    | single_choice | 1 | "" | choice, text for other |
    | multiple_choice | one a choice | the choice | choice, text for other |
    | matrix | one a row | the row's value | choice (the column's value) |
    | ranking | one a choice | the choice | choice, rating (its place, 1 is best) |
    | short_text long_text email phone date | 1 | "" | text |
    | number | 1 | "" | number |
    | consent | 1 | "" | rating (1 given, 0 refused) |
    """

    question: str
    part: str = ""
    rating: int | None = None
    number: float | None = None
    choice: str | None = None
    text: str | None = None
    is_hidden: bool = False
    """Given to a question that the logic hides: kept, never scored."""


def counted_value(row: AnswerRow) -> str | None:
    """The value under which the counts table counts this row; None when it is not counted.

    Ratings count by their number, choices by their stored value, a ranking by its place.
    Hidden answers and free texts, numbers and dates are never counted.
    """
    if row.is_hidden:
        return None
    if row.rating is not None:
        return str(row.rating)
    return row.choice
