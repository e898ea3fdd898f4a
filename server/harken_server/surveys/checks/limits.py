"""Limits that contradict each other, so that no answer could ever satisfy them."""

from __future__ import annotations

import math
from collections.abc import Iterator

from harken_server.kernel.errors import Problem
from harken_server.kernel.formats import is_calendar_day
from harken_server.surveys.files.draft import Draft
from harken_server.surveys.questions.behaviour import takes_answer
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
    ShortText,
    Statement,
)


def check_limits(draft: Draft) -> Iterator[Problem]:
    """Lower limits above upper ones, limits beyond the choices, days that do not exist."""
    for path, _, question in draft.questions():
        if question.required and not takes_answer(question):
            message = "A statement takes no answer, so it cannot be required."
            yield Problem(f"{path}.required", "statement_required", message, question=question.key)
        if question.key not in draft.damaged:
            yield from _check_question(path, question)


def _check_question(path: str, question: Question) -> Iterator[Problem]:
    match question:
        case MultipleChoice():
            yield from _check_choice_limits(path, question)
        case Ranking():
            count = len(question.choices)
            if question.max_ranked is not None and question.max_ranked > count:
                message = f"`max_ranked` is {question.max_ranked}, but there are {count} choices."
                yield _impossible(f"{path}.max_ranked", message, question.key, count)
        case Number():
            yield from _check_number_limits(path, question)
        case Date():
            yield from _check_date_limits(path, question)
        case RatingBase() | OneChoice() | Matrix() | Consent() | Statement():
            return
        case ShortText() | LongText() | Email() | Phone():
            return


def _check_choice_limits(path: str, question: MultipleChoice) -> Iterator[Problem]:
    least, most = question.min_choices, question.max_choices
    count = len(question.choices) + (question.other is not None)
    if least > count:
        message = f"`min_choices` is {least}, but only {count} choices can be combined."
        yield _impossible(f"{path}.min_choices", message, question.key, count)
    if most is not None and most > count:
        message = f"`max_choices` is {most}, but only {count} choices can be combined."
        yield _impossible(f"{path}.max_choices", message, question.key, count)
    if most is not None and least > most:
        message = f"`min_choices` is {least} and above `max_choices`, which is {most}."
        yield _impossible(f"{path}.min_choices", message, question.key, most)


def _check_number_limits(path: str, question: Number) -> Iterator[Problem]:
    low, high = question.min, question.max
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        return
    if low > high:
        message = f"`min` is {low:g} and above `max`, which is {high:g}."
        yield _impossible(f"{path}.min", message, question.key, high)
    elif question.is_whole and math.ceil(low) > math.floor(high):
        message = f"There is no whole number from {low:g} to {high:g}."
        yield _impossible(f"{path}.min", message, question.key, high)


def _check_date_limits(path: str, question: Date) -> Iterator[Problem]:
    is_sound = True
    for field, day in (("earliest", question.earliest), ("latest", question.latest)):
        if day is not None and not is_calendar_day(day):
            is_sound = False
            message = f"`{field}` must be a day of the calendar, written as YYYY-MM-DD."
            yield Problem(f"{path}.{field}", "invalid_date", message, question=question.key)
    earliest, latest = question.earliest, question.latest
    if is_sound and earliest is not None and latest is not None and earliest > latest:
        message = f"`earliest` is {earliest} and after `latest`, which is {latest}."
        yield _impossible(f"{path}.earliest", message, question.key, latest)


def _impossible(path: str, message: str, key: str, limit: int | float | str) -> Problem:
    return Problem(path, "impossible_limit", message, question=key, limit=limit)
