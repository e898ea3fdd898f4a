"""What the worker does for exports: write the files, and take them away again."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import msgspec

from harken_server.database import outbox
from harken_server.database.accompanied import Accompanied
from harken_server.database.database import Database, Row, Transaction
from harken_server.database.outbox import OutboxItem
from harken_server.exports.file_kinds import FORMATS
from harken_server.exports.jobs.asking import EXPIRE, path_of, read_options, remove_file
from harken_server.exports.jobs.settings import ExportSettings
from harken_server.exports.sending import sheltered
from harken_server.exports.shaped import Export
from harken_server.exports.store import jobs
from harken_server.exports.store.jobs import Job
from harken_server.exports.store.newest import count_selected
from harken_server.http.long_reads.heavy import RETRY_AFTER_S, HeavyReads, TooManyReadsError
from harken_server.http.runtime import Runtime
from harken_server.insights.read.taking_in import taken_in
from harken_server.kernel.errors import HarkenError, OverloadedError, StorageError
from harken_server.kernel.work_outcomes import Done, Forgotten, Later, Outcome
from harken_server.surveys.publish import read_versions
from harken_server.surveys.store.surveys import get_survey
from harken_server.workspaces.access import WorkspaceCatalog

TELL_EVERY_S = 1.0
ERASED_SINCE = "Somebody was erased since; ask for the file again."
TOO_OLD = "The file was kept for as long as files are, and is gone."
_read_id = msgspec.json.Decoder(UUID).decode


async def write_file(runtime: Runtime, item: OutboxItem) -> Outcome:
    """Make the file that was asked for; begun again from the start where a worker died."""
    job = await jobs.find_job(runtime.db, item.workspace_id, _read_id(item.payload))
    if job is None or job.state not in jobs.OPEN:
        return Done()
    try:
        async with runtime.of(HeavyReads).turn("download", item.workspace_id):
            await _write(runtime, item.workspace_id, job)
    except TooManyReadsError as error:
        return Later(runtime.clock() + timedelta(seconds=RETRY_AFTER_S), error.message)
    except (StorageError, OverloadedError):
        raise
    except (HarkenError, OSError) as error:
        said = error.message if isinstance(error, HarkenError) else error.strerror or str(error)
        values = {"state": "failed", "problem": said, "finished_at": runtime.clock()}
        await jobs.change_job(runtime.db, item.workspace_id, job.id, values, *jobs.OPEN)
    return Done()


async def expire_file(runtime: Runtime, item: OutboxItem) -> Outcome:
    """Its time is over."""
    job = await jobs.find_job(runtime.db, item.workspace_id, _read_id(item.payload))
    if job is not None:
        await remove_file(runtime, item.workspace_id, job, TOO_OLD)
    return Done()


async def forget_files(runtime: Runtime, item: OutboxItem) -> Outcome:
    """Somebody was erased: no file of the workspace stays in which they may still be."""
    found = await jobs.jobs_with_files(runtime.db, item.workspace_id, made_before=item.created_at)
    for job in found:
        await remove_file(runtime, item.workspace_id, job, ERASED_SINCE)
    return Forgotten()


async def _write(runtime: Runtime, workspace_id: UUID, job: Job) -> None:
    telling = _Telling(runtime, workspace_id, job)
    export = await _open(runtime, workspace_id, job, telling)
    total = await count_selected(runtime.db, export.selection)
    began = {"state": "running", "rows_done": 0, "rows_total": total}
    if not await jobs.change_job(runtime.db, workspace_id, job.id, began, *jobs.OPEN):
        return
    path = path_of(runtime, job)
    part = path.with_name(f"{path.name}.{runtime.random(4).hex()}.part")
    try:
        with _opened(part) as file:
            async with aclosing(FORMATS[job.format].stream(export)) as pieces:
                async for piece in pieces:
                    file.write(piece)
                    await telling.tell()
        part.rename(path)
        if not await _finish(runtime, workspace_id, job, telling.rows, path.stat().st_size):
            path.unlink(missing_ok=True)  # it was removed while it was made
    finally:
        part.unlink(missing_ok=True)


async def _finish(runtime: Runtime, workspace_id: UUID, job: Job, rows: int, size: int) -> bool:
    now = runtime.clock()
    expires_at = now + runtime.settings.of(ExportSettings).life
    values = {
        "state": "done", "rows_done": rows, "rows_total": rows, "size": size,
        "finished_at": now, "expires_at": expires_at,
    }  # fmt: skip
    async with runtime.db.transaction() as tx:
        is_done = await jobs.change_job(tx, workspace_id, job.id, values, "running")
        if is_done:
            await outbox.enqueue(
                tx, workspace_id, id=runtime.new_id(), kind=EXPIRE, payload=f'"{job.id}"',
                now=now, due_at=expires_at,
            )  # fmt: skip
    return is_done


async def _open(runtime: Runtime, workspace_id: UUID, job: Job, telling: _Telling) -> Export:
    workspace = await runtime.of(WorkspaceCatalog).get(workspace_id)
    record = await get_survey(runtime.db, workspace_id, job.survey)
    if record is None:
        raise StorageError(f"The survey {job.survey} is not there any more.")
    versions = await read_versions(runtime.db, workspace_id, record)
    db = _Counted(runtime.db, telling.count)
    options = read_options(job.options)
    taken = (await taken_in(runtime, workspace, record, options)).selection
    chosen = sheltered(versions[-1][1], options, taken)
    return Export(db, workspace, record, versions, options, chosen, runtime.clock())


def _opened(path: Path) -> BinaryIO:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path.open("xb")


class _Telling:
    """How far a job is, told now and then."""

    def __init__(self, runtime: Runtime, workspace_id: UUID, job: Job) -> None:
        self._runtime, self._place = runtime, (workspace_id, job.id)
        self._told_at = time.monotonic()
        self.rows = 0

    def count(self, rows: int) -> None:
        """So many more were read."""
        self.rows += rows

    async def tell(self) -> None:
        """Write it down, unless that was done just now."""
        if time.monotonic() - self._told_at < TELL_EVERY_S:
            return
        self._told_at = time.monotonic()
        values = {"rows_done": self.rows}
        await jobs.change_job(self._runtime.db, *self._place, values, "running")


async def _nothing(_: Transaction) -> None:
    """No change is made through a database that is only read."""


class _Counted(Accompanied):
    """The same database, telling how many rows of a long read were taken."""

    def __init__(self, db: Database, count: Callable[[int], None]) -> None:
        super().__init__(db, _nothing)
        self._count = count

    async def stream(
        self, sql: str, *params: object, chunk: int | None = None
    ) -> AsyncGenerator[list[Row]]:
        """A long read in chunks."""
        async with aclosing(super().stream(sql, *params, chunk=chunk)) as chunks:
            async for rows in chunks:
                yield rows
                self._count(len(rows))
