"""Keys and stored values: each once, none reserved, none that clashes as a spreadsheet column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from harken_server.kernel.errors import Problem
from harken_server.surveys.files.draft import Draft
from harken_server.surveys.questions.texts import fields_of
from harken_server.surveys.questions.types import END, OTHER, Choice, Question, Says


def check_keys(draft: Draft) -> Iterator[Problem]:
    """Repeated, reserved and clashing keys and values, and repeated list entries."""
    yield from _check_question_keys(draft)
    seen: set[str] = set()
    for path, ending in draft.endings():
        if ending.key in seen:
            yield _repeated(f"{path}.key", f"The ending key `{ending.key}`")
        seen.add(ending.key)
    for path, _, question in draft.questions():
        yield from _check_values(path, question)
    for field, entries in (
        ("locales", draft.survey.locales),
        ("touchpoints", draft.survey.touchpoints),
    ):
        for place, entry in enumerate(entries):
            if entry in entries[:place]:
                yield _repeated(f"$.{field}[{place}]", f"`{entry}`")


def _check_question_keys(draft: Draft) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for path, place, question in draft.questions():
        key = question.key
        if key == END:
            message = f"The key `{END}` is reserved: a jump to `{END}` leads to the ending."
            yield Problem(f"{path}.key", "reserved_key", message, question=key)
        first = seen.setdefault(key, place)
        if first != place:
            message = f"The question key `{key}` is used twice; first by question {first + 1}."
            yield Problem(f"{path}.key", "duplicate_key", message, question=key)
    wide = [question.key for _, _, question in draft.questions() if question.behaviour.has_parts]
    for path, _, question in draft.questions():
        for key in wide:
            if question.key.startswith(f"{key}__"):
                message = f"`{question.key}` could be a spreadsheet column of `{key}`; rename it."
                yield Problem(f"{path}.key", "column_clash", message, question=question.key)


def _check_values(path: str, question: Question) -> Iterator[Problem]:
    """What is offered besides stands in one list with what is listed."""
    says = fields_of(type(question))
    fields: dict[str, Any] = {name: getattr(question, name) for name in says}
    besides = [
        (f"{path}.{name}", each) for name, each in fields.items() if isinstance(each, Choice)
    ]
    for name, entries in fields.items():
        if says[name] is Says.ENTRIES:
            placed = ((f"{path}.{name}[{place}]", each) for place, each in enumerate(entries))
            yield from _check_choices(question.key, [*placed, *besides])


def _check_choices(key: str, choices: Iterable[tuple[str, Choice]]) -> Iterator[Problem]:
    seen: set[str] = set()
    for path, choice in choices:
        value = choice.value
        if value == OTHER:
            message = f"The value `{OTHER}` is reserved for the choice with a text of one's own."
            yield Problem(f"{path}.value", "reserved_value", message, question=key)
        elif value in seen:
            message = f"The value `{value}` is used twice in `{key}`."
            yield Problem(f"{path}.value", "duplicate_value", message, question=key)
        seen.add(value)


def _repeated(path: str, thing: str) -> Problem:
    return Problem(path, "duplicate_key", f"{thing} is used twice.")
