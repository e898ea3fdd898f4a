"""A decision, as it is stored and as it is told."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from harken_server.asking.rules.eligibility import Facts, Verdict
from harken_server.invitations.invitation import Invitation


class Decision(msgspec.Struct, kw_only=True, frozen=True):
    """Whether a trigger led to asking, and why."""

    id: UUID
    workspace_id: UUID
    touchpoint: str
    channel: str
    is_asked: bool
    reason: str
    created_at: datetime
    respondent: str | None = None
    survey_id: UUID | None = None
    invitation_id: UUID | None = None
    idempotency_key: str | None = None
    request_digest: str = ""
    facts: str = "{}"
    """JSON of the facts that were decided on (`asking.rules.eligibility.Facts`)."""
    probability: float | None = None
    """With what probability this person was to be asked: the sample rate that applied; None when
    they were refused before anybody was drawn."""


class TriggerResult(msgspec.Struct, kw_only=True, frozen=True):
    """What became of a trigger, as the caller is told."""

    decision: Decision
    verdict: Verdict
    explanation: str
    """One sentence for people."""
    facts: Facts | None = None
    """What was decided on; None for a decision of the first release, which kept none."""
    survey_key: str | None = None
    """The survey that was looked at; None when the touchpoint has none."""
    invitation: Invitation | None = None
    """There when, and only when, the respondent is asked."""
    delivery_id: UUID | None = None
    """What was queued; None where the application hands on the link."""
    is_repeat: bool = False
    """The idempotency key was used before, and this is the decision made then."""
