"""A decision, as it is kept."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec


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
