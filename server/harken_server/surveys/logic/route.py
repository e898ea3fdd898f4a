"""The way a respondent takes through a survey: which questions are passed, and which ending."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from harken_server.surveys.logic.evaluation import Values, evaluate
from harken_server.surveys.questions.types import END, Question
from harken_server.surveys.survey import Ending, Survey


class Walk(NamedTuple):
    """The way through a survey that the given answers lead to."""

    visible: tuple[str, ...]
    """Keys of the questions passed, statements included, in order."""
    ending: Ending | None
    """None when no ending fits; the page then shows a plain thank-you."""


def walk(survey: Survey, answers: Values, context: Values) -> Walk:
    """The questions a respondent passes with these answers, and the ending reached.

    Answers of hidden questions count as not given. Unanswered questions do not stop the walk, so a
    partial response is walked as if the rest stayed empty. It always ends: jumps only go forward.
    """
    questions = survey.questions
    visible: list[str] = []
    given: dict[str, Any] = {}
    ending: str | None = None
    position = 0
    while position < len(questions):
        question = questions[position]
        position += 1
        if question.show_if is not None and not evaluate(question.show_if, given, context):
            continue
        key = question.key
        visible.append(key)
        if key in answers:
            given[key] = answers[key]
        target = _jump_target(question, given, context)
        if target is None:
            continue
        if target == END or target.startswith(f"{END}:"):
            ending = target[len(END) + 1 :] or None
            break
        position = _position_of(questions, target, position)
    return Walk(tuple(visible), _choose_ending(survey, ending, given, context))


def _jump_target(question: Question, given: Values, context: Values) -> str | None:
    for jump in question.jumps:
        if jump.when is None or evaluate(jump.when, given, context):
            return jump.to
    return None


def _position_of(questions: Sequence[Question], key: str, start: int) -> int:
    """Place of a later question; `start` when there is none, so that a walk never goes back."""
    for position in range(start, len(questions)):
        if questions[position].key == key:
            return position
    return start


def _choose_ending(
    survey: Survey, key: str | None, given: Values, context: Values
) -> Ending | None:
    for ending in survey.endings:
        if key is not None:
            if ending.key == key:
                return ending
        elif ending.show_if is None or evaluate(ending.show_if, given, context):
            return ending
    return None
