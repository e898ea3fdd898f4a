"""What changed between two versions of a survey, and what that means for the answers.

* **breaking**: answers before and after cannot be read together, or a client that sent good answers
  before may be refused. Removed questions, choices, rows and columns; changed types and scales; new
  demands (required, narrower limits); changed logic, because another part of the respondents is
  asked, so that shares before and after have different bases.
* **additive**: more can be answered, and everything known before keeps its meaning. New optional
  questions, choices, endings, locales and context names; relaxed demands; another order of
  questions, which may colour answers but keeps their form.
* **cosmetic**: the same things are asked of the same people. Texts, looks, labels, the order of
  choices, endings, touchpoints, the widget's targeting, whom triggers ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple, TypeAlias

from harken_server.kernel.documents.canonical import canonical_json
from harken_server.kernel.errors import Problem
from harken_server.surveys.asking import SurveyAsking
from harken_server.surveys.protection import minimum_of
from harken_server.surveys.questions.changes import ChangeLine, compare_questions
from harken_server.surveys.questions.types import Question, as_rating, scale_of, type_of
from harken_server.surveys.survey import Survey

ChangeKind: TypeAlias = Literal["none", "cosmetic", "additive", "breaking"]
_ORDER: tuple[ChangeKind, ...] = ("none", "cosmetic", "additive", "breaking")


class SurveyChange(NamedTuple):
    """The weightiest kind of change and every line of it."""

    kind: ChangeKind
    changes: tuple[ChangeLine, ...]


def compare_surveys(old: Survey, new: Survey) -> SurveyChange:
    """Everything that differs, in the order of the new survey; paths name questions by key."""
    lines = (
        *_compare_heading(old, new),
        *_compare_questions(old.questions, new.questions),
        *_compare_endings(old, new),
    )
    kinds: list[ChangeKind] = ["none", *(line.kind for line in lines)]
    return SurveyChange(max(kinds, key=_ORDER.index), lines)


def check_key_types(old_versions: Iterable[Survey], new: Survey) -> list[Problem]:
    """Question keys that meant something else in an earlier version, removed ones included.

    A key keeps its type for ever, because its answers share one column. A rated key keeps its scale
    too: a 4 of 5 and a 4 of 10 must never meet in one score.
    """
    earlier: dict[str, Question] = {}
    for survey in old_versions:
        for question in survey.questions:
            earlier.setdefault(question.key, question)
    problems: list[Problem] = []
    for place, question in enumerate(new.questions):
        known = earlier.get(question.key)
        if known is not None:
            problems += _check_key(f"$.questions[{place}]", known, question)
    return problems


def _check_key(path: str, known: Question, question: Question) -> Iterator[Problem]:
    key = question.key
    if type(known) is not type(question):
        before, after = type_of(known), type_of(question)
        message = f"`{key}` was of type {before} and cannot become {after}; use a new key."
        yield Problem(f"{path}.type", "key_changed_type", message, key, before)
        return
    rated, rated_now = as_rating(known), as_rating(question)
    if rated is None or rated_now is None:
        return
    low, high = scale_of(rated)
    if (low, high) != scale_of(rated_now):
        message = f"`{key}` was rated from {low} to {high} and keeps that scale; use a new key."
        yield Problem(f"{path}.high", "key_changed_scale", message, key, high)


def _compare_heading(old: Survey, new: Survey) -> Iterator[ChangeLine]:
    if old.key != new.key:
        message = f"The survey key changes from {old.key} to {new.key}."
        yield ChangeLine("breaking", "$.key", message)
    for name, before, after in (
        ("title", old.title, new.title),
        ("description", old.description, new.description),
        ("intro", old.intro, new.intro),
        ("presentation", old.presentation, new.presentation),
        ("touchpoints", old.touchpoints, new.touchpoints),
        ("email", old.email, new.email),
        ("instrument", old.instrument, new.instrument),
        ("minimum_group", minimum_of(old), minimum_of(new)),
        ("grouped_by", old.grouped_by, new.grouped_by),
    ):
        if before != after:
            yield ChangeLine("cosmetic", f"$.{name}", f"The {name} changed.")
    # As stored: in Python `1 == True`, but a rule for the one is no rule for the other.
    if canonical_json(old.widget) != canonical_json(new.widget):
        yield ChangeLine("cosmetic", "$.widget", "The widget's targeting changed.")
    if canonical_json(old.asking) != canonical_json(new.asking):
        yield ChangeLine("cosmetic", "$.asking", "Whom triggers ask changed.")
        yield from _compare_takers(old.asking or SurveyAsking(), new.asking or SurveyAsking())
    if old.locale != new.locale:
        message = f"The default locale changes from {old.locale} to {new.locale}."
        yield ChangeLine("cosmetic", "$.locale", message)
    yield from _compare_names("locale", old.locales, new.locales, "locales")
    yield from _compare_names("context name", sorted(old.context), sorted(new.context), "context")
    for name in new.context:
        if name in old.context and old.context[name] != new.context[name]:
            message = f"The fallback of the context name {name} changed."
            yield ChangeLine("cosmetic", f"$.context.{name}", message)


def _compare_takers(old: SurveyAsking, new: SurveyAsking) -> Iterator[ChangeLine]:
    """Who may answer, and who counts: scores before and after are of other people."""
    for name, on, off in (
        ("invited_only", "Only invited people may answer.", "Anybody may answer."),
        ("counts_proved_only", "Only what is proved counts.", "What anybody could send counts."),
    ):
        if getattr(old, name) != getattr(new, name):
            yield ChangeLine("additive", f"$.asking.{name}", on if getattr(new, name) else off)


def _compare_names(
    thing: str, old: Iterable[str], new: Iterable[str], field: str
) -> Iterator[ChangeLine]:
    before, after = list(old), list(new)
    for name in after:
        if name not in before:
            yield ChangeLine("additive", f"$.{field}.{name}", f"The {thing} {name} is new.")
    for name in before:
        if name not in after:
            yield ChangeLine("cosmetic", f"$.{field}.{name}", f"The {thing} {name} is gone.")
    if before != after and set(before) == set(after):
        yield ChangeLine("cosmetic", f"$.{field}", f"The {thing}s come in another order.")


def _compare_questions(old: Sequence[Question], new: Sequence[Question]) -> Iterator[ChangeLine]:
    before = {question.key: question for question in old}
    after = {question.key: question for question in new}
    for key, question in after.items():
        path = f"$.questions.{key}"
        if key in before:
            yield from compare_questions(before[key], question)
        elif question.required:
            message = f"The question {key} ({type_of(question)}) is new and required."
            yield ChangeLine("breaking", path, message)
        else:
            message = f"The question {key} ({type_of(question)}) is new."
            yield ChangeLine("additive", path, message)
    for key in before:
        if key not in after:
            message = f"The question {key} is gone."
            yield ChangeLine("breaking", f"$.questions.{key}", message)
    shared = [key for key in after if key in before]
    if shared != [key for key in before if key in after]:
        yield ChangeLine("additive", "$.questions", "The questions come in another order.")


def _compare_endings(old: Survey, new: Survey) -> Iterator[ChangeLine]:
    before = {ending.key: ending for ending in old.endings}
    after = {ending.key: ending for ending in new.endings}
    yield from _compare_names("ending", before, after, "endings")
    for key, ending in after.items():
        if key in before and before[key] != ending:
            yield ChangeLine("cosmetic", f"$.endings.{key}", f"The ending {key} changed.")
