"""Read responses for a file with one line each."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from functools import lru_cache

import msgspec

from harken_server.database.database import Database, Row
from harken_server.database.values import to_time
from harken_server.kernel.ids import NOBODYS
from harken_server.kernel.pieces import pieces_of
from harken_server.responses.codes import ALONE
from harken_server.responses.response import StoredResponse
from harken_server.responses.store.row import SELECTED, stored_response
from harken_server.responses.store.selection import Selection

_COLUMNS = (
    "id", "version", "state", "submitted_at", "answered_at", "started_at", "updated_at", "channel",
    "touchpoint", "locale", "respondent", "is_sample", "context", "proof", "claimed",
    "probability", "origin_proof", "standing", "flags", "answers",
)  # fmt: skip
_OF_ONE = ("id", "respondent")
"""What is not told of answers that are shown with others only."""
AT_ONCE = 20
"""Read and written in half a millisecond."""


def stream_lines(db: Database, selection: Selection) -> AsyncGenerator[list[Row]]:
    """What lines are made of, in the order of the feed, along an index: nothing is sorted or held.

    Times are milliseconds since 1970, cut; an id is its text or its bytes; `answers` is a document
    (`responses.store.row`).
    """
    return _stream(db, selection, _COLUMNS)


def stream_lines_with_positions(db: Database, selection: Selection) -> AsyncGenerator[list[Row]]:
    """The same, each with its position in the feed behind it."""
    return _stream(db, selection, (*_COLUMNS, "position"))


def text_of_id(value: bytes | str | None) -> str:
    """An id as people read it; empty for one that is not told."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    digits = value.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


@lru_cache(maxsize=1024)  # of one response they are often the same
def text_of_time(value: int | None) -> str:
    """A time as RFC 3339 has it, to the millisecond; empty for none."""
    if value is None:
        return ""
    minute, rest = divmod(value, 60_000)
    return f"{_text_of_minute(minute)}{rest // 1000:02d}.{rest % 1000:03d}Z"


@lru_cache(maxsize=1024)
def _text_of_minute(value: int) -> str:
    return to_time(value * 60_000).isoformat()[:17]


async def stream_responses(
    db: Database, selection: Selection
) -> AsyncGenerator[list[StoredResponse]]:
    """Short lists of responses with all their answers, hidden ones included; flat in memory."""
    sql = f"SELECT {SELECTED}, r.{ALONE} FROM response r WHERE {selection.condition} ORDER BY {selection.order}"  # noqa: E501, S608  # values are parameters
    async with aclosing(db.stream(sql, *selection.params)) as chunks:
        async for rows in chunks:
            async for some in pieces_of(rows, AT_ONCE):
                yield [_told(stored_response(row[:-1]), is_alone=row[-1]) for row in some]


def _told(stored: StoredResponse, *, is_alone: bool) -> StoredResponse:
    """Of one that is shown with others only, nothing by which it could be told from them."""
    if is_alone:
        return stored
    return msgspec.structs.replace(stored, id=NOBODYS, respondent=None, proof="", position=0)


def _column(name: str) -> str:
    return f"r.{name}"


def _stream(db: Database, selection: Selection, names: Sequence[str]) -> AsyncGenerator[list[Row]]:
    spell = _plain_column if db.dialect == "postgres" else _column
    columns = ", ".join(
        f"CASE WHEN r.{ALONE} THEN {spell(name)} END" if name in _OF_ONE else spell(name)
        for name in names
    )
    sql = f"SELECT {columns} FROM response r WHERE {selection.condition} ORDER BY {selection.order}"  # noqa: S608  # values are parameters
    return db.stream(sql, *selection.params)


def _plain_column(name: str) -> str:
    """What PostgreSQL gives out more quickly than its driver and Python make it of a value."""
    if name == "id":
        return "r.id::text"
    if name.endswith("_at"):
        return f"(extract(epoch FROM date_trunc('milliseconds', r.{name})) * 1000)::bigint"
    return f"r.{name}"
