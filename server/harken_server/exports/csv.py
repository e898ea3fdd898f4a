"""Responses as CSV, one line each, streamed.

One snapshot is read on a connection of its own, so a long export neither blocks what is stored
meanwhile nor sees it.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from uuid import UUID

from harken_server.database.database import Database
from harken_server.exports.cells import Sheet, line_maker
from harken_server.exports.rules import columns_of, header_of, latest_questions
from harken_server.exports.store.lines import stream_lines
from harken_server.kernel.pieces import pieces_of
from harken_server.kernel.sheet_files import Dialect
from harken_server.responses.response import CountFilter
from harken_server.responses.store.selection import Selection, chosen_by, newest_of
from harken_server.surveys.published import SurveyRecord
from harken_server.surveys.survey import Survey

LINES_AT_ONCE = 50
"""Made in half a millisecond."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


async def stream_csv(  # noqa: PLR0917  # everything that an export depends on
    db: Database,
    workspace_id: UUID,
    survey: SurveyRecord,
    versions: Sequence[tuple[int, Survey]],
    selection: CountFilter | Selection,
    dialect: Dialect = "raw",
    *,
    latest: int | None = None,
) -> AsyncGenerator[bytes]:
    """Chunks of a CSV file: a header line, then partial and complete responses in feed order.

    `versions` are all published ones, oldest first. The first chunk comes after the database has
    answered, so a StorageError before it can still become an error reply. A score's `n` is the
    number of non-empty cells in its column under the same `selection`. With `latest` only so many
    that arrived last.
    """
    surveys = [definition for _, definition in versions]
    columns = columns_of(surveys)
    asked = {number: {item.key: item for item in each.questions} for number, each in versions}
    sheet = Sheet(columns, asked, latest_questions(surveys))
    make_lines = line_maker(survey.key, sheet, dialect)
    names = ",".join(header_of(columns))
    header = f"{names}\n".encode() if dialect == "raw" else _spreadsheet_header(names)
    chosen = newest_of(chosen_by(workspace_id, survey.id, selection), latest)
    async with aclosing(stream_lines(db, chosen)) as chunks:
        async for rows in chunks:
            async for some in pieces_of(rows, LINES_AT_ONCE):
                yield header + make_lines(some)
                header = b""
    if header:
        yield header


def _spreadsheet_header(names: str) -> bytes:
    return BYTE_ORDER_MARK + f"{names}\r\n".encode()
