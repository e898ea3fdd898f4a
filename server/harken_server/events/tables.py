"""The table of events."""

from __future__ import annotations

from typing import ClassVar

from piccolo.columns import DoublePrecision, Varchar
from piccolo.table import Table

from harken_server.database.columns import Id, Indexes, Json, Time


class Event(Table, tablename="event"):
    """Something that happened to a person, as the house's own server tells."""

    workspace_id = Id(primary_key=True)
    id = Id(primary_key=True, help_text="Made by whoever tells it.")
    respondent = Varchar(length=200)
    name = Varchar(length=64)
    at = Time(help_text="When it happened.")
    value = DoublePrecision(null=True, help_text="Such as what an order came to.")
    properties = Json()
    digest = Id(help_text="Of what was told: the same id with another one is refused.")

    index_on: ClassVar[Indexes] = {
        "event_respondent": "(workspace_id, respondent, name, at)",
        "event_time": "(workspace_id, at)",
    }
    is_key_only: ClassVar = True
