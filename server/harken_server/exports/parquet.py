"""Responses as Parquet, streamed a row group at a time; needs the extra `parquet`."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from importlib import import_module
from typing import TYPE_CHECKING, Any

import msgspec

from harken_server.exports.about import About
from harken_server.exports.extras import require_extra
from harken_server.exports.table import Block, TypedColumn

if TYPE_CHECKING:
    from typing_extensions import Buffer

ROWS_OF_GROUP = 20_000
"""Held until they are written."""


async def stream_parquet(
    columns: Sequence[TypedColumn], blocks: AsyncGenerator[Block], about: About
) -> AsyncGenerator[bytes]:
    """Chunks of a file; the first comes after the database has answered.

    Times have their zone, and choices are a dictionary; titles and labels are in the metadata of
    each column, and all of them as JSON in that of the file, under `harken`. Raises BadRequestError
    when pyarrow is not installed.
    """
    require_extra("parquet", "pyarrow")
    sink, group = _Sink(), list[Any]()
    writer = await asyncio.to_thread(_Writer, columns, about, sink)
    rows = 0
    async with aclosing(blocks):
        async for block in blocks:
            group.append(writer.batch(block))
            rows += len(block)
            if rows >= ROWS_OF_GROUP:
                await asyncio.to_thread(writer.write, group)
                group, rows = [], 0
            if piece := sink.take():
                yield piece
    await asyncio.to_thread(writer.close, group)
    yield sink.take()


class _Writer:
    """Makes batches on the event loop, and compresses groups of them on a thread."""

    def __init__(self, columns: Sequence[TypedColumn], about: About, sink: _Sink) -> None:
        # Heavy, perhaps not there, and it says nothing of its types.
        self._pa: Any = import_module("pyarrow")
        pa, parquet = self._pa, import_module("pyarrow.parquet")
        self._plain: Any = pa.schema(
            [(column.name, type_of(pa, column, about.zone, plain=True)) for column in columns]
        )
        self._schema: Any = pa.schema(
            [
                pa.field(
                    column.name,
                    type_of(pa, column, about.zone, plain=False),
                    metadata=_said_of(column),
                )
                for column in columns
            ],
            metadata={"harken": _codebook(columns, about)},
        )
        self._file: Any = parquet.ParquetWriter(sink, self._schema)

    def batch(self, block: Block) -> Any:
        """A few rows as columns."""
        columns: Any = zip(*block, strict=True) if block else [[] for _ in self._plain]
        arrays: list[Any] = [
            self._pa.array(values, kind)
            for values, kind in zip(columns, self._plain.types, strict=True)
        ]
        return self._pa.record_batch(arrays, schema=self._plain)

    def write(self, group: Sequence[Any]) -> None:
        """A row group."""
        table = self._pa.Table.from_batches(group, self._plain).combine_chunks()
        self._file.write_table(table.cast(self._schema))

    def close(self, group: Sequence[Any]) -> None:
        """The last row group, and what ends the file."""
        self.write(group)
        self._file.close()


def type_of(pa: Any, column: TypedColumn, zone: str, *, plain: bool) -> Any:
    """The Arrow type of a column; a choice is a dictionary unless it is to be `plain`."""
    match column.kind:
        case "text":
            return pa.string()
        case "choice":
            return pa.string() if plain else pa.dictionary(pa.int32(), pa.string())
        case "whole":
            return pa.int64()
        case "decimal":
            return pa.float64()
        case "truth":
            return pa.bool_()
        case "time":
            return pa.timestamp("ms", tz=zone)
        case "day":
            return pa.date32()


def _said_of(column: TypedColumn) -> dict[str, bytes]:
    said = {"title": column.title.encode()}
    return {**said, "labels": msgspec.json.encode(column.labels)} if column.labels else said


def _codebook(columns: Sequence[TypedColumn], about: About) -> bytes:
    return msgspec.json.encode(
        {
            "about": about,
            "columns": [
                {"name": each.name, "kind": each.kind, "title": each.title, "labels": each.labels}
                for each in columns
            ],
        }
    )


class _Sink(io.RawIOBase):
    """Takes bytes as a file does that only goes forward, on whatever thread."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._size = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._size

    def write(self, piece: Buffer, /) -> int:
        taken = bytes(piece)
        self._pieces.append(taken)
        self._size += len(taken)
        return len(taken)

    def take(self) -> bytes:
        """What came since last time."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)
