"""What became of a trigger, as the caller is told."""

from __future__ import annotations

from uuid import UUID

import msgspec

from harken_server.asking.decision import Decision
from harken_server.asking.rules.eligibility import Verdict
from harken_server.invitations.invitation import Invitation


class TriggerResult(msgspec.Struct, kw_only=True, frozen=True):
    """What became of a trigger."""

    decision: Decision
    verdict: Verdict
    explanation: str
    """One sentence for people."""
    survey_key: str | None = None
    """The survey that was looked at; None when the touchpoint has none."""
    invitation: Invitation | None = None
    """There when, and only when, the respondent is asked."""
    delivery_id: UUID | None = None
    """What was queued; None where the application hands on the link."""
    is_repeat: bool = False
    """The idempotency key was used before, and this is the decision made then."""
