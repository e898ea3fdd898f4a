"""The JSON Schema of definition files, for editors and other tools."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import msgspec

from harken_server.surveys.questions.conditions import Condition
from harken_server.surveys.survey import Survey
from harken_server.surveys.texts import LocalText

SCHEMA_ID = "https://harken.dev/schema/survey-1.json"


def survey_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of a survey definition, made from the types that decode it.

    It says what the types say. What only a whole survey can show (references, reachability, missing
    strings) is found by `surveys.checks`.
    """
    unions = {"LocalText": LocalText, "Condition": Condition}
    return schema_of(Survey, SCHEMA_ID, "Harken survey", read_words(Path(__file__)), unions)


def read_words(module: Path) -> dict[str, str]:
    """What each field means: `schema_words.toml`, beside the module that asks."""
    return msgspec.toml.decode(
        module.with_name("schema_words.toml").read_bytes(), type=dict[str, str]
    )


def schema_of(
    kind: type[msgspec.Struct],
    schema_id: str,
    title: str,
    words: Mapping[str, str],
    shared: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The schema of a kind of file; `shared` are unions that many fields have, by their names."""
    shared = shared or {}
    shapes, components = msgspec.json.schema_components(
        (*shared.values(), kind), ref_template="#/$defs/{name}"
    )
    unions: dict[str, Any] = dict(zip(shared, shapes, strict=False))
    parts = {name: _tidied(name, part, unions, words) for name, part in components.items()}
    for name, union in unions.items():
        parts[name] = {**union, "description": words[name]}
    root = parts.pop(kind.__name__)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": schema_id,
        **root,
        "title": title,
        "$defs": dict(sorted(parts.items())),
    }


def _tidied(
    name: str, part: dict[str, Any], unions: dict[str, Any], words: Mapping[str, str]
) -> dict[str, Any]:
    """The part with a description for each field, without defaults that only say "nothing".

    A union that many fields share is named once and referred to.
    """
    part = _with_references(part, unions)
    fields = cast("dict[str, dict[str, Any]]", part.get("properties", {}))
    for field, shape in fields.items():
        if shape.get("default", "") in (None, (), [], {}):
            del shape["default"]
        meaning = words.get(f"{name}.{field}", words.get(field))
        is_tag = len(cast("list[Any]", shape.get("enum", ()))) == 1  # it only tells apart kinds
        if meaning is not None and not is_tag:
            shape["description"] = meaning
    if "description" in part:
        part["description"] = " ".join(str(part["description"]).split())
    return part


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
