"""What a client offers about links: which there are, and ending one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from harken._calls import link_calls
from harken._types.link import PersonalLink, SignedLink
from harken._values import Id

if TYPE_CHECKING:
    from harken._async.connection import AsyncConnection


class AsyncLinks:
    """Signed links to results, exports and previews, and addresses that providers call."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def list(
        self, *, before: str | None = None, limit: int = 200
    ) -> AsyncIterator[SignedLink]:
        """Iterate over them, newest first, `limit` (1 to 1000) fetched at a time.

        Revoked and expired ones are among them; `before` is the id to go on behind. The key needs
        the scope `manage`.
        """
        while page := await self._connection.run(link_calls.list_links(before, limit)):
            for link in page:
                yield link
            if len(page) < limit:
                return
            before = page[-1].id

    async def revoke(self, id: Id) -> None:
        """End one for good, at once; all others go on. NotFoundError when it is revoked already."""
        await self._connection.run(link_calls.revoke_link(id))

    async def personal(self, respondent: str) -> tuple[PersonalLink, ...]:
        """A respondent's personal links, the latest first, ended ones included; 1,000 at most."""
        return await self._connection.run(link_calls.list_personal(respondent))

    async def revoke_personal(self, id: Id) -> None:
        """End a personal link for good. NotFoundError when it works no more already."""
        await self._connection.run(link_calls.revoke_personal(id))
