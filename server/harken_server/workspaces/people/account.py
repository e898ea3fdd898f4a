"""People of the house as they are kept: accounts, what they may do where, and their sessions."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

import msgspec

from harken_server.workspaces.people.rules import Role

GUEST_EMAIL = "guest@demo.example"
"""Whose account the demo lends to everybody who looks at it."""
LinkKind: TypeAlias = Literal["setup", "invite", "reset"]


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

    def may_come_in(self, *, is_demo: bool) -> bool:
        """Whether they may be signed in: the demo's guest only while the demo is served."""
        return self.disabled_at is None and (is_demo or self.email != GUEST_EMAIL)


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


class HouseLink(msgspec.Struct, kw_only=True, frozen=True):
    """A link that is used once; its secret is known to whoever got it."""

    digest: str
    id: UUID
    kind: LinkKind
    workspace_id: UUID | None = None
    account_id: UUID | None = None
    """Whose password it changes."""
    email: str | None = None
    """Whom it was made for, in small letters."""
    role: Role | None = None
    stores: tuple[str, ...] = ()
    touchpoints: tuple[str, ...] = ()
    made_by: UUID | None = None
    """The account that made it; None: the command line, or the server itself."""
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
