"""What an export takes in, and how its texts are guarded: the SQL that both databases share."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from harken_server.exports.rules import Column, Dialect
from harken_server.responses.response import CountFilter
from harken_server.surveys.questions.types import Question

_FORMULA_STARTS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
"""The last four are the full-width forms of the first four."""
_BEFORE_FORMULA = " '\"\u00a0\ufeff"
"""Characters that a spreadsheet may drop before it looks for a formula."""


class Selection(NamedTuple):
    """The responses of one survey that a filter takes in; erased ones never are."""

    condition: str
    """For a WHERE clause over `response r`, with `$1` and on."""
    params: tuple[Any, ...]


class WideExport(NamedTuple):
    """What a file with one line a response is made of."""

    survey: str
    """The survey's key."""
    columns: tuple[Column, ...]
    questions: dict[str, Question]
    """Every question that ever was, as its latest version has it."""
    selection: Selection
    dialect: Dialect


def select_responses(workspace_id: UUID, survey_id: UUID, selection: CountFilter) -> Selection:
    """The same responses whose answers `insights.store.counts` counts for the same filter."""
    conditions = [
        "r.workspace_id = $1",
        "r.survey_id = $2",
        "r.state <> 'erased'",
        "r.standing = $3",
    ]
    params: list[Any] = [workspace_id, survey_id, selection.standing]
    for comparison, value in (
        ("r.day >=", selection.from_day),
        ("r.day <=", selection.to_day),
        ("r.touchpoint =", selection.touchpoint),
        ("r.channel =", selection.channel),
        ("r.version =", selection.version),
    ):
        if value is not None:
            params.append(value)
            conditions.append(f"{comparison} ${len(params)}")
    return Selection(" AND ".join(conditions), tuple(params))


def guarded(text: str, dialect: Dialect) -> str:
    """A text expression made safe for its dialect.

    In the spreadsheet dialect a text that begins with a formula sign, also behind spaces or
    quotes, gets an apostrophe in front; taking one apostrophe off such a cell gives it back.
    """
    if dialect == "raw":
        return text
    starts = ", ".join(literal(sign) for sign in _FORMULA_STARTS)
    first = f"substr(ltrim({text}, {literal(_BEFORE_FORMULA)}), 1, 1)"
    return f"CASE WHEN {first} IN ({starts}) THEN '''' || {text} ELSE {text} END"


def literal(text: str) -> str:
    """A SQL string literal; backslashes have no meaning in it on either database."""
    return "'" + text.replace("'", "''") + "'"
