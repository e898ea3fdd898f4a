"""Signed and personal links as the API lists them."""

from __future__ import annotations

from datetime import datetime

import msgspec


class SignedLink(msgspec.Struct, frozen=True, kw_only=True):
    """A signed link that was handed out; its token is not kept."""

    id: str
    kind: str
    """`results`, `export`, `mail-preview`, `mail hook` or `sms hook`."""
    subject: str
    """The survey that it opens, or the provider that calls it."""
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None


class PersonalLink(msgspec.Struct, frozen=True, kw_only=True):
    """A respondent's link to a survey; its code is told to them alone."""

    id: str
    survey: str
    touchpoint: str
    channel: str
    created_at: datetime
    expires_at: datetime | None = None
    """When it stopped working, or will."""
    answered: bool
    """Whether a response was begun with it."""
