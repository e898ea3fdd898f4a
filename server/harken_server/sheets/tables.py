"""The table of sheet tokens."""

from __future__ import annotations

from typing import ClassVar

from piccolo.columns import Varchar
from piccolo.table import Table

from harken_server.database.columns import Id, Indexes, Time


class SheetToken(Table, tablename="sheet_token"):
    """What opens one survey for a spreadsheet; the token itself is not kept."""

    id = Id(primary_key=True)
    workspace_id = Id()
    survey_id = Id()
    name = Varchar(length=120)
    created_at = Time()
    expires_at = Time()
    used_at = Time(null=True, help_text="To the minute; NULL: never.")
    revoked_at = Time(null=True)

    index_on: ClassVar[Indexes] = {
        "sheet_token_survey": "(workspace_id, survey_id, id)",
    }
