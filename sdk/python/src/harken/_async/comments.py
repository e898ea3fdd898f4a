"""Goes through the pages of comments."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any

from harken._calls import export_calls
from harken._types.comment import Comment

if TYPE_CHECKING:
    from harken._async.connection import AsyncConnection


async def stream_comments(
    connection: AsyncConnection, survey: str, wanted: Mapping[str, Any]
) -> AsyncIterator[Comment]:
    """One after the other; a search looks through so many answers at a time."""
    before: str | None = None
    while True:
        page = await connection.run(export_calls.list_comments(survey, before, wanted))
        for comment in page.comments:
            yield comment
        before = page.older
        if before is None:
            return
