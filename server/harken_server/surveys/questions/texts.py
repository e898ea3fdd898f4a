"""What each field of a question says, and every text of a question with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, TypeAlias, get_args, get_type_hints

import msgspec

from harken_server.surveys.questions.types import Choice, Question, Says
from harken_server.surveys.texts import LocalText

PlacedText: TypeAlias = tuple[str, LocalText]
"""Path below the question, such as `.choices[1].label`, and the text."""


def question_texts(question: Question) -> Iterator[PlacedText]:
    """All texts that the question has, with their paths below it."""
    for name, says in fields_of(type(question)).items():
        value: Any = getattr(question, name)
        if says is Says.ENTRIES:
            for place, choice in enumerate(value):
                yield f".{name}[{place}].label", choice.label
        elif isinstance(value, Choice):
            yield f".{name}.label", value.label
        elif value is not None and (says is Says.TEXT or says is Says.OFFER):
            yield f".{name}", value


@cache
def fields_of(kind: type[Question]) -> Mapping[str, Says]:
    """What each field of a question type says, in their order; TypeError for one that is silent.

    Fields that hold texts or lists of choices need no mark.
    """
    plain, marked = get_type_hints(kind), get_type_hints(kind, include_extras=True)
    found: dict[str, Says] = {}
    for field in msgspec.structs.fields(kind):
        marks: tuple[Any, ...] = getattr(marked[field.name], "__metadata__", ())
        says = next((mark for mark in marks if isinstance(mark, Says)), None)
        if says is None and dict[str, str] in get_args(plain[field.name]):
            says = Says.TEXT
        if says is None and plain[field.name] == tuple[Choice, ...]:
            says = Says.ENTRIES
        if says is None:
            raise TypeError(f"{kind.__name__}.{field.name} is not marked with what it `Says`")
        found[field.name] = says
    return found
