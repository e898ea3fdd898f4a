# Generated from _async/comments.py by tools/make_sync.py: edit that one.
# fmt: off
"""Goes through the pages of comments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from harken._calls import export_calls
from harken._types.comment import Comment

if TYPE_CHECKING:
    from harken._sync.connection import Connection


def stream_comments(
    connection: Connection, survey: str, wanted: Mapping[str, Any]
) -> Iterator[Comment]:
    """One after the other; a search looks through so many answers at a time."""
    before: str | None = None
    while True:
        page = connection.run(export_calls.list_comments(survey, before, wanted))
        for comment in page.comments:
            yield comment
        before = page.older
        if before is None:
            return
