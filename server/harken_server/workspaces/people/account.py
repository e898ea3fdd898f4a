"""People of the house as they are kept: accounts, what they may do where, and their sessions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from harken_server.workspaces.people.rules import Role


class Account(msgspec.Struct, kw_only=True, frozen=True):
    """A person of the house, of one workspace or several."""

    id: UUID
    email: str
    """In small letters."""
    name: str
    locale: str | None = None
    password_digest: str | None = None
    """Argon2id; None: they have no password."""
    totp_secret: str | None = None
    totp_step: int | None = None
    recovery_digests: tuple[str, ...] = ()
    created_at: datetime
    disabled_at: datetime | None = None


class Membership(msgspec.Struct, kw_only=True, frozen=True):
    """What a person may do in one workspace."""

    workspace_id: UUID
    account_id: UUID
    role: Role
    stores: tuple[str, ...] = ()
    touchpoints: tuple[str, ...] = ()
    created_at: datetime


class Session(msgspec.Struct, kw_only=True, frozen=True):
    """A browser in which somebody is signed in; its secret is known to that browser alone."""

    digest: str
    id: UUID
    account_id: UUID
    browser: str
    network: str
    created_at: datetime
    last_seen_at: datetime
    confirmed_at: datetime | None = None
    """When the password was last given in it."""
    expires_at: datetime
