"""An example of every question type, made of its own fields, and the answers that it takes."""

from __future__ import annotations

from typing import Any, assert_never

import msgspec
from hypothesis import strategies as st

from harken_server.surveys.questions import types as q
from harken_server.surveys.questions.texts import fields_of

TYPES: dict[str, type[q.Question]] = {
    str(kind.__struct_config__.tag): kind for kind in q.Question.__args__
}
"""Every question type by its name in files."""
CHOICES = [{"value": value, "label": value} for value in "abcd"]
NONE = {"value": "nothing", "label": "-"}


def shape_of(kind: str) -> dict[str, Any]:
    """The fields that the type must have, and what it can offer besides, as files write them."""
    shape: dict[str, Any] = {}
    for field in msgspec.structs.fields(TYPES[kind]):
        says = fields_of(TYPES[kind])[field.name]
        if field.name in {"key", "text"} or not (field.required or says is q.Says.OFFER):
            continue
        match says:
            case q.Says.ENTRIES:
                shape[field.name] = CHOICES
            case q.Says.TEXT:
                shape[field.name] = f"The {field.name}"
            case q.Says.OFFER:
                shape[field.name] = NONE if field.name == "none" else f"The {field.name}"
            case _:
                raise TypeError(f"{kind}.{field.name} needs an example")
    return shape


def asked(kind: str, **parts: Any) -> dict[str, Any]:
    """A question of the type as files write it."""
    return {"type": kind, "key": "q", "text": "Asked?", **shape_of(kind), **parts}


def question_of(kind: str, **parts: Any) -> q.Question:
    """A question of the type as the server reads it."""
    return msgspec.convert(asked(kind, **parts), q.Question)


texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=30)
own_texts = texts.map(lambda text: {q.OTHER: text})


def answers_to(question: q.Question) -> st.SearchStrategy[Any]:
    """Wire answers that the question accepts; nothing for one that takes none."""
    match question:
        case q.RatingBase():
            return st.integers(*q.scale_of(question))
        case q.OneChoice():
            listed = st.sampled_from([choice.value for choice in question.listed()])
            return listed if question.other is None else listed | own_texts
        case q.MultipleChoice():
            values = st.sampled_from([choice.value for choice in question.choices])
            many = st.lists(values, unique=True)
            own = st.lists(own_texts, max_size=0 if question.other is None else 1)
            alone = [] if question.none is None else [st.just([question.none.value])]
            return st.one_of(st.builds(lambda a, b: [*a, *b], many, own), *alone)
        case q.Matrix():
            values = (st.sampled_from([each.value for each in part])
                      for part in (question.rows, question.columns))  # fmt: skip
            return st.dictionaries(*values)
        case q.Ranking():
            values = st.sampled_from([choice.value for choice in question.choices])
            return st.lists(values, unique=True, max_size=question.max_ranked)
        case q.ShortText() | q.LongText():
            return texts
        case q.Number():
            return st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(-1e15, 1e15)
        case q.Date():
            return st.dates().map(str)
        case q.Email():
            return st.just("ada@example.com")
        case q.Phone():
            return st.from_regex(r"\+[0-9]{5,15}", fullmatch=True)
        case q.Consent():
            return st.booleans()
        case q.Statement():
            return st.nothing()
        case _:
            assert_never(question)
