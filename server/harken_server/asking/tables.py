"""The table of decisions."""

from __future__ import annotations

from typing import ClassVar

from piccolo.columns import Boolean, DoublePrecision, Text, Varchar
from piccolo.table import Table

from harken_server.database.columns import Id, Indexes, Names, Time


class Decision(Table, tablename="decision"):
    """Whether a trigger led to asking, and why."""

    id = Id(primary_key=True)
    workspace_id = Id()
    touchpoint = Varchar(length=64)
    channel = Varchar(length=64)
    respondent = Varchar(length=200, null=True)
    survey_id = Id(null=True)
    is_asked = Boolean()
    reason = Varchar(length=32)
    invitation_id = Id(null=True)
    idempotency_key = Varchar(length=128, null=True)
    request_digest = Varchar(length=64)
    created_at = Time()
    facts = Text(help_text="JSON: all that was decided on.")
    probability = DoublePrecision(
        null=True, help_text="Of being asked: the sample rate that applied; NULL: nobody was drawn."
    )

    unique_together: ClassVar[Names] = (("workspace_id", "idempotency_key"),)
    index_on: ClassVar[Indexes] = {
        "decision_respondent": "(workspace_id, respondent, created_at)",
        "decision_made": "(workspace_id, id)",
    }
