"""Whether a definition has the shape that its JSON Schema says, in sentences with their paths.

Only what the two schemas beside this file use is known: they are those of
`harken-server schema`, written by `docs/generate.py`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias, cast

Schema: TypeAlias = Mapping[str, Any]
Kind: TypeAlias = Literal["survey", "journey"]

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
_NAMES = {
    "object": "a map",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}
_AT_LEAST, _AT_MOST = "at least", "at most"
_SIZES = {
    "minLength": (_AT_LEAST, "characters"),
    "maxLength": (_AT_MOST, "characters"),
    "minItems": (_AT_LEAST, "entries"),
    "maxItems": (_AT_MOST, "entries"),
    "minProperties": (_AT_LEAST, "entries"),
    "maxProperties": (_AT_MOST, "entries"),
}


@cache
def read_schema(kind: Kind) -> Schema:
    """The schema of a kind of file."""
    return json.loads(Path(__file__).with_name(f"{kind}.schema.json").read_text("utf-8"))


def find_faults(kind: Kind, definition: Any) -> Iterator[str]:
    """Everything in which a definition differs from its schema."""
    root = read_schema(kind)
    yield from _Shape(root).faults(definition, root, "$")


class _Shape:
    """One schema, whose parts are named in `$defs`."""

    def __init__(self, root: Schema) -> None:
        self._root = root

    def faults(self, value: Any, schema: Schema, path: str) -> Iterator[str]:
        """Faults of a value, which stands at that path."""
        if "$ref" in schema:
            schema = self._root["$defs"][schema["$ref"].rpartition("/")[2]]
        if "anyOf" in schema:
            yield from self._of_any(value, schema, path)
            return
        wanted = schema.get("type")
        if wanted is not None and not _is_of(value, wanted):
            yield f"{path} must be {_NAMES[wanted]}, not {_name_of(value)}"
            return
        if "enum" in schema and value not in schema["enum"]:
            yield f"{path} must be {_listed(schema['enum'])}, not {value!r:.60}"
        yield from _limits(value, schema, path)
        if isinstance(value, dict):
            yield from self._of_map(cast("dict[str, Any]", value), schema, path)
        elif isinstance(value, list) and "items" in schema:
            for place, item in enumerate(cast("list[Any]", value)):
                yield from self.faults(item, schema["items"], f"{path}[{place}]")

    def _of_map(self, value: dict[str, Any], schema: Schema, path: str) -> Iterator[str]:
        known = schema.get("properties", {})
        others = schema.get("additionalProperties", True)
        for name in schema.get("required", ()):
            if name not in value:
                yield f"{path} needs {name}"
        for name, item in value.items():
            inside = f"{path}.{name}"
            if name in known:
                yield from self.faults(item, known[name], inside)
            elif others is False:
                yield f"{inside} is not known here; known are {_listed(sorted(known))}"
            elif isinstance(others, dict):
                yield from self.faults(name, schema.get("propertyNames", {}), inside)
                yield from self.faults(item, cast("Schema", others), inside)

    def _of_any(self, value: Any, schema: Schema, path: str) -> Iterator[str]:
        chosen = schema.get("discriminator")
        if chosen is not None and isinstance(value, dict):
            name, branches = chosen["propertyName"], chosen["mapping"]
            said = cast("dict[str, Any]", value).get(name)
            if said not in branches:
                yield f"{path}.{name} must be {_listed(branches)}, not {said!r:.60}"
                return
            yield from self.faults(value, {"$ref": branches[said]}, path)
            return
        found = [list(self.faults(value, branch, path)) for branch in schema["anyOf"]]
        if all(found):  # the branch that comes nearest tells most
            yield from min(found, key=lambda each: (_is_of_other_type(each, path), len(each)))


def _limits(value: Any, schema: Schema, path: str) -> Iterator[str]:
    if isinstance(value, str | list | dict):
        size = len(cast("str", value))
        for name, (bound, things) in _SIZES.items():
            limit = schema.get(name)
            if limit is not None and (size < limit if bound is _AT_LEAST else size > limit):
                yield f"{path} must have {bound} {limit} {things}, not {size}"
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        yield f"{path} must fit {schema['pattern']}, which {value!r:.60} does not"
    if isinstance(value, int | float) and not isinstance(value, bool):
        checks: list[tuple[str, Callable[[Any, Any], bool], str]] = [
            ("minimum", lambda given, limit: given < limit, _AT_LEAST),
            ("maximum", lambda given, limit: given > limit, _AT_MOST),
        ]
        for name, is_beyond, bound in checks:
            if name in schema and is_beyond(value, schema[name]):
                yield f"{path} must be {bound} {schema[name]}, not {value}"


def _is_of(value: Any, wanted: str) -> bool:
    return isinstance(value, _TYPES[wanted]) and (
        wanted == "boolean" or not isinstance(value, bool)
    )


def _is_of_other_type(faults: list[str], path: str) -> bool:
    return faults[0].startswith(tuple(f"{path} must be {name}," for name in _NAMES.values()))


def _name_of(value: Any) -> str:
    if isinstance(value, date):
        return "a day or time, which needs quotes"
    names = (_NAMES[wanted] for wanted in _TYPES if _is_of(value, wanted))
    return next(names, type(value).__name__)


def _listed(words: Any) -> str:
    return " or ".join(str(word) for word in words)
