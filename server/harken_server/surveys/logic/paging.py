"""Which questions the hosted page can show together, without any script in the browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from harken_server.surveys.logic.evaluation import Values, answer_keys, evaluate
from harken_server.surveys.logic.placeholders import placeholder_names
from harken_server.surveys.questions.behaviour import takes_answer
from harken_server.surveys.questions.texts import question_texts
from harken_server.surveys.questions.types import END, Question
from harken_server.surveys.survey import Survey

FIRST = ""
"""The `after` of the first page, where None would mean that there is no page."""


class Page(NamedTuple):
    """One page of the hosted survey."""

    questions: tuple[Question, ...]
    """What to show, in order; empty when there is nothing left to ask."""
    is_last: bool
    """Whether nothing can follow, whatever is answered here: the button then says "Send"."""
    previous: str | None
    """The `after` of the page before (`""` is the first page); None on the first page itself."""
    progress: float
    """Share of the questions that lie behind, 0 to 1."""


def plan_page(survey: Survey, answers: Values, context: Values, after: str | None) -> Page:
    """The page that follows the question `after`; None or "" asks for the first page.

    With `presentation.pages == "question"` a page has one question that takes an answer, and the
    statements before it. With "single" it has as many as possible: it stops before a question whose
    condition or text looks at an answer asked on the page itself, and after a question whose jumps
    do. Pages are found from the start each time, so that changed answers lead to the right page; an
    `after` that the answers now hide gives the next visible questions behind it.
    """
    places = {question.key: place for place, question in enumerate(survey.questions)}
    target = places.get(after, -1) if after else -1
    previous: str | None = None
    start = FIRST
    for page in _pages(survey, answers, context):
        last = places[page.questions[-1].key]
        if last > target:
            shown = tuple(question for question in page.questions if places[question.key] > target)
            progress = places[shown[0].key] / len(survey.questions)
            return Page(shown, page.is_last, previous, progress)
        previous, start = start, page.questions[-1].key
    return Page((), is_last=True, previous=previous, progress=1.0)


class _Batch(NamedTuple):
    questions: list[Question]
    is_last: bool


def _pages(survey: Survey, answers: Values, context: Values) -> Iterator[_Batch]:
    """All pages from the start, as far as the answers known so far decide the way."""
    given: dict[str, Any] = {}
    position: int | None = 0
    while position is not None:
        batch, position = _next_page(survey, position, given, answers, context)
        if batch.questions:
            yield batch


def _next_page(
    survey: Survey, start: int, given: dict[str, Any], answers: Values, context: Values
) -> tuple[_Batch, int | None]:
    """One page from `start` on, and where the next one begins; None when nothing follows.

    `given` collects the answers passed. The page is last only when the scan reaches the end
    without meeting a place that the page's own answers decide.
    """
    shown: list[Question] = []
    open_keys: set[str] = set()
    position = start
    while position < len(survey.questions):
        question = survey.questions[position]
        if not open_keys.isdisjoint(_looks_at(question)):
            return _Batch(shown, is_last=False), position
        if question.show_if is not None and not evaluate(question.show_if, given, context):
            position += 1
            continue
        if _is_full(survey, shown):
            return _Batch(shown, is_last=False), position
        shown.append(question)
        if takes_answer(question):
            open_keys.add(question.key)
            if question.key in answers:
                given[question.key] = answers[question.key]
        following = _following(survey, position, given, context)
        if any(not open_keys.isdisjoint(answer_keys(jump.when)) for jump in question.jumps):
            return _Batch(shown, is_last=False), following
        if following is None:
            break
        position = following
    return _Batch(shown, is_last=True), None


def _looks_at(question: Question) -> set[str]:
    """Keys of the answers that decide whether, or with which words, the question is shown."""
    keys = set(answer_keys(question.show_if))
    for _, text in question_texts(question):
        keys.update(name.name for name in placeholder_names(text) if name.source == "answer")
    return keys


def _is_full(survey: Survey, shown: list[Question]) -> bool:
    one_each = survey.presentation.pages == "question"
    return one_each and any(map(takes_answer, shown))


def _following(survey: Survey, position: int, given: Values, context: Values) -> int | None:
    """Place of the question after this one by its jumps; None when a jump leads to an ending."""
    for jump in survey.questions[position].jumps:
        if jump.when is None or evaluate(jump.when, given, context):
            if jump.to == END or jump.to.startswith(f"{END}:"):
                return None
            for later in range(position + 1, len(survey.questions)):
                if survey.questions[later].key == jump.to:
                    return later
            break
    return position + 1
