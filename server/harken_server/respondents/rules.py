"""What happened between a respondent and us: the latest of each kind, by survey and touchpoint."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec


class Contacts(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """When each kind of contact happened last; None is never."""

    asked_at: datetime | None = None
    """An invitation was made."""
    shown_at: datetime | None = None
    """The widget first showed an invitation."""
    dismissed_at: datetime | None = None
    """An invitation was closed without an answer."""
    answered_at: datetime | None = None
    """A response was completed."""


class Episode(msgspec.Struct, kw_only=True, frozen=True):
    """All contacts of one respondent with one survey at one touchpoint."""

    survey_id: UUID
    touchpoint: str
    contacts: Contacts
    open_since: datetime | None = None
    """When the newest invitation was made that can still be answered."""
    responses: int = 0
    """Responses within the time that escalation looks at, complete or not."""


class Reach(msgspec.Struct, kw_only=True, frozen=True):
    """A respondent's contacts as a decision looks at them: three scopes and what is open."""

    survey: Contacts = Contacts()
    touchpoint: Contacts = Contacts()
    everywhere: Contacts = Contacts()
    open_since: datetime | None = None


def reach_of(episodes: Iterable[Episode], survey_id: UUID | None, touchpoint: str) -> Reach:
    """The contacts with this survey, at this touchpoint, and at all."""
    every = list(episodes)
    of_survey = [one for one in every if one.survey_id == survey_id]
    return Reach(
        survey=_latest(one.contacts for one in of_survey),
        touchpoint=_latest(one.contacts for one in every if one.touchpoint == touchpoint),
        everywhere=_latest(one.contacts for one in every),
        open_since=_later(one.open_since for one in of_survey),
    )


def _latest(many: Iterable[Contacts]) -> Contacts:
    every = list(many)
    if len(every) <= 1:
        return every[0] if every else Contacts()
    return Contacts(
        asked_at=_later(one.asked_at for one in every),
        shown_at=_later(one.shown_at for one in every),
        dismissed_at=_later(one.dismissed_at for one in every),
        answered_at=_later(one.answered_at for one in every),
    )


def _later(moments: Iterable[datetime | None]) -> datetime | None:
    return max((moment for moment in moments if moment is not None), default=None)
