"""Checkers of answers made of choices: single and multiple choice, matrix, ranking."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias, cast

from harken_server.kernel.errors import Problem
from harken_server.kernel.formats import is_storable
from harken_server.surveys.answers.problems import Wholeness, answer_problem, unstorable, wrong_type
from harken_server.surveys.answers.typed_rows import AnswerRow, Checker
from harken_server.surveys.questions import types as q

_Found: TypeAlias = "Problem | list[Problem] | None"


def single_choice_checker(question: q.OneChoiceQuestion) -> Checker:
    """One stored value, or `{"other": text}` when the question offers it."""
    key, has_other = question.key, question.other is not None
    known = {value: AnswerRow(key, choice=value) for value in question.values()}
    values = ", ".join(known)

    def check(value: Any, rows: list[AnswerRow]) -> _Found:
        if type(value) is str:
            row = known.get(value)
            if row is not None:
                rows.append(row)
                return None
            return None if not value else _unknown_choice(key, values)
        if not isinstance(value, dict):
            return wrong_type(key, "one of the choices", value)
        own = cast("dict[str, Any]", value)
        problem = _other_problem(key, "", own, has_other)
        if problem is None:
            rows.append(_other_row(key, "", own))
        return problem

    return check


def multiple_choice_checker(question: q.MultipleChoice) -> Checker:
    """A list of different stored values; the exclusive choice stands alone."""
    key, has_other = question.key, question.other is not None
    exclusive = question.none.value if question.none is not None else None
    ready = {value: AnswerRow(key, value, choice=value) for value in question.values()}
    names, most = ", ".join(ready), question.max_choices or len(ready)

    def problem_of(item: Any, below: str, chosen: list[str]) -> Problem | None:
        if isinstance(item, dict):
            problem = _other_problem(key, below, cast("dict[str, Any]", item), has_other)
        elif type(item) is str:
            problem = None if item in ready else _unknown_choice(key, names, below)
        else:
            return wrong_type(key, "a list of choices", item, below=below)
        name = q.OTHER if isinstance(item, dict) else item
        return _repeated(key, below) if problem is None and name in chosen else problem

    def check(value: Any, rows: list[AnswerRow]) -> _Found:
        if type(value) is not list:
            return wrong_type(key, "a list of choices", value)
        items = cast("list[Any]", value)
        if len(items) > most:
            return _too_many(key, most)
        found: list[Problem] = []
        chosen: list[str] = []
        for place, item in enumerate(items):
            problem = problem_of(item, f"[{place}]", chosen)
            if problem is not None:
                found.append(problem)
            elif isinstance(item, dict):
                chosen.append(q.OTHER)
                rows.append(_other_row(key, q.OTHER, cast("dict[str, Any]", item)))
            else:
                chosen.append(item)
                rows.append(ready[item])
        if exclusive in chosen and len(chosen) > 1:
            found.append(_not_alone(key, exclusive))
        return found or None

    return check


def _not_alone(key: str, exclusive: str | None) -> Problem:
    message = f"`{key}`: `{exclusive}` cannot be combined with other choices."
    return answer_problem(key, "exclusive_choice", message, exclusive)


def matrix_checker(question: q.Matrix) -> Checker:
    """A map of row to column; rows may be left out."""
    key = question.key
    columns, row_values = frozenset(question.values()), frozenset(question.parts())
    names = ", ".join(question.values())

    def check(value: Any, rows: list[AnswerRow]) -> _Found:
        if type(value) is not dict:
            return wrong_type(key, "a map of row to column", value)
        found: list[Problem] = []
        for row, column in cast("dict[str, Any]", value).items():
            if row not in row_values:
                shown = ascii(row[:64])[1:-1]
                message = f"`{key}` has no row `{shown}`."
                found.append(answer_problem(key, "unknown_row", message, below=f".{shown}"))
            elif type(column) is not str:
                found.append(wrong_type(key, "one of the columns", column, below=f".{row}"))
            elif column not in columns:
                found.append(_unknown_choice(key, names, f".{row}"))
            else:
                rows.append(AnswerRow(key, row, choice=column))
        return found or None

    return check


def ranking_checker(question: q.Ranking) -> Checker:
    """A list of different stored values, best first."""
    key = question.key
    known, values = frozenset(question.values()), ", ".join(question.values())
    most = question.max_ranked or len(known)

    def check(value: Any, rows: list[AnswerRow]) -> _Found:
        if type(value) is not list:
            return wrong_type(key, "a list of choices, best first", value)
        items = cast("list[Any]", value)
        if len(items) > most:
            return _too_many(key, most)
        found: list[Problem] = []
        seen: set[str] = set()
        for place, item in enumerate(items):
            below = f"[{place}]"
            if type(item) is not str:
                found.append(wrong_type(key, "a list of choices, best first", item, below=below))
            elif item not in known:
                found.append(_unknown_choice(key, values, below))
            elif item in seen:
                found.append(_repeated(key, below))
            else:
                seen.add(item)
                rows.append(AnswerRow(key, item, rating=place + 1, choice=item))
        return found or None

    return check


def enough_choices(question: q.MultipleChoice) -> Wholeness | None:
    """The least number of choices; the exclusive one is enough."""
    key, least = question.key, question.min_choices
    if least <= (0 if question.required else 1):
        return None
    exclusive = question.none.value if question.none else None
    message = f"`{key}` takes {least} choices at least."
    problem = answer_problem(key, "too_few_choices", message, least)

    def check(value: Any) -> Problem | None:
        if not isinstance(value, list) or not value or value == [exclusive]:
            return None
        return problem if len(cast("list[Any]", value)) < least else None

    return check


def every_row(question: q.Matrix) -> Wholeness | None:
    """An answer for every row, when one is required."""
    if not question.required:
        return None
    key, rows = question.key, question.parts()

    def check(value: Any) -> Problem | None:
        missing = [row for row in rows if not isinstance(value, dict) or row not in value]
        if not missing:
            return None
        message = f"`{key}` must be answered for every row; {', '.join(missing)} missing."
        return answer_problem(key, "incomplete", message, len(rows), below=f".{missing[0]}")

    return check


def every_place(question: q.Ranking) -> Wholeness | None:
    """A place for every choice, unless it asks for the best ones only."""
    if question.max_ranked is not None:
        return None
    key, count = question.key, len(question.choices)
    message = f"`{key}` must put all {count} choices in order."
    problem = answer_problem(key, "incomplete", message, count)

    def check(value: Any) -> Problem | None:
        if not isinstance(value, list) or not value:
            return None
        return problem if len(cast("list[Any]", value)) < count else None

    return check


def _other_row(key: str, part: str, item: Mapping[str, Any]) -> AnswerRow:
    text = item[q.OTHER]
    return AnswerRow(key, part, choice=q.OTHER, text=text if text.strip() else None)


def _other_problem(
    key: str, below: str, item: Mapping[str, Any], has_other: bool
) -> Problem | None:
    if not has_other:
        message = f"`{key}` offers no choice with a text of one's own."
        return answer_problem(key, "unknown_choice", message, below=below)
    text = item.get(q.OTHER)
    if len(item) != 1 or type(text) is not str:
        return wrong_type(key, 'a choice, or `{"other": "text"}`', item, below=below)
    if len(text) > q.MAX_SHORT_TEXT:
        message = f"`{key}`: the text of `other` may have {q.MAX_SHORT_TEXT} characters at most."
        return answer_problem(key, "too_long", message, q.MAX_SHORT_TEXT, below=f"{below}.other")
    return None if is_storable(text) else unstorable(key, below=f"{below}.other")


def _unknown_choice(key: str, values: str, below: str = "") -> Problem:
    message = f"`{key}` does not offer this choice; it offers {values}."
    return answer_problem(key, "unknown_choice", message, values, below=below)


def _too_many(key: str, most: int) -> Problem:
    message = f"`{key}` takes {most} choices at most."
    return answer_problem(key, "too_many_choices", message, most)


def _repeated(key: str, below: str) -> Problem:
    message = f"`{key}` names the same choice twice."
    return answer_problem(key, "repeated_choice", message, below=below)
