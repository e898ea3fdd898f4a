"""Deliveries and mail as the API shows them."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One message, queued or handed over."""

    id: str
    invitation: str
    channel: str
    """On which it goes out, such as `email`."""
    respondent: str
    wave: str
    kind: str
    """`invitation` or `reminder`."""
    address: str
    state: str
    """`queued`, `sending`, `sent`, `failed`, `unknown` (never sent again), `suppressed`,
    `cancelled`, `bounced` or `complained`."""
    attempts: int
    created_at: datetime
    due_at: datetime
    """When it is sent, or tried again, at the earliest."""
    handed_over_at: datetime | None = None
    """When it was given to whoever carries it, such as the mail server."""
    finished_at: datetime | None = None
    note: str | None = None
    """Why it waits, or what went wrong."""


class MailPreview(msgspec.Struct, frozen=True, kw_only=True):
    """A survey's message as somebody of whom nothing is known would get it."""

    subject: str
    preheader: str
    from_name: str
    locale: str
    direction: str
    """`ltr` or `rtl`."""
    html: str
    text: str
    preview_url: str
    """A page for the browser that shows it, for people without a key."""
    expires_at: datetime
    """When `preview_url` ends."""
    from_address: str = ""
    """Empty where the server has no sender configured."""
    brand: str = ""
    """Whose message it is, as it says above the question."""


class MailSnippet(msgspec.Struct, frozen=True, kw_only=True):
    """HTML with the first question, to paste into a mail service."""

    provider: str
    way: str
    html: str
    steps: tuple[str, ...]
    column: str
    """Column of the file of personal links that the snippet's merge tag reads."""
    source: str
    """Where the form of the merge tags was read."""
    unconfirmed: str
    """What of the merge tags nobody has confirmed yet; empty when all is."""


class MailHook(msgspec.Struct, frozen=True, kw_only=True):
    """Where one provider tells of bounces and complaints."""

    provider: str
    url: str
    """Secret: whoever has it can keep people from being asked."""


class MailEvent(msgspec.Struct, frozen=True, kw_only=True):
    """Something that came back: a bounce, a complaint, or a notice that waits."""

    id: str
    name: str
    """The provider and its own id of it."""
    kind: str
    address: str
    delivery_id: str | None
    """The mail it is about; None when that is not known."""
    detail: str
    occurred_at: datetime
    created_at: datetime
