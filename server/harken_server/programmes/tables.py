"""The tables of programmes and their members."""

from __future__ import annotations

from typing import ClassVar

from piccolo.columns import Boolean, Integer, Varchar
from piccolo.table import Table

from harken_server.database.columns import Id, Indexes, Json, Names, Time


class Programme(Table, tablename="programme"):
    """A list of respondents that is asked wave by wave."""

    id = Id(primary_key=True)
    workspace_id = Id()
    key = Varchar(length=64)
    definition = Json()
    is_active = Boolean()
    created_at = Time()
    updated_at = Time()

    unique_together: ClassVar[Names] = (("workspace_id", "key"),)


class ProgrammeMember(Table, tablename="programme_member"):
    """A respondent of a programme, and where in each wave they are asked."""

    programme_id = Id(primary_key=True)
    workspace_id = Id()
    respondent = Varchar(length=200, primary_key=True)
    slot = Integer()
    last_wave = Integer()

    index_on: ClassVar[Indexes] = {
        "programme_member_respondent": "(workspace_id, respondent)",
        "programme_due": "(programme_id, last_wave, slot)",
    }
    is_key_only: ClassVar = True
