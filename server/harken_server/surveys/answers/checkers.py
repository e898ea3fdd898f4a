"""One prebuilt checker per question: a wire value in, typed rows or problems out."""

from __future__ import annotations

from typing import Any, NamedTuple

from harken_server.kernel.errors import Problem
from harken_server.kernel.formats import (
    MAX_NUMBER,
    is_blank,
    is_calendar_day,
    is_email,
    is_storable,
    normalise_phone,
)
from harken_server.surveys.answers import choice_checkers as chosen
from harken_server.surveys.answers.problems import Wholeness, answer_problem, unstorable, wrong_type
from harken_server.surveys.answers.typed_rows import AnswerRow, Checker
from harken_server.surveys.questions import types as q


class AnswerRules(NamedTuple):
    """How the answers to one question are checked."""

    check: Checker
    whole: Wholeness | None = None
    """What a complete response must have besides, when an answer to the question is given."""


def rules_of(question: q.Question) -> AnswerRules:
    """The rules for a question's answers, made once for many checks."""
    match question:
        case q.RatingBase():
            return AnswerRules(_rating_checker(question))
        case q.OneChoice():
            return AnswerRules(chosen.single_choice_checker(question))
        case q.MultipleChoice():
            return AnswerRules(
                chosen.multiple_choice_checker(question), chosen.enough_choices(question)
            )
        case q.Matrix():
            return AnswerRules(chosen.matrix_checker(question), chosen.every_row(question))
        case q.Ranking():
            return AnswerRules(chosen.ranking_checker(question), chosen.every_place(question))
        case q.ShortText():
            return AnswerRules(_text_checker(question, is_line=True))
        case q.LongText():
            return AnswerRules(_text_checker(question, is_line=False))
        case q.Number():
            return AnswerRules(_number_checker(question))
        case q.Date():
            return AnswerRules(_date_checker(question))
        case q.Email():
            return AnswerRules(_email_checker(question.key))
        case q.Phone():
            return AnswerRules(_phone_checker(question.key))
        case q.Consent():
            return AnswerRules(_consent_checker(question), _given_consent(question))
        case q.Statement():
            return AnswerRules(_statement_checker(question))


def _rating_checker(question: q.RatingQuestion) -> Checker:
    key, (low, high) = question.key, q.scale_of(question)
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


def _text_checker(question: q.ShortText | q.LongText, *, is_line: bool) -> Checker:
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


def _number_checker(question: q.Number) -> Checker:
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


def _date_checker(question: q.Date) -> Checker:
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


def _consent_checker(question: q.Consent) -> Checker:
    key = question.key

    def check(value: Any, rows: list[AnswerRow]) -> Problem | None:
        if type(value) is not bool:
            return wrong_type(key, "true or false", value)
        rows.append(AnswerRow(key, rating=int(value)))
        return None

    return check


def _given_consent(question: q.Consent) -> Wholeness | None:
    if not question.required:
        return None
    message = f"`{question.key}` must be agreed to."
    problem = answer_problem(question.key, "consent_required", message)

    def check(value: Any) -> Problem | None:
        return problem if value is False else None

    return check


def _statement_checker(question: q.Statement) -> Checker:
    message = f"`{question.key}` is a statement; it takes no answer."

    def check(_value: Any, _rows: list[AnswerRow]) -> Problem:
        return answer_problem(question.key, "not_answerable", message)

    return check
