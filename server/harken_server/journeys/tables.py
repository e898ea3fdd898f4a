"""The table of journeys."""

from __future__ import annotations

from typing import ClassVar

from piccolo.columns import Varchar
from piccolo.table import Table

from harken_server.database.columns import Id, Json, Names, Time


class Journey(Table, tablename="journey"):
    """The ordered stages of a relationship, as defined."""

    id = Id(primary_key=True)
    workspace_id = Id()
    key = Varchar(length=64)
    definition = Json()
    updated_at = Time()

    unique_together: ClassVar[Names] = (("workspace_id", "key"),)
