"""What to say about a problem with an answer, in the respondent's language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from harken_server.channels.page.wording import Wording
from harken_server.channels.page.words import Phrases
from harken_server.kernel.errors import Problem
from harken_server.kernel.local_numbers import say_number
from harken_server.surveys.questions import types as q


def messages_for(
    questions: Iterable[q.Question], problems: Iterable[Problem], wording: Wording
) -> dict[str, str]:
    """The first problem of each question, as a sentence; in the order of the questions."""
    first: dict[str, Problem] = {}
    for problem in problems:
        if problem.question is not None:
            first.setdefault(problem.question, problem)
    return {
        question.key: explain(
            first[question.key].code, first[question.key].limit, question, wording
        )
        for question in questions
        if question.key in first
    }


def explain(code: str, limit: float | str | None, question: q.Question, wording: Wording) -> str:
    """One sentence that says how to put it right; a number gets one more, with an example."""
    phrases, locale = wording.phrases, wording.locale
    said = _sentences(question, phrases)
    name = code
    if code == "out_of_range":
        name = "too_low" if limit is not None and limit == said.least else "too_high"
    form = {
        "required": said.missing,
        "incomplete": said.incomplete,
        "consent_required": phrases.consent_missing,
        "too_low": said.too_low,
        "too_high": said.too_high,
        "too_few_choices": phrases.too_few,
        "too_many_choices": phrases.too_many,
        "repeated_choice": phrases.ranked_twice,
        "exclusive_choice": phrases.not_combined,
        "too_long": phrases.too_long,
        "not_whole": phrases.not_whole,
    }.get(name, said.ill_formed)
    if isinstance(limit, (int, float)):
        limit = say_number(limit, locale, parted=True)
    sentence = form.format(limit=limit)
    if said.example is not None and name == "wrong_type":
        example = say_number(said.example, locale)
        return f"{sentence} {phrases.number_plain.format(example=example)}"
    return sentence


class _Sentences(NamedTuple):
    """What is said differently of some types."""

    missing: str
    incomplete: str
    ill_formed: str
    too_low: str
    too_high: str
    least: float | str | None = None
    """The limit below which an answer is too low."""
    example: float | None = None
    """A number that is written without doubt."""


def _sentences(question: q.Question, phrases: Phrases) -> _Sentences:
    usual = _Sentences(
        missing=phrases.answer_missing,
        incomplete=phrases.row_missing,
        ill_formed=phrases.not_accepted,
        too_low=phrases.pick_one,
        too_high=phrases.pick_one,
    )
    match question:
        case q.RatingBase() | q.OneChoice() | q.MultipleChoice():
            return usual._replace(ill_formed=phrases.pick_one)
        case q.Matrix():
            return usual._replace(missing=phrases.row_missing)
        case q.Ranking():
            return usual._replace(incomplete=phrases.ranked_too_few)
        case q.Number():
            form = phrases.not_whole if question.is_whole else phrases.not_number
            low, high = phrases.too_low, phrases.too_high
            example = 1234 if question.is_whole else 1234.5
            return usual._replace(
                ill_formed=form, too_low=low, too_high=high, least=question.min, example=example
            )
        case q.Date():
            low, high = phrases.date_too_early, phrases.date_too_late
            return usual._replace(
                ill_formed=phrases.not_date, too_low=low, too_high=high, least=question.earliest
            )
        case q.Email():
            return usual._replace(ill_formed=phrases.not_email)
        case q.Phone():
            return usual._replace(ill_formed=phrases.not_phone)
        case q.Consent():
            return usual._replace(missing=phrases.consent_missing)
        case q.ShortText() | q.LongText() | q.Statement():
            return usual
