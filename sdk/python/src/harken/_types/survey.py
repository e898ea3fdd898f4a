"""Surveys as the API shows them, and survey files on their way to it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
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


class ChangeLine(msgspec.Struct, frozen=True):
    """One difference between the definition pushed and the version before it."""

    kind: str
    """`cosmetic`, `additive` or `breaking`."""
    path: str
    message: str


class PushResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a push did, or, with `dry_run`, would do."""

    key: str
    status: str
    """`draft`, `live` or `closed`."""
    version: int
    """The version that this definition is, or would become."""
    change: str
    """The greatest change: `first`, `none`, `cosmetic`, `additive` or `breaking`."""
    changes: tuple[ChangeLine, ...] = ()
    url: str | None = None
    """The survey's public page."""


class SurveySummary(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the list of surveys."""

    key: str
    title: str
    status: str
    version: int
    updated_at: datetime
    url: str | None = None


class Survey(msgspec.Struct, frozen=True, kw_only=True):
    """One published version of a survey, with its definition."""

    key: str
    status: str
    version: int
    definition: dict[str, Any]
    """As in a survey file."""
    published_at: datetime | None = None
    url: str | None = None


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
    return path.read_bytes(), format or _format_of_file(path)


def _names_file(source: str) -> bool:
    return "\n" not in source and Path(source).suffix.lower() in FORMAT_BY_SUFFIX


def _format_of_file(path: Path) -> DefinitionFormat:
    found = FORMAT_BY_SUFFIX.get(path.suffix.lower())
    if found is None:
        raise ValueError(f"a survey file ends in {', '.join(FORMAT_BY_SUFFIX)}; {path} does not")
    return found


def _format_of_text(text: str) -> DefinitionFormat:
    lines = (line.strip() for line in text.splitlines())
    first = next((line for line in lines if line and not line.startswith("#")), "")
    if first.startswith("{"):
        return "json"
    return "toml" if _TOML_LINE.match(first) else "yaml"
