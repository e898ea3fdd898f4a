"""The table of segments."""

from __future__ import annotations

from typing import ClassVar

from piccolo.columns import Text, Varchar
from piccolo.table import Table

from harken_server.database.columns import Id, Json, Names, Time


class Segment(Table, tablename="segment"):
    """A named filter; a persona is one with a portrait."""

    id = Id(primary_key=True)
    workspace_id = Id()
    key = Varchar(length=64)
    title = Text()
    description = Text()
    portrait = Json(help_text="Words that describe somebody of it.")
    conditions = Json(help_text="`surveys.conditions`.")
    created_at = Time()
    updated_at = Time()

    unique_together: ClassVar[Names] = (("workspace_id", "key"),)
