"""Values that the JSON Schema of an operation allows, drawn with names and codes that exist."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

Schema = Mapping[str, Any]
OFTEN = 0.35
"""How often something is said that need not be."""
WORDS = ("a", "oslo", "x1", "Some words.", "2026-11-20T10:00:00Z", "en", "de", "1")


class Shapes:
    """Draws values for schemas; texts are known ones of the same name where there are some."""

    def __init__(self, components: Mapping[str, Schema], known: Mapping[str, Sequence[Any]]):
        self._components = components
        self._known = known

    def draw(self, schema: Schema, rng: Random, name: str = "", depth: int = 0) -> Any:
        """A value that the schema allows, as far as its patterns let us."""
        schema = self._resolved(schema, rng)
        if name in self._known and schema.get("type") != "object" and rng.random() < 0.9:
            return rng.choice(self._known[name])
        for fixed in ("const", "default"):
            if fixed in schema and (fixed == "const" or rng.random() < 0.2):
                return copy.deepcopy(schema[fixed])
        if "enum" in schema:
            return rng.choice(schema["enum"])
        return self._of_type(schema, rng, name, depth)

    def _resolved(self, schema: Schema, rng: Random) -> Schema:
        """Behind its references and choices."""
        while True:
            if "$ref" in schema:
                schema = self._components[schema["$ref"].rpartition("/")[2]]
            elif choices := schema.get("anyOf") or schema.get("oneOf"):
                schema = rng.choice(choices)
            else:
                return schema

    def _of_type(self, schema: Schema, rng: Random, name: str, depth: int) -> Any:
        kind = schema.get("type", "string")
        match kind if isinstance(kind, str) else rng.choice(kind):
            case "object":
                return self._object(schema, rng, depth)
            case "array":
                count = rng.choice((1, 1, 2, schema.get("minItems", 0))) if depth < 6 else 0
                items = schema.get("items", {})
                return [self.draw(items, rng, name, depth + 1) for _ in range(count)]
            case "integer":
                low, high = int(schema.get("minimum", 0)), int(schema.get("maximum", 10))
                return rng.randint(low, max(low, min(high, low + 100)))
            case "number":
                return float(schema.get("minimum", 0.5))
            case "boolean":
                return rng.random() < 0.5
            case "null":
                return None
            case _:
                text = rng.choice(WORDS)
                return text.ljust(schema.get("minLength", 0), "x")[: schema.get("maxLength", 100)]

    def _object(self, schema: Schema, rng: Random, depth: int) -> dict[str, Any]:
        required = schema.get("required", ())
        often = OFTEN if depth < 3 else 0.1
        drawn = {
            name: self.draw(inner, rng, name, depth + 1)
            for name, inner in schema.get("properties", {}).items()
            if name in required or rng.random() < often
        }
        more = schema.get("additionalProperties")
        if isinstance(more, dict) and rng.random() < 0.6 and depth < 6:
            drawn[rng.choice(WORDS)] = self.draw(more, rng, "", depth + 1)
        return drawn
