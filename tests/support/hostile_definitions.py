"""Definitions whose every free text is one text: fields are found in the types, new ones too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from every_type import TYPES, asked
from msgspec import inspect

from harken_server.surveys.survey import Survey

SHAPE = inspect.type_info(Survey)
STANDING_APART = {"$schema", "value"}
"""No text of anybody's: an editor's note, and the values that rules compare."""


def definition_with(text: str, kind: str = "nps") -> dict[str, Any]:
    """A survey of one question of this type; all its texts are `text`, as far as they may be long.

    It is made of the types alone, so it may be one that no push would take.
    """
    base = {
        "key": "stay",
        "title": "x",
        "context": {"name": "x"},
        "questions": [asked(kind)],
        "endings": [{"key": "thanks", "title": "x"}],
        "presentation": {},
        "email": {},
        "widget": {},
    }
    return _filled(base, SHAPE, lambda limit: text[:limit] or "x")


def question_kinds() -> tuple[str, ...]:
    """Every question type."""
    return tuple(TYPES)


def free_text_fields() -> list[str]:
    """Where a definition holds free texts: `$.questions[0].text`, for all question types."""
    marked = {path for kind in TYPES for path in _places(definition_with("\ue000", kind), "$")}
    return sorted(marked)


def with_one_text(path: str, text: str) -> dict[str, Any]:
    """A sound survey with this text in one place; of the first type that has that place."""
    for kind in TYPES:
        filled = definition_with("\ue000", kind)
        if path in dict.fromkeys(_places(filled, "$")):
            return _with(filled, "$", path, text)
    raise KeyError(path)


def _with(value: Any, here: str, path: str, text: str) -> Any:
    if isinstance(value, dict):
        return {
            name: _with(item, _child(here, name), path, text) for name, item in value.items()
        }  # fmt: skip
    if isinstance(value, list):
        return [_with(item, f"{here}[{place}]", path, text) for place, item in enumerate(value)]
    if here == path:
        return text
    return "x" if isinstance(value, str) and set(value) == {"\ue000"} else value


def _places(value: Any, here: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _places(item, _child(here, name))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _places(item, f"{here}[{place}]")
    elif isinstance(value, str) and set(value) == {"\ue000"}:
        yield here


def _child(here: str, name: str) -> str:
    return f"{here}.{name}"


def _filled(value: Any, kind: inspect.Type, text_of: Callable[[int | None], str]) -> Any:
    """The value with every free text of its type put in, given before or not."""
    match kind:
        case inspect.StructType():
            named: dict[str, Any] = dict(value)
            for field in kind.fields:
                name = field.encode_name
                free = _free_text(field.type)
                if free is not None and name not in STANDING_APART:
                    named[name] = text_of(free.max_length)
                elif name in named:
                    named[name] = _filled(named[name], field.type, text_of)
            return named
        case inspect.VarTupleType():
            return [_filled(item, kind.item_type, text_of) for item in value]
        case inspect.DictType():
            free = _free_text(kind.value_type)
            return {
                name: text_of(free.max_length) if free else _filled(item, kind.value_type, text_of)
                for name, item in value.items()
            }
        case inspect.UnionType() if isinstance(value, dict):
            structs = [part for part in kind.types if isinstance(part, inspect.StructType)]
            (struct,) = [
                part for part in structs if part.tag is None or part.tag == value[part.tag_field]
            ]
            return _filled(value, struct, text_of)
        case _:
            return value


def _free_text(kind: inspect.Type) -> inspect.StrType | None:
    """The text that may stand there, when no pattern says of what it is made."""
    parts = kind.types if isinstance(kind, inspect.UnionType) else (kind,)
    found = [part for part in parts if isinstance(part, inspect.StrType) and part.pattern is None]
    return found[0] if found else None


def survey_with(text: str, kind: str = "nps") -> Survey:
    """The same as the server reads it."""
    return msgspec.convert(definition_with(text, kind), Survey)
