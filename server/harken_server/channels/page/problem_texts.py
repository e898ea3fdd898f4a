"""What to say about a problem with an answer, in the respondent's language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, cast

from harken_server.channels.page.forms import OTHER_MISSING
from harken_server.channels.page.wording import Wording
from harken_server.channels.page.words import Phrases
from harken_server.kernel.errors import Problem
from harken_server.kernel.local.numbers import say_number
from harken_server.surveys.questions import types as q


def texts_by_part(
    question: q.Question, problems: Iterable[Problem], value: Any, wording: Wording
) -> dict[str, str]:
    """The first problem of each part of a question, as a sentence that says where it is.

    A part is a row of a matrix, a place of a ranking, or `other`, the text of one's own; an empty
    name stands for the question itself.
    """
    said: dict[str, str] = {}
    for problem in problems:
        if problem.question == question.key:
            for part, text in _texts_of(question, problem, value, wording):
                said.setdefault(part, text)
    return said


def _texts_of(
    question: q.Question, problem: Problem, value: Any, wording: Wording
) -> Iterator[tuple[str, str]]:
    phrases = wording.phrases
    said = explain(problem.code, problem.limit, question, wording)
    below = problem.path.removeprefix(f"$.answers.{question.key}")
    match question:
        case q.Matrix():
            if problem.code not in {"required", "incomplete"}:
                yield below.removeprefix("."), said
                return
            for row in question.rows:
                if not isinstance(value, dict) or row.value not in value:
                    yield row.value, phrases.row_named.format(part=wording.say(row.label))
        case q.Ranking():
            given = cast("list[Any]", value if isinstance(value, list) else [])
            place = _place_of(below, given)
            if below and given[place : place + 1] == [""]:
                said = phrases.place_empty.format(part=phrases.place.format(place=place + 1))
            yield str(place + 1), said
        case q.OneChoice() | q.MultipleChoice():
            if problem.code == OTHER_MISSING:
                said = phrases.other_missing.format(part=wording.say(question.other))
            elif problem.code == "wrong_type" and isinstance(value, list) and not below:
                said = phrases.other_or_choice
            elif not below.endswith(f".{q.OTHER}"):
                yield "", said
                return
            yield q.OTHER, said
        case q.RatingBase() | q.Written() | q.Consent() | q.Statement():
            yield "", said


def _place_of(below: str, given: list[Any]) -> int:
    """The place of a ranking that a problem is about, from 0: one it names, or the first empty."""
    if below:
        return int(below.strip("[]"))
    return given.index("") if "" in given else len(given)


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
