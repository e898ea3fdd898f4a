"""What happened between a respondent and us: the latest of each kind, by survey and touchpoint."""

from __future__ import annotations

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
