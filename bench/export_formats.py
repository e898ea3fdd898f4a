"""Each format of an export in a process of its own: rows and cells a second, and peak memory.

Beside them other writers of the same typed rows: xlsxwriter in its constant-memory mode, and
DuckDB's Parquet writer over rows that are in memory already.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.report import rounded
from bench.server_process import peak_rss_mb
from bench.survey import KEY, SURVEY, SURVEY_ID, WORKSPACE_ID
from harken_server.database.database import Database
from harken_server.database.opening import open_database
from harken_server.exports.file_kinds import FORMATS
from harken_server.exports.options import ExportQuery
from harken_server.exports.parquet import type_of
from harken_server.exports.shaped import Export
from harken_server.exports.spss import MAX_CELLS
from harken_server.exports.table import Value, stream_blocks, table_of
from harken_server.responses.response import CountFilter
from harken_server.responses.store.selection import select_responses
from harken_server.surveys.published import SurveyRecord
from harken_server.workspaces.workspace import Workspace

NOW = datetime(2026, 1, 1, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  # as xlsxwriter wants it
TABLE = table_of(KEY, [(1, SURVEY)])
CELLS = len(TABLE.columns)
XLSXWRITER_ROWS = 50_000
"""Its speed does not depend on how many there are."""
HELD_AT_ONCE = 20_000
"""Rows that become a part of what DuckDB writes."""
RECORD = SurveyRecord(
    id=SURVEY_ID, number=1, workspace_id=WORKSPACE_ID, key=KEY, status="live", version=1,
    created_at=NOW, updated_at=NOW,
)  # fmt: skip
WORKSPACE = Workspace(id=WORKSPACE_ID, slug="bench", name="", created_at=NOW)


def measure_formats(
    file: Path, size: int, smaller: tuple[Path, int] | None = None
) -> dict[str, Any]:
    """Of a database with so many responses; how much less memory a smaller one takes."""
    kinds = dict.fromkeys(("table", *FORMATS, "duckdb_parquet"), size)
    kinds["sav"] = min(size, MAX_CELLS // CELLS)
    kinds["xlsxwriter"] = min(size, XLSXWRITER_ROWS)
    found = {name: _in_a_process(name, file, rows) for name, rows in kinds.items()}
    if smaller is not None:
        for name in sorted({*FORMATS} - {"sav"}):
            less = _in_a_process(name, *smaller)["peak_rss_mb"]
            found[name]["peak_rss_growth_mb"] = rounded(found[name]["peak_rss_mb"] - less)
    ratio = found["xlsxwriter"]["cpu_us_per_row"] / found["xlsx"]["cpu_us_per_row"]
    # In processor time, as other work on the machine counts in no other.
    return {"cells_of_row": CELLS, **found, "xlsx_to_xlsxwriter": rounded(ratio)}


def _in_a_process(name: str, file: Path, rows: int) -> dict[str, Any]:
    output = subprocess.run(
        [sys.executable, "-m", "bench.export_formats", name, str(file), str(rows)],
        check=True, capture_output=True, text=True, cwd=Path(__file__).parents[1],
    ).stdout  # fmt: skip
    return json.loads(output)


async def _written(db: Database, name: str, rows: int) -> int:
    """Bytes of the file of a format."""
    query = ExportQuery(latest=rows if name == "sav" else None)
    export = Export(db, WORKSPACE, RECORD, [(1, SURVEY)], query, CountFilter(), NOW)
    async with aclosing(FORMATS[name].stream(export)) as chunks:
        return sum([len(chunk) async for chunk in chunks])


async def _table(db: Database, _: int) -> int:
    """Only the typed rows, of which the formats are made."""
    selection = select_responses(WORKSPACE_ID, SURVEY_ID, CountFilter())
    async with aclosing(stream_blocks(db, TABLE, selection)) as blocks:
        return sum([len(block) async for block in blocks])


async def _xlsxwriter(db: Database, rows: int) -> int:
    import xlsxwriter

    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        book = xlsxwriter.Workbook(file.name, {"constant_memory": True})
        sheet, at = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        writes = {"text": sheet.write_string, "choice": sheet.write_string,
                  "whole": sheet.write_number, "decimal": sheet.write_number,
                  "truth": sheet.write_boolean}  # fmt: skip
        kinds, number = [column.kind for column in TABLE.columns], 0
        selection = select_responses(WORKSPACE_ID, SURVEY_ID, CountFilter())
        async with aclosing(stream_blocks(db, TABLE, selection)) as blocks:
            async for block in blocks:
                for values in block[: max(rows - number, 0)]:
                    number += 1
                    for place, (kind, value) in enumerate(zip(kinds, values, strict=True)):
                        if value is not None and kind == "time":
                            moment = EPOCH + timedelta(milliseconds=int(str(value)))
                            sheet.write_datetime(number, place, moment, at)
                        elif value is not None:
                            writes[kind](number, place, value)
                if number >= rows:
                    break
        book.close()
        return file.seek(0, 2)


async def _duckdb(db: Database, rows: int) -> tuple[int, float]:
    """Bytes, and the seconds of writing alone."""
    import duckdb
    import pyarrow as pa

    schema = pa.schema(
        [(each.name, type_of(pa, each, "UTC", plain=True)) for each in TABLE.columns]
    )
    parts: list[Any] = []
    waiting: list[Sequence[Value]] = []
    selection = select_responses(WORKSPACE_ID, SURVEY_ID, CountFilter())
    async with aclosing(stream_blocks(db, TABLE, selection)) as blocks:
        async for block in blocks:
            waiting.extend(block)
            if len(waiting) >= HELD_AT_ONCE:
                parts.append(_arrow(pa, schema, waiting))
                waiting = []
    parts.append(_arrow(pa, schema, waiting))
    held = pa.concat_tables(parts)
    if held.num_rows != rows:
        raise RuntimeError(f"{held.num_rows} rows were read, not {rows}")
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        duckdb.connect().register("held", held).execute(
            f"COPY held TO '{folder}/a.parquet' (FORMAT parquet)"
        )
        taken = time.perf_counter() - began
        return len(Path(folder, "a.parquet").read_bytes()), taken  # noqa: ASYNC240


def _arrow(pa: Any, schema: Any, rows: Sequence[Sequence[Value]]) -> Any:
    columns = zip(*rows, strict=True) if rows else [[] for _ in schema]
    return pa.table(
        [pa.array(each, kind) for each, kind in zip(columns, schema.types, strict=True)],
        schema=schema,
    )


async def _once(name: str, file: str, rows: int) -> None:
    others: dict[str, Callable[[Database, int], Awaitable[Any]]] = {
        "table": _table, "xlsxwriter": _xlsxwriter, "duckdb_parquet": _duckdb,
    }  # fmt: skip
    db = await open_database(f"sqlite:///{file}")
    began, worked = time.perf_counter(), time.process_time()
    size = await (others[name](db, rows) if name in others else _written(db, name, rows))
    taken, worked = time.perf_counter() - began, time.process_time() - worked
    if isinstance(size, tuple):
        size, taken = size
    await db.close()
    print(json.dumps({
        "rows": rows,
        "krows_per_s": rounded(rows / taken / 1000),
        "kcells_per_s": rounded(rows * CELLS / taken / 1000),
        "cpu_us_per_row": rounded(worked / rows * 1e6),
        "peak_rss_mb": rounded(peak_rss_mb()),
        "mb": rounded(size / 1e6),
    }))  # fmt: skip


if __name__ == "__main__":
    asyncio.run(_once(sys.argv[1], sys.argv[2], int(sys.argv[3])))
