"""Responses as an SPSS file; needs the extra `spss`.

The file states the width of each text before the first row, and its library wants the whole table
in memory: rows are put down in a temporary file, and a process of its own makes the file of them,
so that nothing that is submitted meanwhile waits for it.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import IO

import msgspec

from harken_server.exports.about import About
from harken_server.exports.extras import require_extra
from harken_server.exports.sav_file import Plan, Variable
from harken_server.exports.table import Block, TypedColumn
from harken_server.http.problems import BadRequestError
from harken_server.kernel.errors import StorageError

MAX_CELLS = 5_000_000
"""The process takes a hundred bytes of memory for each, half a gigabyte in all."""
PIECE = 1 << 16


async def stream_spss(
    columns: Sequence[TypedColumn],
    blocks: AsyncGenerator[Block],
    about: About,
    max_cells: int = MAX_CELLS,
) -> AsyncGenerator[bytes]:
    """Chunks of a file, of which the first comes when all is made; times are of `about.zone`.

    Raises BadRequestError when pyreadstat is not installed, and for more cells than memory is for.
    """
    require_extra("spss", "pyreadstat", "pandas")
    with tempfile.TemporaryDirectory(prefix="harken-sav-") as name:
        folder = Path(name)
        with (folder / "rows").open("wb") as file:  # a little at a time
            file.write(_plan(columns, about) + b"\n")
            await _put_down(blocks, len(columns), file, max_cells)
        await _make(folder)
        with (folder / "sav").open("rb") as file:
            while piece := file.read(PIECE):
                yield piece
                await asyncio.sleep(0)


def _plan(columns: Sequence[TypedColumn], about: About) -> bytes:
    variables = [Variable(each.name, each.kind, each.title, each.labels) for each in columns]
    return msgspec.json.encode(Plan(about.title, about.zone, variables))


async def _put_down(
    blocks: AsyncGenerator[Block], columns: int, file: IO[bytes], max_cells: int
) -> None:
    """Write a line of JSON for each row."""
    encoder, rows, most = msgspec.json.Encoder(), 0, max_cells // columns
    async with aclosing(blocks):
        async for block in blocks:
            rows += len(block)
            if rows > most:
                raise BadRequestError(
                    f"An SPSS file is made in memory: it may have {max_cells:,} cells, of this "
                    f"file's {columns} columns {most:,} rows. Narrow the filter, such "
                    "as by from and to, name fewer columns, or take Parquet.",
                    code="too_many_cells",
                )
            file.write(encoder.encode_lines(block))


async def _make(folder: Path) -> None:
    """Run the process, and end it when nobody waits for the file any more."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "harken_server.exports.sav_file", str(folder),
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        _, said = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise StorageError(f"The SPSS file could not be made: {said.decode()[-500:]}")
