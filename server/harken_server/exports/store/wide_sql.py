"""A file with one line a response: what it is made of, and how its texts are guarded in SQL."""

from __future__ import annotations

from typing import NamedTuple

from harken_server.exports.rules import Column, Dialect
from harken_server.kernel.sheet_cells import BEFORE_FORMULA, FORMULA_STARTS
from harken_server.responses.store.selection import Selection
from harken_server.surveys.questions.types import Question


class WideExport(NamedTuple):
    """What a file with one line a response is made of."""

    survey: str
    """The survey's key."""
    columns: tuple[Column, ...]
    questions: dict[str, Question]
    """Every question that ever was, as its latest version has it."""
    selection: Selection
    dialect: Dialect


def guarded(text: str, dialect: Dialect) -> str:
    """A text expression made safe for its dialect.

    In the spreadsheet dialect a text that begins with a formula sign, also behind spaces or
    quotes, gets an apostrophe in front; taking one apostrophe off such a cell gives it back.
    """
    if dialect == "raw":
        return text
    starts = ", ".join(literal(sign) for sign in FORMULA_STARTS)
    first = f"substr(ltrim({text}, {literal(BEFORE_FORMULA)}), 1, 1)"
    return f"CASE WHEN {first} IN ({starts}) THEN '''' || {text} ELSE {text} END"


def literal(text: str) -> str:
    """A SQL string literal; backslashes have no meaning in it on either database."""
    return "'" + text.replace("'", "''") + "'"
