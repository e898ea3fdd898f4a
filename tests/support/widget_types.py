"""What the types of the widget declare, read from its TypeScript."""

from __future__ import annotations

import re

from node import WIDGET


def declared(name: str) -> str:
    """The text of a type of types.ts."""
    types = (WIDGET / "src" / "types.ts").read_text("utf-8")
    found = re.search(rf"export (?:interface|type) {name}\b(.*?)\n(?:\}}|\n)", types, re.DOTALL)
    assert found, f"no type {name}"
    return found.group(1)


def fields_of(name: str) -> list[str]:
    """The names of the fields of a type of types.ts."""
    return re.findall(r"^  (\w+)\??:", declared(name), re.MULTILINE)
