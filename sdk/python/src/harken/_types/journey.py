"""Journeys as the API shows them, and what a push of one did."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from harken._errors import Problem
from harken._types.survey import ChangeLine


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
