"""Answers checked against the survey version that was shown; the one validator of every route."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from harken_server.kernel.errors import Problem
from harken_server.kernel.formats import is_blank
from harken_server.surveys.answers.checkers import rules_of
from harken_server.surveys.answers.problems import Wholeness, answer_problem, unknown_question
from harken_server.surveys.answers.typed_rows import AnswerRow, Checker
from harken_server.surveys.logic.paging import DecisiveAnswers, decisive_answers, walk
from harken_server.surveys.questions.types import Question
from harken_server.surveys.survey import Survey

_NOTHING: tuple[Any, ...] = ()


class CompiledSurvey(NamedTuple):
    """A survey version made ready for checking; immutable, to be kept and used many times."""

    survey: Survey
    checkers: Mapping[str, Checker]
    completeness: tuple[tuple[str, Wholeness], ...]
    """What a complete response must satisfy, for each visible question that asks for anything."""
    has_logic: bool
    """Whether any question can be hidden."""
    decisive: DecisiveAnswers
    """What planning a page looks at."""


class Checked(NamedTuple):
    """The outcome of a check: either problems, or rows to store."""

    problems: tuple[Problem, ...]
    rows: list[AnswerRow]
    """Empty when an answer is wrong. Blank answers have no row."""
    hidden: tuple[str, ...]
    """Keys of the given answers whose questions the logic hides."""
    is_wrong: bool = False
    """Whether an answer itself has a problem, rather than the response lacking something."""

    def as_partial(self) -> Checked:
        """The outcome of the same check for a response that is not complete.

        Not for wrong answers: what is lacking cannot be told from what is wrong any more.
        """
        return self if self.is_wrong else self._replace(problems=())


def compile_survey(survey: Survey) -> CompiledSurvey:
    """Checkers for every question, built once per version."""
    rules = {question.key: rules_of(question) for question in survey.questions}
    completeness = tuple(
        (question.key, rule)
        for question in survey.questions
        if (rule := _completeness_rule(question, rules[question.key].whole)) is not None
    )
    checkers = {key: rule.check for key, rule in rules.items()}
    has_logic = any(question.show_if or question.jumps for question in survey.questions)
    return CompiledSurvey(survey, checkers, completeness, has_logic, decisive_answers(survey))


def check_answers(
    compiled: CompiledSurvey,
    answers: dict[str, Any],
    context: dict[str, Any],
    *,
    is_complete: bool,
) -> Checked:
    """All problems of the answers at once, or their typed rows. Never raises.

    Types and limits hold for every answer, hidden ones too. What makes an answer whole (required,
    the least number of choices, every matrix row, every place of a ranking, a consent given) is
    asked only when the response is complete, and only of visible questions, so that a partial
    response can be saved at any moment.
    """
    checkers = compiled.checkers
    rows: list[AnswerRow] = []
    problems: list[Problem] | None = None
    for key, value in answers.items():
        checker = checkers.get(key)
        found = checker(value, rows) if checker is not None else unknown_question(key)
        if found is not None:
            problems = [] if problems is None else problems
            problems.extend(found if isinstance(found, list) else (found,))
    visible: tuple[str, ...] | None = None
    if compiled.has_logic:
        visible = walk(compiled.survey, _as_stored(answers, rows), context).visible
    is_wrong = problems is not None
    if is_complete:
        problems = _check_completeness(compiled, answers, visible, problems)
    said = _NOTHING if problems is None else tuple(problems)
    if is_wrong:
        return Checked(said, [], _NOTHING, is_wrong=True)
    if visible is None or len(visible) == len(checkers):
        return Checked(said, rows, _NOTHING)
    return _mark_hidden(said, rows, answers, visible)


def _as_stored(answers: dict[str, Any], rows: list[AnswerRow]) -> dict[str, Any]:
    """What conditions look at: what was written as it is stored, however it was sent.

    Pages read a form into what is stored before they ask what follows; programs need not.
    """
    written = {
        row.question: row.text for row in rows if row.text is not None and row.choice is None
    }
    return {**answers, **written} if written else answers


def _check_completeness(
    compiled: CompiledSurvey,
    answers: Mapping[str, Any],
    visible: tuple[str, ...] | None,
    problems: list[Problem] | None,
) -> list[Problem] | None:
    for key, rule in compiled.completeness:
        if visible is None or key in visible:
            problem = rule(answers.get(key, ""))
            if problem is not None and not _has_problem(problems, key):
                problems = [] if problems is None else problems
                problems.append(problem)
    return problems


def _has_problem(problems: list[Problem] | None, key: str) -> bool:
    return problems is not None and any(problem.question == key for problem in problems)


def _mark_hidden(
    problems: tuple[Problem, ...],
    rows: list[AnswerRow],
    answers: Mapping[str, Any],
    visible: tuple[str, ...],
) -> Checked:
    hidden = tuple(key for key in answers if key not in visible)
    if not hidden:
        return Checked(problems, rows, _NOTHING)
    marked = [row._replace(is_hidden=True) if row.question in hidden else row for row in rows]
    return Checked(problems, marked, hidden)


def _completeness_rule(question: Question, whole: Wholeness | None) -> Wholeness | None:
    """The rule for a complete response; None when the question asks for nothing."""
    if not question.required:
        return whole
    problem = answer_problem(question.key, "required", f"`{question.key}` must be answered.")

    def check(value: Any) -> Problem | None:
        if is_blank(value):
            return problem
        return None if whole is None else whole(value)

    return check
