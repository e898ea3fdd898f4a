"""Saved segments as the API shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec


class SegmentCondition(msgspec.Struct, frozen=True, kw_only=True):
    """What a trait, a value of the context, an answer or the response itself must be."""

    of: str
    """`trait`, `context`, `answer`, `band`, `touchpoint`, `channel`, `version` or `locale`."""
    name: str = ""
    """Of the trait, the context or the question; the others have none."""
    op: str = "equals"
    """`equals`, `not_equals`, `at_least`, `at_most`, `contains`, `one_of` or `exists`."""
    value: Any = None


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """A named filter; with a portrait it is a persona."""

    key: str
    title: str
    description: str = ""
    portrait: tuple[str, ...] = ()
    """Words that describe somebody of it."""
    conditions: tuple[SegmentCondition, ...] = ()
    """All must hold."""
    created_at: datetime | None = None
    updated_at: datetime | None = None
