# Generated from _async/sheets.py by tools/make_sync.py: edit that one.
# fmt: off
"""What a client offers about tokens for spreadsheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harken._calls import sheet_calls
from harken._types.sheet import NewSheetToken, SheetToken
from harken._values import Id

if TYPE_CHECKING:
    from harken._sync.connection import Connection


class Sheets:
    """Tokens with which a spreadsheet or a BI program reads one survey. All need `manage`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def create(self, survey: Id, name: str) -> NewSheetToken:
        """Make a token, which is told this once; `name` (1 to 120 characters) says for what."""
        return self._connection.run(sheet_calls.create_sheet(survey, name))

    def list(self, survey: Id) -> tuple[SheetToken, ...]:
        """Those of a survey, newest first, revoked ones included; 1,000 at most."""
        return self._connection.run(sheet_calls.list_sheets(survey))

    def revoke(self, survey: Id, id: Id) -> None:
        """End one for good, at once. NotFoundError when it is revoked already."""
        self._connection.run(sheet_calls.revoke_sheet(survey, id))
