"""A table answered: the rows of a page, and how many there are in all."""

from __future__ import annotations

from typing import NamedTuple

from harken_server.insights.read.taking_in import taken_in
from harken_server.odata.paging import Page, ResponsePages, page_of_rows
from harken_server.odata.response_rows import RowDict, RowMaker, SurveyTables
from harken_server.odata.rules.model import EntitySet
from harken_server.odata.rules.narrowing import narrow
from harken_server.odata.rules.options import Wanted, page_size
from harken_server.odata.score_rows import score_rows, trend_rows
from harken_server.responses.filters import FilterQuery
from harken_server.responses.small_groups import guard
from harken_server.responses.store.selection import select_responses
from harken_server.sheets.access import SheetCall


class Answered(NamedTuple):
    """What is told of a table."""

    page: Page
    in_all: int | None
    """None where it was not asked for, or a page before this one has told it."""


async def answer_table(
    call: SheetCall, tables: SurveyTables, table: EntitySet, asked: FilterQuery, wanted: Wanted
) -> Answered:
    """The page that is wanted. Raises QueryError and BadRequestError."""
    size, is_counted = page_size(call.header("prefer") or ""), wanted.is_counted
    make = _maker(tables, table)
    if make is None:
        rows = await _reckoned(call, table, asked, wanted)
        return Answered(page_of_rows(rows, wanted, size), len(rows) if is_counted else None)
    pages = await _pages(call, table, make, asked, wanted)
    page = await pages.page(wanted, size)
    is_first = wanted.place is None
    return Answered(page, await pages.count_all() if is_counted and is_first else None)


async def count_table(
    call: SheetCall, tables: SurveyTables, table: EntitySet, asked: FilterQuery, wanted: Wanted
) -> int:
    """How many rows the filter takes in."""
    make = _maker(tables, table)
    if make is None:
        return len(await _reckoned(call, table, asked, wanted))
    pages = await _pages(call, table, make, asked, wanted)
    return await pages.count_all()


def _maker(tables: SurveyTables, table: EntitySet) -> RowMaker | None:
    """ForbiddenError (`small_groups`) for rows of a survey that shows nobody alone."""
    make = tables.maker(table.name)
    if make is not None:
        guard(tables.survey, f"{table.name}, row by row,")
    return make


async def _pages(
    call: SheetCall, table: EntitySet, make: RowMaker, asked: FilterQuery, wanted: Wanted
) -> ResponsePages:
    is_over_time = table.name == "Comments"
    taken = await taken_in(
        call.runtime, call.workspace, call.record, asked, is_over_time=is_over_time
    )
    narrowed = narrow(wanted.condition, taken.selection)
    chosen = select_responses(call.workspace_id, call.record.id, narrowed.selection)
    is_one_each = table.name == "Responses"
    return ResponsePages(call.db, chosen, narrowed.rest, make, is_one_each)


async def _reckoned(
    call: SheetCall, table: EntitySet, asked: FilterQuery, wanted: Wanted
) -> list[RowDict]:
    """All rows of a table of numbers that the filter takes in."""
    condition = wanted.condition
    if table.name == "Scores":
        rows = await score_rows(call, table, asked, condition)
    else:
        rows = await trend_rows(call, asked, condition)
    return [row for row in rows if condition is None or condition.holds(row)]
