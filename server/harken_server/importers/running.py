"""What the worker does for files that are taken in: read them, and take them away again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TextIO
from uuid import UUID

import msgspec

from harken_server.database.outbox import OutboxItem
from harken_server.events.rules import ToldEvent
from harken_server.events.telling import tell_events
from harken_server.http.runtime import Runtime
from harken_server.importers import store
from harken_server.importers.brought import Row, path_of, refused_path_of, remove_files, rows_of
from harken_server.importers.previewing import reading_of
from harken_server.importers.receiving import choices_of, first_rows
from harken_server.importers.rules.rows import Flaw, Reading, read_row
from harken_server.importers.rules.understood import names_of
from harken_server.importers.store import Import
from harken_server.intake.rules import MAX_AT_ONCE, Item
from harken_server.intake.taking import Source, open_source, take_in
from harken_server.kernel.errors import (
    HarkenError,
    InvalidInputError,
    OverloadedError,
    StorageError,
)
from harken_server.kernel.sheet_files import style_of
from harken_server.kernel.work_outcomes import Done, Outcome
from harken_server.responses.asked import collection_of
from harken_server.workspaces.access import WorkspaceCatalog
from harken_server.workspaces.workspace import Workspace

TELL_EVERY_S = 1.0
WAIT_S = 1.0
"""While the store has no room for more: people who answer go first."""
MOST_LISTED = 10_000
"""Rows that stand in the list of what was refused; the others are counted."""
GONE = "This server does not have the file any more; bring it again."
ERASED_SINCE = "Somebody was erased since, and files of before are not kept."
TOO_OLD = "It was kept for a week, and is gone."
_read_id = msgspec.json.Decoder(UUID).decode
STYLE = style_of("spreadsheet")


class Refused(NamedTuple):
    """A row that was not stored."""

    row: Row
    flaw: Flaw


async def read_file(runtime: Runtime, item: OutboxItem) -> Outcome:
    """Take a file in; begun again where a worker died, which stores nothing twice."""
    owner = item.workspace_id
    job = await store.find_import(runtime.db, owner, _read_id(item.payload))
    if job is None or job.state not in store.OPEN:
        return Done()
    state, problem = "done", ""
    try:
        if not path_of(runtime, job.id).is_file():
            raise StorageError(GONE)
        workspace = await runtime.of(WorkspaceCatalog).get(owner)
        await _Run(runtime, workspace, job).run()
    except OverloadedError:
        raise
    except (HarkenError, OSError) as error:
        state = "failed"
        problem = error.message if isinstance(error, HarkenError) else error.strerror or str(error)
    values = {"state": state, "problem": problem, "finished_at": runtime.clock()}
    await store.change_import(runtime.db, owner, job.id, values, *store.OPEN)
    path_of(runtime, job.id).unlink(missing_ok=True)
    return Done()


async def forget_import(runtime: Runtime, item: OutboxItem) -> Outcome:
    """Its time is over: nothing of it stays in the data directory."""
    job = await store.find_import(runtime.db, item.workspace_id, _read_id(item.payload))
    if job is not None and job.state not in store.OPEN:
        await remove_import(runtime, item.workspace_id, job, TOO_OLD)
    return Done()


async def forget_imports(runtime: Runtime, item: OutboxItem) -> None:
    """Somebody was erased: no file of the workspace stays in which they may still be."""
    owner, before = item.workspace_id, item.created_at
    for job in await store.imports_with_files(runtime.db, owner, made_before=before):
        await remove_import(runtime, owner, job, ERASED_SINCE)


async def remove_import(runtime: Runtime, workspace_id: UUID, job: Import, problem: str) -> bool:
    """Take its files away; one that is being read ends, and keeps what it stored."""
    values = {"state": "removed", "problem": problem, "finished_at": runtime.clock()}
    changed = await store.change_import(runtime.db, workspace_id, job.id, values, *store.WITH_FILES)
    remove_files(runtime, job.id)
    return changed


class _Run:
    """A file that is being taken in."""

    def __init__(self, runtime: Runtime, workspace: Workspace, job: Import) -> None:
        self._runtime, self._workspace, self._job = runtime, workspace, job
        self._choices = choices_of(job)
        self._rows = self._stored = self._refused = self._bytes = 0
        self._told_at = 0.0

    async def run(self) -> None:
        """Read it to its end, or until somebody takes it away."""
        path, layout = path_of(self._runtime, self._job.id), self._choices.layout
        names = names_of(layout, first_rows(path, layout))
        reading = await reading_of(self._runtime, self._workspace, self._job, self._choices, names)
        rows = rows_of(path, layout)
        refused_path = refused_path_of(self._runtime, self._job.id)
        with refused_path.open("w", encoding="utf-8", newline="") as listed:
            listed.write(STYLE.begins + STYLE.line(["row", "why", *names]))
            try:
                await self._take_all(rows, reading, listed)
            finally:
                await self._tell()

    async def _take_all(self, rows: Iterator[Row], reading: Reading, listed: TextIO) -> None:
        for some in _batches(rows):
            refused = await self._take(some, reading)
            for each in refused[: max(MOST_LISTED - self._refused, 0)]:
                why = f"{each.flaw.column}: {each.flaw.why}" if each.flaw.column else each.flaw.why
                listed.write(STYLE.line([each.row.number, why, *each.row.cells]))
            self._rows += len(some)
            self._refused += len(refused)
            self._stored += len(some) - len(refused)
            self._bytes = some[-1].bytes_read
            await asyncio.sleep(0)  # others have their turn where no row was good enough to store
            if time.monotonic() - self._told_at >= TELL_EVERY_S and not await self._tell():
                return

    async def _tell(self) -> bool:
        """Write down how far it is; False when somebody took it away."""
        self._told_at = time.monotonic()
        values = {
            "state": "running", "rows_done": self._rows, "bytes_done": self._bytes,
            "stored": self._stored, "refused": self._refused,
        }  # fmt: skip
        place = self._workspace.id, self._job.id
        return await store.change_import(self._runtime.db, *place, values, *store.OPEN)

    async def _take(self, rows: Sequence[Row], reading: Reading) -> list[Refused]:
        """Those that are not stored."""
        read = [(row, read_row(reading, row.cells)) for row in rows]
        refused = [Refused(row, found) for row, found in read if isinstance(found, Flaw)]
        good = [(row, found) for row, found in read if not isinstance(found, Flaw)]
        while good:
            try:
                refusals = await self._store([found for _, found in good])
            except OverloadedError:
                await asyncio.sleep(WAIT_S)
            else:
                refused += [Refused(good[place][0], Flaw("", why)) for place, why in refusals]
                break
        return sorted(refused, key=lambda each: each.row.number)

    async def _store(self, found: Sequence[Item | ToldEvent]) -> list[tuple[int, str]]:
        """Places of those that were refused, and why: as the API takes them."""
        runtime, workspace = self._runtime, self._workspace
        events = [each for each in found if isinstance(each, ToldEvent)]
        if events or self._job.kind == "events":
            told = await tell_events(runtime.db, workspace.id, events, runtime.clock())
            return [(each.index, each.message) for each in told.refused]
        items = [each for each in found if isinstance(each, Item)]
        room = collection_of(runtime)
        source = Source(self._choices.source, self._job.kind, None, None)
        survey = await open_source(room, workspace, source, new_id=runtime.new_id)
        taken = await take_in(room, workspace, source, survey, items)
        return [(each.index, each.message) for each in taken.refused]


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    """As many at a time as are taken in together; all before one that cannot be read come first."""
    some: list[Row] = []
    try:
        for row in rows:
            some.append(row)
            if len(some) == MAX_AT_ONCE:
                yield some
                some = []
    except InvalidInputError:
        if some:
            yield some
        raise
    if some:
        yield some
