"""Programmes as the API shows them: lists of respondents that are asked wave by wave."""

from __future__ import annotations

from datetime import date, datetime

import msgspec


class ProgrammeDefinition(msgspec.Struct, frozen=True, kw_only=True):
    """A programme as it was set."""

    key: str
    survey: str
    touchpoint: str
    channel: str
    every: str
    """`week`, `month`, `quarter`, `half_year`, `year` or `once`."""
    starts_on: date
    timezone: str
    is_active: bool
    spread_days: int | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


class ProgrammeProgress(msgspec.Struct, frozen=True, kw_only=True):
    """The current wave in figures."""

    wave: int
    """Counted from 1; 0 before the programme begins."""
    members: int
    decided: int
    """Members whose turn in the wave is over."""
    due: int
    """Members whose turn has come and who were not decided on yet."""
    asked: int
    answered: int
    wave_began_at: datetime | None = None
    next_wave_at: datetime | None = None
    next_asking_at: datetime | None = None


class Programme(msgspec.Struct, frozen=True, kw_only=True):
    """A programme and how far it has come."""

    programme: ProgrammeDefinition
    state: str
    """`running`, `not_begun`, `finished`, `inactive`, `no_survey`, `not_live` or `reassigned`."""
    progress: ProgrammeProgress


class ProgrammeMember(msgspec.Struct, frozen=True, kw_only=True):
    """One respondent of a programme."""

    respondent: str
    last_wave: int
    """The wave they were last decided on, or joined after; 0 is none."""


class MembersChange(msgspec.Struct, frozen=True, kw_only=True):
    """What became of members that were sent."""

    added: int = 0
    known: int = 0
    """Were members already, and were brought up to date."""
    removed: int = 0
    skipped: int = 0
    """Were erased, and are not taken in."""
