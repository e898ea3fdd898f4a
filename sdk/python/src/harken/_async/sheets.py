"""What a client offers about tokens for spreadsheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harken._calls import sheet_calls
from harken._types.sheet import NewSheetToken, SheetToken
from harken._values import Id

if TYPE_CHECKING:
    from harken._async.connection import AsyncConnection


class AsyncSheets:
    """Tokens with which a spreadsheet or a BI program reads one survey. All need `manage`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def create(self, survey: Id, name: str) -> NewSheetToken:
        """Make a token, which is told this once; `name` (1 to 120 characters) says for what."""
        return await self._connection.run(sheet_calls.create_sheet(survey, name))

    async def list(self, survey: Id) -> tuple[SheetToken, ...]:
        """Those of a survey, newest first, revoked ones included; 1,000 at most."""
        return await self._connection.run(sheet_calls.list_sheets(survey))

    async def revoke(self, survey: Id, id: Id) -> None:
        """End one for good, at once. NotFoundError when it is revoked already."""
        await self._connection.run(sheet_calls.revoke_sheet(survey, id))
