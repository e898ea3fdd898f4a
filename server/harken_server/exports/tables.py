"""The table of exports that are made in the background."""

from __future__ import annotations

from typing import ClassVar

from piccolo.columns import BigInt, Text, Varchar
from piccolo.table import Table

from harken_server.database.columns import Id, Indexes, Time


class ExportJob(Table, tablename="export_job"):
    """A file that the worker makes, or made: it lies in the data directory under its id."""

    id = Id(primary_key=True)
    workspace_id = Id()
    survey = Varchar(length=64, help_text="Its key.")
    format = Varchar(length=16)
    options = Text(help_text="JSON: `exports.options`.")
    state = Varchar(length=16)
    rows_done = BigInt()
    rows_total = BigInt(null=True, help_text="NULL: not counted yet.")
    size = BigInt(null=True, help_text="Bytes of the finished file.")
    name = Varchar(length=200, help_text="Of the file, for whoever downloads it.")
    problem = Text(help_text="Why there is no file, in words; empty: no reason.")
    created_at = Time()
    finished_at = Time(null=True)
    expires_at = Time(null=True, help_text="When the file goes.")

    index_on: ClassVar[Indexes] = {"export_job_workspace": "(workspace_id, id)"}
