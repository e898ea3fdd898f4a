"""Responses as CSV, one line each, streamed.

PostgreSQL writes the lines itself, SQLite's are put together here; both give the same bytes for
the same responses. Both read one snapshot on a connection of their own, so a long export neither
blocks what is stored meanwhile nor sees it.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from uuid import UUID

from harken_server.database.database import Database
from harken_server.exports.cells import line_maker
from harken_server.exports.columns import columns_of, header_of, latest_questions
from harken_server.exports.pipe import pump
from harken_server.exports.rules import Dialect
from harken_server.exports.store.postgres_sql import copy_rows
from harken_server.exports.store.sqlite_sql import stream_packed
from harken_server.exports.store.wide_sql import WideExport
from harken_server.responses.response import CountFilter
from harken_server.responses.store.selection import select_responses
from harken_server.surveys.published import SurveyRecord
from harken_server.surveys.survey import Survey

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


async def stream_csv(  # noqa: PLR0917  # everything that an export depends on
    db: Database,
    workspace_id: UUID,
    survey: SurveyRecord,
    versions: Sequence[tuple[int, Survey]],
    selection: CountFilter,
    dialect: Dialect = "raw",
) -> AsyncGenerator[bytes]:
    """Chunks of a CSV file: a header line, then partial and complete responses in feed order.

    `versions` are all published ones, oldest first. The first chunk comes after the database has
    answered, so a StorageError before it can still become an error reply. A score's `n` is the
    number of non-empty cells in its column under the same `selection`.
    """
    surveys = [definition for _, definition in versions]
    export = WideExport(
        survey.key,
        columns_of(surveys),
        latest_questions(surveys),
        select_responses(workspace_id, survey.id, selection),
        dialect,
    )
    header = _header(export)
    lines = _lines_from_sqlite(db, export) if db.dialect == "sqlite" else _lines_by_copy(db, export)
    try:
        async for chunk in lines:
            yield header + chunk
            header = b""
        if header:
            yield header
    finally:
        await lines.aclose()


def _header(export: WideExport) -> bytes:
    line = ",".join(header_of(export.columns))
    if export.dialect == "raw":
        return f"{line}\n".encode()
    return BYTE_ORDER_MARK + f"{line}\r\n".encode()


async def _lines_from_sqlite(db: Database, export: WideExport) -> AsyncGenerator[bytes]:
    line_end = "\n" if export.dialect == "raw" else "\r\n"
    make_lines = line_maker(export.columns, export.questions, line_end)
    async for rows in stream_packed(db, export):
        yield make_lines(rows)


async def _lines_by_copy(db: Database, export: WideExport) -> AsyncGenerator[bytes]:
    chunks = pump(lambda write: copy_rows(db, export, write))
    line_ends = LineEnds()
    try:
        async for chunk in chunks:
            yield chunk if export.dialect == "raw" else line_ends.convert(chunk)
    finally:
        await chunks.aclose()


class LineEnds:
    """Turns the LF behind each line into CRLF and leaves those inside quoted cells alone."""

    def __init__(self) -> None:
        self._is_quoted = False

    def convert(self, chunk: bytes) -> bytes:
        """The next part of the file, cut anywhere."""
        parts = chunk.split(b'"')
        for index in range(1 if self._is_quoted else 0, len(parts), 2):
            parts[index] = parts[index].replace(b"\n", b"\r\n")
        if len(parts) % 2 == 0:
            self._is_quoted = not self._is_quoted
        return b'"'.join(parts)
