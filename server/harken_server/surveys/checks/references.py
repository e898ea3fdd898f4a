"""Conditions: what they look at must exist, come earlier, and be able to have the value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import inf
from typing import NamedTuple

from harken_server.kernel.errors import Problem
from harken_server.kernel.formats import is_calendar_day, normalise_phone
from harken_server.surveys.files.draft import Draft
from harken_server.surveys.questions import conditions as c
from harken_server.surveys.questions.base import Comparing
from harken_server.surveys.questions.types import Question, as_rating, scale_of, type_of


class Scope(NamedTuple):
    """What a condition or a placeholder may look at, at one place of the survey."""

    known: Mapping[str, tuple[int, Question | None]]
    """Every question by key: its place, and itself unless it could not be read whole."""
    context: frozenset[str] | None
    """Declared context names; None when they could not be read."""
    before: int
    """Questions from this place on are not answered yet."""
    owner: str | None
    """Key of the question that the condition belongs to."""


def scope_of(draft: Draft) -> Scope:
    """The scope of an ending, where every question lies behind."""
    known: dict[str, tuple[int, Question | None]] = {
        key: (place, None) for key, place in draft.unread_questions.items()
    }
    for _, place, question in draft.questions():
        whole = None if question.key in draft.damaged else question
        known.setdefault(question.key, (place, whole))
    context = None if "context" in draft.unread_fields else frozenset(draft.survey.context)
    return Scope(known, context, before=10**6, owner=None)


def check_references(draft: Draft) -> Iterator[Problem]:
    """Every condition of the survey: show-if, jumps and endings."""
    scope = scope_of(draft)
    for path, place, question in draft.questions():
        if question.show_if is not None:
            own = scope._replace(before=place, owner=question.key)
            yield from _check_condition(question.show_if, f"{path}.show_if", own)
        for number, jump in enumerate(question.jumps):
            if jump.when is not None:
                own = scope._replace(before=place + 1, owner=question.key)
                yield from _check_condition(jump.when, f"{path}.jumps[{number}].when", own)
    for path, ending in draft.endings():
        if ending.show_if is not None:
            yield from _check_condition(ending.show_if, f"{path}.show_if", scope)


def reference_problem(key: str, path: str, scope: Scope) -> Problem | None:
    """Why the answer to a question cannot be used at this place."""
    if key not in scope.known:
        message = f"There is no question `{_shown(key)}`."
        return Problem(path, "unknown_question", message, scope.owner)
    place, question = scope.known[key]
    if place >= scope.before:
        is_self = key == scope.owner
        message = (
            f"`{key}` cannot depend on its own answer."
            if is_self
            else f"`{key}` is asked later; only earlier answers are known here."
        )
        return Problem(path, "later_question", message, scope.owner)
    if question is not None and not question.behaviour.takes_answer:
        return Problem(path, "unsuitable_question", f"`{key}` is a statement.", scope.owner)
    return None


def unknown_context(path: str, name: str, scope: Scope) -> Problem:
    """The context name is not declared."""
    message = f"The context name `{_shown(name)}` is not declared under `context`."
    return Problem(path, "unknown_context", message, scope.owner)


def operator_problem(
    condition: c.Comparison, question: Question, path: str, owner: str | None
) -> Iterator[Problem]:
    """An operator the question's answers do not have, or values they can never be."""
    if isinstance(condition, c.Answered):
        return
    if _asked(condition) not in question.behaviour.compares:
        op, kind = condition.__struct_config__.tag, type_of(question)
        message = f"`{op}` does not suit `{question.key}`, a question of type {kind}."
        yield Problem(f"{path}.op", "unsuitable_op", message, owner)
        return
    for below, value in _values(condition):
        fault = _fault(value, question)
        if fault is not None:
            yield Problem(f"{path}.{below}", fault[0], fault[1], owner)


def _check_condition(
    condition: c.Condition, path: str, scope: Scope, depth: int = 1
) -> Iterator[Problem]:
    match condition:
        case c.All() | c.AnyOf() | c.Not():
            if depth > c.MAX_DEPTH:
                message = f"Conditions may be nested {c.MAX_DEPTH} deep at most."
                yield Problem(path, "condition_too_deep", message, scope.owner, c.MAX_DEPTH)
            elif isinstance(condition, c.Not):
                yield from _check_condition(condition.of, f"{path}.of", scope, depth + 1)
            else:
                for place, part in enumerate(condition.of):
                    yield from _check_condition(part, f"{path}.of[{place}]", scope, depth + 1)
        case _:
            yield from _check_comparison(condition, path, scope)


def _check_comparison(condition: c.Comparison, path: str, scope: Scope) -> Iterator[Problem]:
    if (condition.answer is None) == (condition.context is None):
        message = "A condition looks at exactly one of `answer` and `context`."
        yield Problem(path, "bad_operand", message, scope.owner)
        return
    if condition.answer is not None:
        yield from _check_answer(condition, condition.answer, path, scope)
        return
    if condition.row is not None:
        message = "Only the answer of a matrix has rows."
        yield Problem(f"{path}.row", "bad_operand", message, scope.owner)
    if scope.context is not None and condition.context not in scope.context:
        yield unknown_context(f"{path}.context", condition.context or "", scope)
    if isinstance(condition, c.Includes):
        message = "`includes` is for multiple choice and ranking answers, not for context."
        yield Problem(f"{path}.op", "unsuitable_op", message, scope.owner)


def _check_answer(condition: c.Comparison, key: str, path: str, scope: Scope) -> Iterator[Problem]:
    problem = reference_problem(key, f"{path}.answer", scope)
    if problem is not None:
        yield problem
    question = scope.known.get(key, (0, None))[1]
    if question is None:
        return
    rows = question.parts() if question.behaviour.wire == "map" else []
    if condition.row is not None and not rows:
        message = f"`{key}` is no matrix and has no rows."
        yield Problem(f"{path}.row", "bad_operand", message, scope.owner)
    elif rows and condition.row is None:
        if not isinstance(condition, c.Answered):
            message = f"`{key}` is a matrix: say which `row` to look at."
            yield Problem(path, "bad_operand", message, scope.owner)
    elif rows and condition.row not in rows:
        message = f"`{key}` has no row `{_shown(condition.row or '')}`."
        yield Problem(f"{path}.row", "unknown_row", message, scope.owner)
    else:
        yield from operator_problem(condition, question, path, scope.owner)


def _shown(name: str) -> str:
    return ascii(name[:40])[1:-1]


def _asked(
    condition: c.AtLeast | c.AtMost | c.Equals | c.NotEquals | c.OneOf | c.Includes,
) -> Comparing:
    match condition:
        case c.AtLeast() | c.AtMost():
            return "order"
        case c.Includes():
            return "membership"
        case c.OneOf():
            return "one_of"
        case c.Equals() | c.NotEquals():
            return "equality"


def _values(condition: c.Comparison) -> Iterator[tuple[str, c.Scalar]]:
    if isinstance(condition, c.OneOf):
        for place, value in enumerate(condition.values):
            yield f"values[{place}]", value
    elif not isinstance(condition, c.Answered):
        yield "value", condition.value


def _fault(value: c.Scalar, question: Question) -> tuple[str, str] | None:
    """Code and message when no answer to the question can be the value."""
    key = question.key
    match question.behaviour.compared_with:
        case "number":
            if isinstance(value, (bool, str)):
                return _wrong_kind(key, "a number")
            rated = as_rating(question)
            low, high = scale_of(rated) if rated is not None else (-inf, inf)
            if not low <= value <= high:
                return "impossible_value", f"`{key}` runs from {low} to {high}."
        case "truth":
            if not isinstance(value, bool):
                return _wrong_kind(key, "true or false")
        case "choice":
            offered = question.values()
            if value not in offered:
                return "unknown_choice", f"`{key}` offers only {', '.join(offered)}."
        case "day":
            if not isinstance(value, str) or not is_calendar_day(value):
                return _wrong_kind(key, "a day written as YYYY-MM-DD")
        case "phone":
            if not isinstance(value, str) or normalise_phone(value) != value:
                return _wrong_kind(key, "a phone number as it is stored, such as +4722123456")
        case "text":
            if not isinstance(value, str):
                return _wrong_kind(key, "a text")
    return None


def _wrong_kind(key: str, expected: str) -> tuple[str, str]:
    return "wrong_type", f"The answer to `{key}` is compared with {expected}."
