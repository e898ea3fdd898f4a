"""The table of annotations."""

from __future__ import annotations

from typing import ClassVar

from piccolo.columns import Integer, Varchar
from piccolo.table import Table

from harken_server.database.columns import Id, Indexes, Time


class Annotation(Table, tablename="annotation"):
    """Something that happened on a day, which trends show."""

    id = Id(primary_key=True)
    workspace_id = Id()
    day = Integer(help_text="Proleptic ordinal of its UTC day.")
    at = Time(null=True, help_text="NULL: the whole day.")
    kind = Varchar(length=20)
    title = Varchar(length=200)
    survey = Varchar(length=64, null=True, help_text="NULL: of all.")
    touchpoint = Varchar(length=64, null=True, help_text="NULL: of all.")
    link = Varchar(length=2000, null=True)
    created_at = Time()

    index_on: ClassVar[Indexes] = {"annotation_day": "(workspace_id, day)"}
