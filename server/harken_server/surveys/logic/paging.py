"""Which questions the hosted page can show together, without any script in the browser."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

from harken_server.surveys.logic.evaluation import Values, answer_keys, evaluate
from harken_server.surveys.logic.placeholders import placeholder_names
from harken_server.surveys.questions.texts import question_texts
from harken_server.surveys.questions.types import END, Question
from harken_server.surveys.survey import Ending, Survey

FIRST = ""
"""The `after` of the first page, where None would mean that there is no page."""


class Decisive(NamedTuple):
    """Keys of the answers that a question looks at."""

    for_showing: frozenset[str]
    """They decide whether, or with which words, it is shown."""
    for_leaving: frozenset[str]
    """They decide where its jumps lead."""
    takes_answer: bool
    """Whether it asks anything itself."""


DecisiveAnswers: TypeAlias = Mapping[str, Decisive]
"""By question; made once a version, since every text is read for it."""


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
    after: str = FIRST
    """The last question of the page before; `""` on the first page."""
    passed: Values = MappingProxyType({})
    """Answers to the questions passed, those of the page included."""
    asked: frozenset[str] = frozenset()
    """Keys of its questions that take an answer."""


def decisive_answers(survey: Survey) -> DecisiveAnswers:
    """What decides the way through a survey, question by question."""
    return {question.key: _decisive(question) for question in survey.questions}


def plan_page(
    survey: Survey,
    answers: Values,
    context: Values,
    after: str | None,
    decisive: DecisiveAnswers | None = None,
) -> Page:
    """The page that follows the question `after`; None or "" asks for the first page.

    With `presentation.pages == "question"` a page has one question that takes an answer, and the
    statements before it. With "single" it has as many as possible: it stops before a question whose
    condition or text looks at an answer asked on the page itself, and after a question whose jumps
    do. Pages are found from the start each time, so that changed answers lead to the right page; an
    `after` that the answers now hide gives the next visible questions behind it.

    `decisive` is what `decisive_answers` gave for these questions.
    """
    places = {question.key: place for place, question in enumerate(survey.questions)}
    target = places.get(after, -1) if after else -1
    passed: Page | None = None
    for page in plan_pages(survey, answers, context, decisive):
        if places[page.questions[-1].key] > target:
            shown = tuple(question for question in page.questions if places[question.key] > target)
            asked = page.asked & {question.key for question in shown}
            progress = places[shown[0].key] / len(places)
            return page._replace(questions=shown, asked=asked, progress=progress)
        passed = page
    return Page((), is_last=True, previous=passed and passed.after, progress=1.0)


def plan_pages(
    survey: Survey, answers: Values, context: Values, decisive: DecisiveAnswers | None = None
) -> Iterator[Page]:
    """All pages from the start, as far as the answers known so far decide the way."""
    decisive = decisive_answers(survey) if decisive is None else decisive
    given: dict[str, Any] = {}
    previous: str | None = None
    after = FIRST
    position: int | None = 0
    while position is not None:
        batch, position = _next_page(survey, position, given, answers, context, decisive=decisive)
        if batch.questions:
            shown = tuple(batch.questions)
            progress = _place_of(survey, shown[0]) / len(survey.questions)
            yield Page(shown, batch.is_last, previous, progress, after, dict(given), batch.asked)
            previous, after = after, shown[-1].key


def leads_on(survey: Survey, page: Page, answers: Values, context: Values) -> bool:
    """Whether anything follows a page once its questions have these answers.

    It goes on from the page: what lies before it does not hang on what it asks.
    """
    if page.is_last:
        return False
    own = {question.key for question in page.questions}
    given = {key: value for key, value in page.passed.items() if key not in own}
    given |= {key: answers[key] for key in own if key in answers}
    start = _following(survey, _place_of(survey, page.questions[-1]), given, context)
    return start is not None and any(
        question.show_if is None or evaluate(question.show_if, given, context)
        for question in survey.questions[start:]
    )


class _Batch(NamedTuple):
    questions: list[Question]
    asked: frozenset[str]
    is_last: bool


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


def _next_page(
    survey: Survey,
    start: int,
    given: dict[str, Any],
    answers: Values,
    context: Values,
    *,
    decisive: DecisiveAnswers,
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
        looks_at = decisive[question.key]
        if not open_keys.isdisjoint(looks_at.for_showing):
            return _Batch(shown, frozenset(open_keys), is_last=False), position
        if question.show_if is not None and not evaluate(question.show_if, given, context):
            position += 1
            continue
        if open_keys and survey.presentation.pages == "question":
            return _Batch(shown, frozenset(open_keys), is_last=False), position
        shown.append(question)
        if looks_at.takes_answer:
            open_keys.add(question.key)
            if question.key in answers:
                given[question.key] = answers[question.key]
        following = _following(survey, position, given, context)
        if not open_keys.isdisjoint(looks_at.for_leaving):
            return _Batch(shown, frozenset(open_keys), is_last=False), following
        if following is None:
            break
        position = following
    return _Batch(shown, frozenset(open_keys), is_last=True), None


def _decisive(question: Question) -> Decisive:
    showing, leaving = set(answer_keys(question.show_if)), set[str]()
    for _, text in question_texts(question):
        showing.update(name.name for name in placeholder_names(text) if name.source == "answer")
    for jump in question.jumps:
        leaving |= answer_keys(jump.when)
    return Decisive(frozenset(showing), frozenset(leaving), question.behaviour.takes_answer)


def _place_of(survey: Survey, question: Question) -> int:
    return next(at for at, each in enumerate(survey.questions) if each.key == question.key)


def _following(survey: Survey, position: int, given: Values, context: Values) -> int | None:
    """Place of the question after this one by its jumps; None when a jump leads to an ending."""
    target = _jump_target(survey.questions[position], given, context)
    if target is None:
        return position + 1
    if target == END or target.startswith(f"{END}:"):
        return None
    return _position_of(survey.questions, target, position + 1)


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
