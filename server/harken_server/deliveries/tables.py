"""The table of deliveries."""

from __future__ import annotations

from typing import ClassVar

from piccolo.columns import Integer, Text, Varchar
from piccolo.table import Table

from harken_server.database.columns import Id, Indexes, Names, Time


class Delivery(Table, tablename="delivery"):
    """One message to one address, and what became of it."""

    id = Id(primary_key=True)
    workspace_id = Id()
    survey_id = Id()
    invitation_id = Id()
    channel = Varchar(length=64)
    respondent = Varchar(length=200)
    wave = Varchar(length=80)
    kind = Varchar(length=12)
    address = Varchar(length=320)
    state = Varchar(length=12)
    attempts = Integer()
    created_at = Time()
    due_at = Time()
    handed_over_at = Time(null=True)
    finished_at = Time(null=True)
    message_id = Varchar(length=200)
    last_error = Text(null=True)

    unique_together: ClassVar[Names] = (
        ("workspace_id", "survey_id", "respondent", "wave", "kind"),
    )
    index_on: ClassVar[Indexes] = {
        "delivery_respondent": "(workspace_id, respondent)",
        "delivery_invitation": "(invitation_id)",
        "delivery_sent": "(workspace_id, channel, handed_over_at) WHERE handed_over_at IS NOT NULL",
        "delivery_message": "(workspace_id, message_id) WHERE message_id <> ''",
        "delivery_failed": "(workspace_id, finished_at) WHERE state = 'failed'",
        "delivery_address": "(workspace_id, address)",
    }
