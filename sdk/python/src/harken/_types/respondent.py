"""Respondents as the API shows them: what is known of them, and who must not be asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec


class Respondent(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a person."""

    respondent: str
    """Your own lasting name for the person."""
    email: str | None = None
    phone: str | None = None
    locale: str | None = None
    timezone: str | None = None
    """By its name in the IANA database: Europe/Oslo."""
    consent: bool | None = None
    """Whether the person agreed to be asked; None when nothing is known."""
    traits: dict[str, str | int | float | bool | None] = {}
    updated_at: datetime | None = None


class Erasure(msgspec.Struct, frozen=True, kw_only=True):
    """What was erased of a person."""

    respondent: str
    erased: dict[str, int]
    """How many of each kind, such as `response`, `invitation` or `delivery`; empty: nothing was
    there."""
    claimed: dict[str, int] = {}
    """How much came by public links with the name in them (`?rid=`), which anybody can write."""
    claimed_erased: bool = False
    """Whether that went too."""
    suppressed: bool = True
    """Whether a digest of the name is kept, so that nobody asks the person again."""
    cleared: bool = False
    """Whether nothing of it is left in the database's files either; see the server's how-to."""


class ErasurePreview(msgspec.Struct, frozen=True, kw_only=True):
    """What an erasure would come to."""

    respondent: str
    found: dict[str, int]
    """How many of each kind would go."""
    claimed: dict[str, int]
    """How much came by public links with the name in them: it would go with `claimed=True`."""
    suppressed: bool
    """Whether a digest of the name is kept already."""


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody changed."""

    id: str
    api_key_id: str | None
    """The API key with which it was done."""
    action: str
    """The operation, such as `erase_respondent`."""
    subject: str
    """The id of a response, or `respondent` and a digest of the name."""
    detail: dict[str, Any]
    """What changed, and how much of it."""
    created_at: datetime
    account_id: str | None = None
    """The person of the house who did it."""
    program: str | None = None
    """What did it without key and person: `cli` or `worker`."""


class Prospect(msgspec.Struct, frozen=True, kw_only=True):
    """What a trigger would say now, for one survey at one touchpoint."""

    survey: str
    touchpoint: str | None
    """None when no touchpoint asks the survey."""
    asked: bool
    reason: str
    """As in a `Decision`."""
    detail: str = ""
    explanation: str = ""


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """Why each survey would ask a respondent now, or not."""

    respondent: str
    at: datetime
    surveys: tuple[Prospect, ...]
    """By key, once for each touchpoint that asks the survey."""


class Suppression(msgspec.Struct, frozen=True, kw_only=True):
    """A respondent who must not be asked."""

    respondent: str
    reason: str
    """Such as `manual`, `unsubscribed`, `bounced`, `complained` or `erased`."""
    created_at: datetime


class EscalationDetail(msgspec.Struct, frozen=True, kw_only=True):
    """What led to an escalation."""

    poor_answers: int
    within_days: float
    touchpoint: str = ""
    survey: str | None = None


class Escalation(msgspec.Struct, frozen=True, kw_only=True):
    """A respondent whom a person should call, after several poor answers."""

    id: str
    respondent: str
    detail: EscalationDetail
    opened_at: datetime
    closed_at: datetime | None = None


class AskingClocks(msgspec.Struct, frozen=True, kw_only=True):
    """Days for which a respondent is left in peace after each; 0 is no limit."""

    asked_days: float = 0.0
    shown_days: float = 0.0
    dismissed_days: float = 0.0
    answered_days: float = 0.0


class EscalationRule(msgspec.Struct, frozen=True, kw_only=True):
    """After how many poor answers a person should call instead of a survey."""

    poor_answers: int = 2
    within_days: float = 90.0


class AskingRules(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for asking by any survey of the workspace."""

    cooldown: AskingClocks = AskingClocks()
    """After any contact, on any channel."""
    escalation: EscalationRule | None = EscalationRule()
    """None asks on, however poor the answers were."""
