"""Survey files and journey files on their way to the server: read, and told from each other."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Any, Literal, TypeAlias

import msgspec

DefinitionFormat: TypeAlias = Literal["json", "yaml", "toml"]

FORMAT_BY_SUFFIX: dict[str, DefinitionFormat] = {
    ".json": "json",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".toml": "toml",
}

_TOML_LINE = re.compile(r"\[|[\w\"'.$-]+\s*=")
_JOURNEY_LINES: dict[DefinitionFormat, re.Pattern[bytes]] = {
    "yaml": re.compile(rb"^([\"']?)stages\1[ \t]*:", re.MULTILINE),
    "toml": re.compile(rb"^[ \t]*(\[\[[ \t]*stages[ \t]*\]\]|stages[ \t]*=)", re.MULTILINE),
}


def read_definition(
    source: str | os.PathLike[str] | Mapping[str, Any], format: DefinitionFormat | None
) -> tuple[bytes, DefinitionFormat]:
    """The bytes of a definition and their format.

    A mapping becomes JSON. A path, or a string of one line that ends in a known suffix, is read as
    a file. Any other string is the definition itself; unless `format` says, its looks decide.
    """
    if isinstance(source, Mapping):
        return msgspec.json.encode(source), "json"
    if isinstance(source, str) and not _names_file(source):
        return source.encode(), format or _format_of_text(source)
    path = Path(source)
    return path.read_bytes(), format or format_of_file(path)


def format_of_file(path: PurePath) -> DefinitionFormat:
    """By its name; ValueError when that says none."""
    found = FORMAT_BY_SUFFIX.get(path.suffix.lower())
    if found is None:
        raise ValueError(f"a survey file ends in {', '.join(FORMAT_BY_SUFFIX)}; {path} does not")
    return found


def is_journey(path: PurePath, definition: bytes, format: DefinitionFormat) -> bool:
    """Whether a file holds a journey: by its name, `….journey.yaml`, or because it has `stages`."""
    if PurePath(path.stem).suffix.lower() in {".journey", ".survey"}:
        return PurePath(path.stem).suffix.lower() == ".journey"
    if format != "json":
        return _JOURNEY_LINES[format].search(definition) is not None
    try:
        tree = msgspec.json.decode(definition)
    except msgspec.MsgspecError:
        return False
    return isinstance(tree, dict) and "stages" in tree


def _names_file(source: str) -> bool:
    return "\n" not in source and Path(source).suffix.lower() in FORMAT_BY_SUFFIX


def _format_of_text(text: str) -> DefinitionFormat:
    lines = (line.strip() for line in text.splitlines())
    first = next((line for line in lines if line and not line.startswith("#")), "")
    if first.startswith("{"):
        return "json"
    return "toml" if _TOML_LINE.match(first) else "yaml"
