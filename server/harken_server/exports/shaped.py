"""Rows in the shape that an export was asked for, read from one snapshot."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import aclosing
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

from harken_server.database.database import Database, Row
from harken_server.database.lanes import Positions, encode_cursor, lane_of
from harken_server.exports.columns.long import LONG_COLUMNS, Answer, answers_of, long_rows
from harken_server.exports.columns.shaping import Beside, Shape, Traits, shape_of
from harken_server.exports.options import ExportQuery, positions_of
from harken_server.exports.rules import columns_of, latest_questions
from harken_server.exports.store.lines import stream_lines_with_positions
from harken_server.exports.store.newest import behind, latest
from harken_server.exports.table import Block, TypedColumn, Value, stream_blocks, table_of
from harken_server.kernel.pieces import pieces_of
from harken_server.responses.response import CountFilter
from harken_server.responses.store.persons_sql import read_traits
from harken_server.responses.store.selection import Selection, select_responses
from harken_server.surveys.published import SurveyRecord
from harken_server.surveys.survey import Survey
from harken_server.surveys.texts import resolve_text
from harken_server.workspaces.workspace import Workspace

ROWS_AT_ONCE = 25
"""Made and written in half a millisecond."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Export(NamedTuple):
    """Whose responses, of which survey, and what is asked for."""

    db: Database
    workspace: Workspace
    record: SurveyRecord
    versions: Sequence[tuple[int, Survey]]
    """All published ones, oldest first."""
    query: ExportQuery
    chosen: CountFilter
    """What its filter takes in."""
    made_at: datetime

    @property
    def selection(self) -> Selection:
        """The responses that are read."""
        found = select_responses(self.workspace.id, self.record.id, self.chosen)
        if self.query.after is not None:
            found = behind(found, positions_of(self.query))
        return found if self.query.latest is None else latest(self.db, found, self.query.latest)


class Shaped(NamedTuple):
    """The columns of a file, and its rows, a block at a time."""

    columns: Sequence[TypedColumn]
    blocks: AsyncGenerator[Block]
    """The first comes after the database has answered, though it be empty."""


def shaped(export: Export) -> Shaped:
    """What the query asks for; raises BadRequestError for columns that there are not.

    In the long layout the response's id stands beside each answer, and whatever else is named.
    """
    query, surveys = export.query, [survey for _, survey in export.versions]
    table = table_of(export.record.key, export.versions, query.locale)
    shape = shape_of(table.columns, query, export.workspace.dimensions)
    wide = _stream(export, shape, table.rows_of)
    if query.layout == "wide":
        return Shaped(shape.columns, wide)
    parts = {column.name: column for column in columns_of(surveys)}
    questions, locale = latest_questions(surveys), surveys[-1].locale
    names = {
        key: key
        if query.header == "key"
        else resolve_text(each.text, query.locale or locale, locale)
        for key, each in questions.items()
    }
    answers = answers_of(shape.columns, parts, questions, names)
    metadata = [
        place
        for place, column in enumerate(shape.columns)
        if column.name not in parts and (column.name == "response_id" or query.columns is not None)
    ]
    columns = (*(shape.columns[place] for place in metadata), *LONG_COLUMNS)
    return Shaped(columns, _long(wide, metadata, answers))


def rows_of_columns(export: Export) -> Shaped:
    """The same, the quick way where every column is as it always is."""
    if not export.query.is_plain:
        return shaped(export)
    table = table_of(export.record.key, export.versions, export.query.locale)
    return Shaped(table.columns, stream_blocks(export.db, table, export.selection))


async def _long(
    wide: AsyncGenerator[Block], metadata: Sequence[int], answers: Sequence[Answer]
) -> AsyncGenerator[Block]:
    async with aclosing(wide) as blocks:
        async for block in blocks:
            yield [line for row in block for line in long_rows(row, metadata, answers)]


async def _stream(
    export: Export, shape: Shape, rows_of: Callable[[Iterable[Row]], Block]
) -> AsyncGenerator[Block]:
    seen: Positions = positions_of(export.query)
    is_empty, wants_cursor = True, any(column.name == "cursor" for column in shape.columns)
    lines = stream_lines_with_positions(export.db, export.selection)
    async with aclosing(lines) as chunks:
        async for rows in chunks:
            traits: Traits = await _traits_of(export, rows) if shape.wants_traits else {}
            async for some in pieces_of(rows, ROWS_AT_ONCE):
                cursors = _cursors(some, seen) if wants_cursor else [""] * len(some)
                block = rows_of(row[:-1] for row in some)
                is_empty = False
                yield shape.rows_of(block, [Beside(traits, cursor) for cursor in cursors])
    if is_empty:
        yield []


def _cursors(rows: Sequence[Row], seen: Positions) -> list[str]:
    cursors: list[str] = []
    for row in rows:
        seen[lane_of(row[-1])] = row[-1]
        cursors.append(encode_cursor(seen))
    return cursors


_RESPONDENT = 10
"""Its place in a line of `exports.store.lines`."""


async def _traits_of(export: Export, rows: Sequence[Row]) -> Traits:
    names = {row[_RESPONDENT] for row in rows if row[_RESPONDENT] is not None}
    return await read_traits(export.db, export.workspace.id, sorted(names))


def say_time(value: Value, zone: tzinfo | None, *, is_plain: bool) -> str:
    """A time of the table as text: plain for a spreadsheet, else as RFC 3339 has it.

    >>> say_time(0, None, is_plain=False), say_time(0, None, is_plain=True)
    ('1970-01-01T00:00:00.000Z', '1970-01-01 00:00:00')
    """
    at = _EPOCH + timedelta(milliseconds=int(str(value)))
    local = at if zone is None else at.astimezone(zone)
    if is_plain:
        return f"{local:%Y-%m-%d %H:%M:%S}"
    return local.isoformat(timespec="milliseconds").replace("+00:00", "Z")
