"""Journeys as the API shows them, and how their files are told from those of surveys."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import PurePath
from typing import Any

import msgspec

from harken._errors import Problem
from harken._types.survey import ChangeLine, DefinitionFormat

_JOURNEY_LINES: dict[DefinitionFormat, re.Pattern[bytes]] = {
    "yaml": re.compile(rb"^([\"']?)stages\1[ \t]*:", re.MULTILINE),
    "toml": re.compile(rb"^[ \t]*(\[\[[ \t]*stages[ \t]*\]\]|stages[ \t]*=)", re.MULTILINE),
}


class JourneyPush(msgspec.Struct, frozen=True, kw_only=True):
    """What a push of a journey did, or, with `dry_run`, would do."""

    key: str
    change: str
    """`first`, `changed` or `none`."""
    changes: tuple[ChangeLine, ...] = ()
    """Stages and touchpoints that are `added`, `removed`, `moved` or `changed`."""
    warnings: tuple[Problem, ...] = ()
    """Surveys that are named and not there yet: their touchpoints ask nobody until they are."""


class JourneySummary(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the list of journeys."""

    key: str
    title: str
    stages: int
    touchpoints: int
    updated_at: datetime


class Journey(msgspec.Struct, frozen=True, kw_only=True):
    """A journey as it holds now."""

    key: str
    definition: dict[str, Any]
    """As in a journey file: pushing it again changes nothing."""
    touchpoints: tuple[dict[str, Any], ...]
    """Every touchpoint with all its settings, in order."""
    updated_at: datetime


class JourneyTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """A journey that is built in."""

    key: str
    title: str
    description: str
    stages: tuple[str, ...]


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
