"""Copy everything into an empty database, go on where an earlier try ended, and prove the copy."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from functools import partial
from pathlib import Path
from typing import NamedTuple

from harken_server.database.accompanied import Also
from harken_server.database.opening import Snapshot, open_snapshot
from harken_server.kernel.errors import StorageError
from harken_server.upkeep.archive import Lines, TableManifest, read_table
from harken_server.upkeep.progress import Progress
from harken_server.upkeep.store.contents import count_all, read_lines
from harken_server.upkeep.store.filling import Filling, open_filling
from harken_server.upkeep.store.portable import ROWS_AT_ONCE, Form, all_forms, most_at_once


class Source(NamedTuple):
    """Where rows come from."""

    name: str
    """The same for the same source, and for no other."""
    rows: Mapping[str, int]
    """How many of each table."""
    lines: Callable[[Form], AsyncGenerator[list[bytes]]]
    """All rows of a table, in the order of its key."""


def archive_source(path: Path, name: str, tables: Sequence[TableManifest]) -> Source:
    """A backup, as its manifest says."""
    by_name = {table.name: table for table in tables}

    async def lines(form: Form) -> AsyncGenerator[list[bytes]]:
        for some in read_table(path, by_name[form.table]):
            yield some

    return Source(name, {table.name: table.rows for table in tables}, lines)


async def database_source(seen: Snapshot, name: str) -> Source:
    """Another database, counted now."""
    return Source(name, await count_all(seen, all_forms()), partial(read_lines, seen))


async def copy_all(
    source: Source, url: str, doing: str, also: Also, *, leap: int = 0
) -> list[TableManifest]:
    """Copy every table into the database at `url` and read all of it again.

    What is in it now is what came from the source, by count and digest, or StorageError
    (`copy_differs`) is raised and no server starts on it. The next change then stands `leap`
    positions further on than it would in the source, and what `also` stores is there as well.
    """
    total = sum(source.rows.values())
    async with open_filling(url, source.name) as filling:
        with Progress(doing, total) as progress:
            copied = [await _copy_table(source, form, filling, progress) for form in all_forms()]
        async with open_snapshot(url) as seen:
            found = await digest_all(await database_source(seen, ""), "Checking the copy")
        differing = [one.name for one, other in zip(copied, found, strict=True) if one != other]
        if differing:
            raise StorageError(
                f"The copy is not what was copied, in {', '.join(differing)}: either the source "
                "changed between two tries, or somebody else wrote to the copy. Empty the "
                "database that was filled and begin again.",
                code="copy_differs",
            )
        await filling.finish(also, leap=leap)
    return copied


async def digest_all(source: Source, doing: str) -> list[TableManifest]:
    """Count and digest every table."""
    total = sum(source.rows.values())
    found: list[TableManifest] = []
    with Progress(doing, total) as progress:
        for form in all_forms():
            lines = Lines()
            async with aclosing(source.lines(form)) as chunks:
                async for chunk in chunks:
                    lines.add(chunk)
                    progress.add(len(chunk), form.table)
            found.append(lines.manifest(form.table, form.columns))
    return found


async def _copy_table(
    source: Source, form: Form, filling: Filling, progress: Progress
) -> TableManifest:
    seen = Lines()
    there = await filling.rows_there(form)
    most = most_at_once(form.columns, ROWS_AT_ONCE)
    waiting: list[bytes] = []
    async with aclosing(source.lines(form)) as chunks:
        async for chunk in chunks:
            waiting += chunk[max(0, there - seen.rows) :]
            seen.add(chunk)
            progress.add(len(chunk), form.table)
            if len(waiting) >= most:
                await filling.add(form, waiting)
                waiting = []
    await filling.add(form, waiting)
    return seen.manifest(form.table, form.columns)
