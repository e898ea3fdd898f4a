"""Feedback that nobody was asked for, as it is taken in."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypedDict

import msgspec


class _Required(TypedDict):
    id: str
    """As the source names it: taken in again, it is stored once."""
    at: datetime
    """When it was said (aware)."""


class IntakeItem(_Required, total=False):
    """A review, a post, a call note or a ticket: it must have a rating or a text."""

    rating: int | None
    text: str | None
    link: str | None
    """Where it stands."""
    respondent: str | None
    """Whose it is, where you know."""
    touchpoint: str | None
    locale: str | None
    context: dict[str, Any] | None


class IntakeRefusal(msgspec.Struct, frozen=True, kw_only=True):
    """An item that was not stored, and why."""

    index: int
    """Its place among those that were given, from 0."""
    id: str
    code: str
    message: str


class TakenIn(msgspec.Struct, frozen=True, kw_only=True):
    """What became of items; the numbers add up to how many were given."""

    source: str
    """The key of the survey that they are responses of."""
    stored: int = 0
    """Now, or before, the same."""
    refused: tuple[IntakeRefusal, ...] = ()
