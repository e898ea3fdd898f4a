"""Surveys as the API shows them, and what a push of one did."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec


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


class ResultsLink(msgspec.Struct, frozen=True, kw_only=True):
    """A link to a survey's results, for people without a key."""

    url: str
    expires_at: datetime


class SurveySource(msgspec.Struct, frozen=True, kw_only=True):
    """The text that a version was pushed as, with its comments and in its order."""

    format: str
    """`yaml` or `toml`."""
    text: str


class Survey(msgspec.Struct, frozen=True, kw_only=True):
    """One published version of a survey, with its definition."""

    key: str
    status: str
    version: int
    definition: dict[str, Any]
    """As in a survey file."""
    source: SurveySource | None = None
    """None for a version that was pushed as JSON."""
    published_at: datetime | None = None
    url: str | None = None
