"""A page of a table: filtered, skipped, cut, and where the next one begins."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import NamedTuple

from harken_server.database.database import Database
from harken_server.kernel.pieces import pieces_of
from harken_server.odata.response_rows import RowDict, RowMaker
from harken_server.odata.rows_sql import (
    SORTED_BY,
    OneResponse,
    count_responses,
    read_responses,
)
from harken_server.odata.rules.filters import Condition
from harken_server.odata.rules.options import Order, Place, Wanted
from harken_server.odata.rules.refusals import QueryError
from harken_server.responses.store.selection import Selection

AT_ONCE = 500
"""Responses that one statement reads."""
PIECE = 20
"""Rows made in half a millisecond."""
MOST_READ = 20_000
"""Responses that are gone through for one page; it may then hold less than it could."""


class Page(NamedTuple):
    """Some rows."""

    rows: list[RowDict]
    next: Place | None
    """None where this is the last page."""


class ResponsePages(NamedTuple):
    """A table that is made of responses."""

    db: Database
    chosen: Selection
    """The responses that the database finds."""
    rest: Sequence[Condition]
    """What is still asked of each row."""
    make: RowMaker
    is_one_each: bool
    """A response is one row."""

    async def page(self, wanted: Wanted, size: int) -> Page:
        """The rows behind the place that is wanted; raises QueryError for an order not offered."""
        check_orders(wanted.orders)
        start = wanted.place or Place(0, left=wanted.top)
        left, skip = start.left, 0 if wanted.place else wanted.skip
        rows: list[RowDict] = []
        if left == 0:
            return Page(rows, None)
        read = 0
        async for place, one in self._from(wanted.orders, start):
            read += 1
            if read > MOST_READ:
                return Page(rows, place._replace(left=left))
            for index, row in enumerate(self.make(one)):
                if index < place.row or not self._takes(row):
                    continue
                if skip:
                    skip -= 1
                    continue
                rows.append(row)
                left = None if left is None else left - 1
                if left == 0:
                    return Page(rows, None)
                if len(rows) == size:
                    return Page(rows, Place(place.number, index + 1, left))
        return Page(rows, None)

    async def count_all(self) -> int:
        """All rows that the filter takes in."""
        if self.is_one_each and not self.rest:
            return await count_responses(self.db, self.chosen)
        found = 0
        async for _, one in self._from((), Place(0)):
            found += sum(self._takes(row) for row in self.make(one))
        return found

    def _takes(self, row: RowDict) -> bool:
        return all(each.holds(row) for each in self.rest)

    async def _from(
        self, orders: Sequence[Order], start: Place
    ) -> AsyncGenerator[tuple[Place, OneResponse]]:
        """Responses, each with its place; the first one perhaps with rows that were given."""
        after = start
        while True:
            batch = await read_responses(self.db, self.chosen, orders, after, AT_ONCE)
            async for some in pieces_of(list(enumerate(batch)), PIECE):
                for offset, one in some:
                    number = after.number + offset if orders else one.number
                    row = start.row if number == start.number else 0
                    yield Place(number, row), one
            if len(batch) < AT_ONCE:
                return
            behind = after.number + AT_ONCE if orders else batch[-1].number + 1
            after = Place(behind)


def check_orders(orders: Sequence[Order]) -> None:
    """Raise QueryError for a column that the database does not sort by."""
    for each in orders:
        if each.name not in SORTED_BY:
            raise QueryError(
                f"$orderby {each.name} is not offered for this table; it is sorted by "
                f"{', '.join(SORTED_BY)}.",
                is_unsupported=True,
            )


def page_of_rows(rows: list[RowDict], wanted: Wanted, size: int) -> Page:
    """The same of a table that is reckoned whole, whose rows the filter has taken in."""
    for each in reversed(wanted.orders):
        rows = sorted(rows, key=lambda row: _sortable(row[each.name]), reverse=each.is_descending)
    start = wanted.place or Place(wanted.skip, left=wanted.top)
    end = start.number + (size if start.left is None else min(size, start.left))
    found = rows[start.number : end]
    left = None if start.left is None else start.left - len(found)
    is_last = end >= len(rows) or left == 0
    return Page(found, None if is_last else Place(end, left=left))


def _sortable(value: object) -> tuple[bool, object]:
    """Nothing comes before everything (URL conventions 4.0, section 5.1.4)."""
    return value is not None, 0 if value is None else value
