"""The table of files that are taken in."""

from __future__ import annotations

from typing import ClassVar

from piccolo.columns import BigInt, Text, Varchar
from piccolo.table import Table

from harken_server.database.columns import Id, Indexes, Time


class ImportJob(Table, tablename="import_job"):
    """A file that somebody brought: it lies in the data directory under its id until it is read."""

    id = Id(primary_key=True)
    workspace_id = Id()
    kind = Varchar(length=16, help_text="`review`, `social`, `call`, `ticket`, `other`, `events`.")
    name = Varchar(length=200, help_text="Of the file, as its owner calls it.")
    choices = Text(help_text="JSON: how the file is read, `importers.rules.understood`.")
    state = Varchar(length=16)
    size = BigInt(help_text="Bytes.")
    bytes_done = BigInt()
    rows_done = BigInt()
    stored = BigInt(help_text="Rows that are stored now, or were before.")
    refused = BigInt()
    problem = Text(help_text="Why it ended before its end, in words; empty: it did not.")
    created_at = Time()
    finished_at = Time(null=True)

    index_on: ClassVar[Indexes] = {"import_job_workspace": "(workspace_id, id)"}
