"""Jobs that make files: kept, found, and told how far they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, TypeAlias
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Executor
from harken_server.database.records import Records, is_among
from harken_server.exports.tables import ExportJob as T

JobState: TypeAlias = Literal["waiting", "running", "done", "failed", "removed"]
OPEN: tuple[JobState, ...] = ("waiting", "running")
WITH_FILE: tuple[JobState, ...] = (*OPEN, "done")


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is made, or was."""

    id: UUID
    survey: str
    format: str
    options: str
    state: JobState
    rows_done: int
    rows_total: int | None
    size: int | None
    name: str
    problem: str
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None


_JOBS = Records(T, Job)


async def add_job(db: Executor, workspace_id: UUID, job: Job) -> None:
    """Keep a new one."""
    await _JOBS.of(workspace_id).add(db, _JOBS.values_of(job))


async def find_job(db: Database, workspace_id: UUID, job_id: UUID) -> Job | None:
    """One by its id."""
    return await _JOBS.of(workspace_id).first(db, T.id == job_id)


async def list_jobs(db: Database, workspace_id: UUID, *, limit: int) -> list[Job]:
    """The newest, newest first."""
    return await _JOBS.of(workspace_id).all(db, order_by=(T.id,), is_descending=True, limit=limit)


async def change_job(
    db: Executor, workspace_id: UUID, job_id: UUID, values: Mapping[str, Any], *while_in: JobState
) -> bool:
    """Give it these values, by name, while it is in one of the states; False when it is not."""
    columns: dict[Any, Any] = {getattr(T, name): value for name, value in values.items()}
    changed = await _JOBS.of(workspace_id).change(
        db, columns, T.id == job_id, is_among(T.state, while_in)
    )
    return bool(changed)


async def jobs_with_files(db: Database, workspace_id: UUID, *, made_before: datetime) -> list[Job]:
    """Those that have a file, or will have one, of what was there before."""
    is_meant = (is_among(T.state, WITH_FILE), T.created_at <= made_before)
    return await _JOBS.of(workspace_id).all(db, *is_meant)
