"""One prebuilt checker per question: a wire value in, typed rows or problems out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from harken_server.kernel.errors import Problem
from harken_server.kernel.formats import (
    MAX_NUMBER,
    is_blank,
    is_calendar_day,
    is_email,
    is_storable,
    normalise_phone,
)
from harken_server.surveys.answers.choice_checkers import choice_checker
from harken_server.surveys.answers.problems import answer_problem, unstorable, wrong_type
from harken_server.surveys.answers.typed_rows import AnswerRow
from harken_server.surveys.questions.types import (
    Consent,
    Date,
    Email,
    LongText,
    Matrix,
    MultipleChoice,
    Number,
    OneChoice,
    Phone,
    Question,
    Ranking,
    RatingBase,
    RatingQuestion,
    ShortText,
    Statement,
    scale_of,
)

Checker: TypeAlias = Callable[[Any, list[AnswerRow]], "Problem | list[Problem] | None"]
"""Appends the rows of a good value; gives what is wrong with a bad one."""


def make_checker(question: Question) -> Checker:
    """The checker of a question's answers."""
    match question:
        case RatingBase():
            return _rating_checker(question)
        case OneChoice() | MultipleChoice() | Matrix() | Ranking():
            return choice_checker(question)
        case ShortText():
            return _text_checker(question, is_line=True)
        case LongText():
            return _text_checker(question, is_line=False)
        case Number():
            return _number_checker(question)
        case Date():
            return _date_checker(question)
        case Email():
            return _email_checker(question.key)
        case Phone():
            return _phone_checker(question.key)
        case Consent():
            return _consent_checker(question)
        case Statement():
            return _statement_checker(question)


def _rating_checker(question: RatingQuestion) -> Checker:
    key, (low, high) = question.key, scale_of(question)
    rows_by_rating = {rating: AnswerRow(key, rating=rating) for rating in range(low, high + 1)}

    def check(value: Any, rows: list[AnswerRow]) -> Problem | None:
        if type(value) is not int:
            return wrong_type(key, f"a whole number from {low} to {high}", value)
        row = rows_by_rating.get(value)
        if row is None:
            limit = high if value > high else low
            message = f"`{key}` must be a whole number from {low} to {high}."
            return answer_problem(key, "out_of_range", message, limit)
        rows.append(row)
        return None

    return check


def _text_checker(question: ShortText | LongText, *, is_line: bool) -> Checker:
    key, max_chars = question.key, question.max_chars

    def check(value: Any, rows: list[AnswerRow]) -> Problem | None:
        if type(value) is not str:
            return wrong_type(key, "a text", value)
        if not value or value.isspace():
            return None
        if "\r" in value:
            value = value.replace("\r\n", "\n").replace("\r", "\n")
        if len(value) > max_chars:
            message = f"`{key}` may have {max_chars} characters at most; it has {len(value)}."
            return answer_problem(key, "too_long", message, max_chars)
        if not is_storable(value):
            return unstorable(key)
        if is_line and "\n" in value:
            value = " ".join(value.split("\n"))
        rows.append(AnswerRow(key, "", None, None, None, value))
        return None

    return check


def _number_checker(question: Number) -> Checker:
    key, is_whole = question.key, question.is_whole
    low = max(-MAX_NUMBER, question.min) if question.min is not None else -MAX_NUMBER
    high = min(MAX_NUMBER, question.max) if question.max is not None else MAX_NUMBER

    def check(value: Any, rows: list[AnswerRow]) -> Problem | None:
        if type(value) is not int and type(value) is not float:
            return wrong_type(key, "a whole number" if is_whole else "a number", value)
        if not low <= value <= high:
            limit = low if value < low else high
            message = f"`{key}` must be a number from {low:.16g} to {high:.16g}."
            return answer_problem(key, "out_of_range", message, limit)
        if is_whole and not float(value).is_integer():
            return answer_problem(key, "not_whole", f"`{key}` must be a whole number.")
        rows.append(AnswerRow(key, number=float(value) + 0.0))
        return None

    return check


def _date_checker(question: Date) -> Checker:
    key, earliest, latest = question.key, question.earliest, question.latest

    def check(value: Any, rows: list[AnswerRow]) -> Problem | None:
        if type(value) is not str:
            return wrong_type(key, "a day written as YYYY-MM-DD", value)
        if is_blank(value):
            return None
        if not is_calendar_day(value):
            message = f"`{key}` must be a day of the calendar, written as YYYY-MM-DD."
            return answer_problem(key, "invalid_date", message)
        if earliest is not None and value < earliest:
            message = f"`{key}` must not be before {earliest}."
            return answer_problem(key, "out_of_range", message, earliest)
        if latest is not None and value > latest:
            message = f"`{key}` must not be after {latest}."
            return answer_problem(key, "out_of_range", message, latest)
        rows.append(AnswerRow(key, text=value))
        return None

    return check


def _email_checker(key: str) -> Checker:
    def check(value: Any, rows: list[AnswerRow]) -> Problem | None:
        if type(value) is not str:
            return wrong_type(key, "an e-mail address", value)
        if is_blank(value):
            return None
        address = value.strip()
        if not is_email(address):
            message = f"`{key}` must be an e-mail address such as ada@example.com."
            return answer_problem(key, "invalid_email", message)
        rows.append(AnswerRow(key, text=address))
        return None

    return check


def _phone_checker(key: str) -> Checker:
    def check(value: Any, rows: list[AnswerRow]) -> Problem | None:
        if type(value) is not str:
            return wrong_type(key, "a phone number", value)
        if is_blank(value):
            return None
        number = normalise_phone(value) if len(value) <= 60 else None
        if number is None:
            message = f"`{key}` must be a phone number of 5 to 15 digits, best with + and country."
            return answer_problem(key, "invalid_phone", message, 15)
        rows.append(AnswerRow(key, text=number))
        return None

    return check


def _consent_checker(question: Consent) -> Checker:
    key = question.key

    def check(value: Any, rows: list[AnswerRow]) -> Problem | None:
        if type(value) is not bool:
            return wrong_type(key, "true or false", value)
        rows.append(AnswerRow(key, rating=int(value)))
        return None

    return check


def _statement_checker(question: Statement) -> Checker:
    message = f"`{question.key}` is a statement; it takes no answer."

    def check(_value: Any, _rows: list[AnswerRow]) -> Problem:
        return answer_problem(question.key, "not_answerable", message)

    return check
