"""The JSON Schema of survey files, for editors and other tools."""

from __future__ import annotations

from typing import Any, cast

import msgspec

from harken_server.surveys.files.schema_words import FIELD_WORDS
from harken_server.surveys.questions.conditions import Condition
from harken_server.surveys.survey import Survey
from harken_server.surveys.texts import LocalText

SCHEMA_ID = "https://harken.dev/schema/survey-1.json"


def survey_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of a survey definition, made from the types that decode it.

    It says what the types say. What only a whole survey can show (references, reachability, missing
    strings) is found by `surveys.checks`.
    """
    shared: tuple[Any, ...] = (LocalText, Condition)
    shapes, components = msgspec.json.schema_components(
        (*shared, Survey), ref_template="#/$defs/{name}"
    )
    unions: dict[str, Any] = dict(zip(("LocalText", "Condition"), shapes, strict=False))
    parts = {name: _tidied(name, part, unions) for name, part in components.items()}
    for name, union in unions.items():
        parts[name] = {**union, "description": FIELD_WORDS[name]}
    root = parts.pop("Survey")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        **root,
        "title": "Harken survey",
        "$defs": dict(sorted(parts.items())),
    }


def _tidied(name: str, part: dict[str, Any], unions: dict[str, Any]) -> dict[str, Any]:
    """The part with a description for each field, without defaults that only say "nothing".

    A union that many fields share is named once and referred to.
    """
    part = _with_references(part, unions)
    fields = cast("dict[str, dict[str, Any]]", part.get("properties", {}))
    for field, shape in fields.items():
        if shape.get("default", "") in (None, (), [], {}):
            del shape["default"]
        words = FIELD_WORDS.get(f"{name}.{field}", FIELD_WORDS.get(field))
        if words is not None and not _is_tag(shape):
            shape["description"] = words
    if "description" in part:
        part["description"] = _one_line(str(part["description"]))
    return part


def _is_tag(shape: dict[str, Any]) -> bool:
    """Whether the field only tells apart which kind this is."""
    return len(cast("list[Any]", shape.get("enum", ()))) == 1


def _with_references(shape: Any, unions: dict[str, Any]) -> Any:
    if isinstance(shape, list):
        return [_with_references(item, unions) for item in cast("list[Any]", shape)]
    if not isinstance(shape, dict):
        return shape
    whole = cast("dict[str, Any]", shape)
    null = {"type": "null"}
    options = cast("list[Any]", whole.get("anyOf", []))
    for name, union in unions.items():
        if [option for option in options if option != null] == union["anyOf"]:
            rest = {key: item for key, item in whole.items() if key not in union}
            reference = {"$ref": f"#/$defs/{name}"}
            return (
                {**rest, "anyOf": [reference, null]} if null in options else {**rest, **reference}
            )
    return {key: _with_references(item, unions) for key, item in whole.items()}


def _one_line(text: str) -> str:
    return " ".join(text.split())
