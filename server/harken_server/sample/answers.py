"""What a made-up customer answers, by question type and mood."""

from __future__ import annotations

import random
from typing import Any

import msgspec

from harken_server.insights.rules.scores import score_question
from harken_server.sample.comments import COMMENTS, OTHER_WORDS, Mood
from harken_server.surveys.logic.route import walk
from harken_server.surveys.questions import types as q
from harken_server.surveys.survey import Survey

SKIP_SHARE = 0.35
"""How often an optional question is left out."""


class Visit(msgspec.Struct, frozen=True):
    """One customer's experience: mood from 0 (terrible) to 1 (wonderful), and where."""

    mood: float
    store: str


def answer_survey(
    survey: Survey,
    visit: Visit,
    dice: random.Random,
    context: dict[str, Any],
    *,
    is_complete: bool,
) -> dict[str, Any]:
    """Answers to the questions this customer sees; only the first of a sitting broken off."""
    answers: dict[str, Any] = {}
    for question in survey.questions:
        if question.key not in walk(survey, answers, context).visible:
            continue
        if not question.required and dice.random() < SKIP_SHARE:
            continue
        answer = _answer(survey.key, question, visit, dice)
        if answer is not None:
            answers[question.key] = answer
            if not is_complete:
                break
    return answers


def _answer(survey: str, question: q.Question, visit: Visit, dice: random.Random) -> Any:
    match question:
        case q.RatingBase():
            return _rating(question, visit, dice)
        case q.OneChoice():
            if question.other is not None and dice.random() < 0.06:
                return {q.OTHER: dice.choice(OTHER_WORDS)}
            return dice.choice(question.choices).value
        case q.MultipleChoice():
            most = min(3, question.max_choices or 3, len(question.choices))
            count = dice.randint(max(1, question.min_choices), max(most, 1))
            return [choice.value for choice in dice.sample(question.choices, count)]
        case q.Matrix():
            return {row.value: _column(question, visit, dice) for row in question.rows}
        case q.Ranking():
            chosen = dice.sample(question.choices, question.max_ranked or len(question.choices))
            return [choice.value for choice in chosen]
        case q.ShortText() | q.LongText():
            pool = COMMENTS.get(survey, {})
            return dice.choice(pool[_mood(visit)]) if pool else None
        case q.Number():
            low, high = question.min or 0, question.max or 10
            return round(dice.uniform(low, high))
        case q.Consent():
            return True
        case q.Date() | q.Email() | q.Phone() | q.Statement():
            return None


def _rating(question: q.RatingQuestion, visit: Visit, dice: random.Random) -> int:
    low, high = q.scale_of(question)
    felt = min(1.0, max(0.0, visit.mood + dice.gauss(0.06, 0.1)))
    is_better = score_question(question, {}).direction == "higher_is_better"
    return round(low + (felt if is_better else 1 - felt) * (high - low))


def _column(question: q.Matrix, visit: Visit, dice: random.Random) -> str:
    felt = min(1.0, max(0.0, visit.mood + dice.gauss(0, 0.15)))
    return question.columns[round(felt * (len(question.columns) - 1))].value


def _mood(visit: Visit) -> Mood:
    if visit.mood > 0.72:
        return "happy"
    return "mixed" if visit.mood > 0.42 else "unhappy"
