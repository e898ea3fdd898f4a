# Generated from _async/paging.py by tools/make_sync.py: edit that one.
# fmt: off
"""Goes through a list that the server gives in pages."""

from __future__ import annotations

from collections.abc import Iterator, Callable
from typing import TYPE_CHECKING, TypeVar

from harken._calls.conversation import Call

if TYPE_CHECKING:
    from harken._sync.connection import Connection

T = TypeVar("T")


def pages(
    connection: Connection,
    page_behind: Callable[[str], Call[tuple[T, ...]]],
    place_of: Callable[[T], str],
    *,
    begin: str,
    limit: int,
) -> Iterator[T]:
    """One after the other, behind the place `begin`; a page that is not full is the last one."""
    while page := connection.run(page_behind(begin)):
        for one in page:
            yield one
        if len(page) < limit:
            return
        begin = place_of(page[-1])
