"""What to say about a problem with an answer, in the respondent's language."""

from __future__ import annotations

from collections.abc import Iterable

from harken_server.channels.page.words import Phrases
from harken_server.kernel.errors import Problem
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
    Written,
)


def messages_for(
    questions: Iterable[Question], problems: Iterable[Problem], phrases: Phrases
) -> dict[str, str]:
    """The first problem of each question, as a sentence; in the order of the questions."""
    first: dict[str, Problem] = {}
    for problem in problems:
        if problem.question is not None:
            first.setdefault(problem.question, problem)
    return {
        question.key: explain(first[question.key], question, phrases)
        for question in questions
        if question.key in first
    }


def explain(problem: Problem, question: Question, phrases: Phrases) -> str:
    """One sentence that says how to put it right."""
    limit = _shown(problem.limit)
    match problem.code:
        case "required":
            return _missing(question, phrases)
        case "incomplete":
            return _incomplete(question, limit, phrases)
        case "consent_required":
            return phrases.consent_missing
        case "out_of_range":
            return _out_of_range(problem, question, phrases)
        case "too_few_choices":
            return phrases.too_few.format(limit=limit)
        case "too_many_choices":
            return phrases.too_many.format(limit=limit)
        case "repeated_choice":
            return phrases.ranked_twice
        case "exclusive_choice":
            return phrases.not_combined
        case "too_long":
            return phrases.too_long.format(limit=limit)
        case "not_whole":
            return phrases.not_whole
        case _:
            return _ill_formed(question, phrases)


def _missing(question: Question, phrases: Phrases) -> str:
    match question:
        case Consent():
            return phrases.consent_missing
        case Matrix():
            return phrases.row_missing
        case RatingBase() | OneChoice() | MultipleChoice() | Ranking() | Written() | Statement():
            return phrases.answer_missing


def _incomplete(question: Question, limit: str, phrases: Phrases) -> str:
    match question:
        case Ranking():
            return phrases.ranked_too_few.format(limit=limit)
        case RatingBase() | OneChoice() | MultipleChoice() | Matrix():
            return phrases.row_missing
        case Written() | Consent() | Statement():
            return phrases.row_missing


def _out_of_range(problem: Problem, question: Question, phrases: Phrases) -> str:
    limit = _shown(problem.limit)
    match question:
        case Number():
            is_low = question.min is not None and problem.limit == question.min
            return (phrases.too_low if is_low else phrases.too_high).format(limit=limit)
        case Date():
            is_early = problem.limit == question.earliest
            return (phrases.date_too_early if is_early else phrases.date_too_late).format(
                limit=limit
            )
        case RatingBase() | OneChoice() | MultipleChoice() | Matrix() | Ranking():
            return phrases.pick_one
        case ShortText() | LongText() | Email() | Phone() | Consent() | Statement():
            return phrases.pick_one


def _ill_formed(question: Question, phrases: Phrases) -> str:
    match question:
        case Number():
            return phrases.not_whole if question.is_whole else phrases.not_number
        case Email():
            return phrases.not_email
        case Phone():
            return phrases.not_phone
        case Date():
            return phrases.not_date
        case RatingBase() | OneChoice() | MultipleChoice():
            return phrases.pick_one
        case Matrix() | Ranking() | ShortText() | LongText() | Consent() | Statement():
            return phrases.not_accepted


def _shown(limit: float | str | None) -> str:
    if isinstance(limit, float):
        return f"{limit:.16g}"
    return "" if limit is None else str(limit)
