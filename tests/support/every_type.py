"""An example of every question type, made of its own fields, and the answers that it takes."""

from __future__ import annotations

from typing import Any, assert_never

import msgspec
from hypothesis import strategies as st

from harken_server.surveys.questions.texts import fields_of
from harken_server.surveys.questions.types import (
    OTHER,
    Consent,
    Date,
    Email,
    LongText,
    Matrix,
    MultipleChoice,
    Number,
    OneChoice,
    Phone,
    Question,
    Ranking,
    RatingBase,
    Says,
    ShortText,
    Statement,
    scale_of,
)

TYPES: dict[str, type[Question]] = {
    str(kind.__struct_config__.tag): kind for kind in Question.__args__
}
"""Every question type by its name in files."""
CHOICES = [{"value": value, "label": value} for value in "abcd"]
NONE = {"value": "nothing", "label": "-"}


def shape_of(kind: str) -> dict[str, Any]:
    """The fields that the type must have, and what it can offer besides, as files write them."""
    shape: dict[str, Any] = {}
    for field in msgspec.structs.fields(TYPES[kind]):
        says = fields_of(TYPES[kind])[field.name]
        if field.name in {"key", "text"} or not (field.required or says is Says.OFFER):
            continue
        match says:
            case Says.ENTRIES:
                shape[field.name] = CHOICES
            case Says.TEXT:
                shape[field.name] = f"The {field.name}"
            case Says.OFFER:
                shape[field.name] = NONE if field.name == "none" else f"The {field.name}"
            case _:
                raise TypeError(f"{kind}.{field.name} needs an example")
    return shape


def asked(kind: str, **parts: Any) -> dict[str, Any]:
    """A question of the type as files write it."""
    return {"type": kind, "key": "q", "text": "Asked?", **shape_of(kind), **parts}


def question_of(kind: str, **parts: Any) -> Question:
    """A question of the type as the server reads it."""
    return msgspec.convert(asked(kind, **parts), Question)


texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=30)
own_texts = texts.map(lambda text: {OTHER: text})


def answers_to(question: Question) -> st.SearchStrategy[Any]:
    """Wire answers that the question accepts; nothing for one that takes none."""
    match question:
        case RatingBase():
            return st.integers(*scale_of(question))
        case OneChoice():
            listed = st.sampled_from([choice.value for choice in question.listed()])
            return listed if question.other is None else listed | own_texts
        case MultipleChoice():
            values = st.sampled_from([choice.value for choice in question.choices])
            many = st.lists(values, unique=True)
            own = st.lists(own_texts, max_size=0 if question.other is None else 1)
            alone = [] if question.none is None else [st.just([question.none.value])]
            return st.one_of(st.builds(lambda a, b: [*a, *b], many, own), *alone)
        case Matrix():
            values = (st.sampled_from([each.value for each in part])
                      for part in (question.rows, question.columns))  # fmt: skip
            return st.dictionaries(*values)
        case Ranking():
            values = st.sampled_from([choice.value for choice in question.choices])
            return st.lists(values, unique=True, max_size=question.max_ranked)
        case ShortText() | LongText():
            return texts
        case Number():
            return st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(-1e15, 1e15)
        case Date():
            return st.dates().map(str)
        case Email():
            return st.just("ada@example.com")
        case Phone():
            return st.from_regex(r"\+[0-9]{5,15}", fullmatch=True)
        case Consent():
            return st.booleans()
        case Statement():
            return st.nothing()
        case _:
            assert_never(question)
