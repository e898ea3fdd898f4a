"""Ask for a file that the worker makes, find it again, and have it removed."""

from __future__ import annotations

from contextlib import aclosing
from pathlib import Path
from uuid import UUID

import msgspec

from harken_server.database import outbox
from harken_server.database.settings import DatabaseSettings
from harken_server.exports.file_kinds import FORMATS, name_of
from harken_server.exports.options import CsvQuery
from harken_server.exports.sending import open_export
from harken_server.exports.store import jobs
from harken_server.exports.store.jobs import Job
from harken_server.http.problems import BadRequestError
from harken_server.http.runtime import Runtime
from harken_server.http.settings import HttpSettings
from harken_server.kernel.tokens import sign_token
from harken_server.surveys.published import SurveyRecord
from harken_server.workspaces.access import Acting

WRITE, EXPIRE = "exports.write", "exports.expire"
"""Kinds of outbox items; the payload is the id of the job."""
LINK_KIND = "export file"
FOLDER = "exports"
"""In the data directory."""
read_options = msgspec.json.Decoder(CsvQuery).decode


async def ask_for_file(acting: Acting, record: SurveyRecord, form: str, query: CsvQuery) -> Job:
    """Promise a file. BadRequestError for a format or an option that there is not."""
    if form not in FORMATS:
        raise BadRequestError(
            f"format is {form!r}; it must be one of {', '.join(FORMATS)}.", code="bad_parameter"
        )
    runtime = acting.runtime
    export = await open_export(runtime, acting.workspace, record, query)
    async with aclosing(FORMATS[form].stream(export)):
        name = name_of(export, FORMATS[form])  # what is asked wrongly is said now, not by a worker
    job = Job(
        id=runtime.new_id(), survey=record.key, format=form,
        options=msgspec.json.encode(query).decode(), state="waiting", rows_done=0,
        rows_total=None, size=None, name=name, problem="", created_at=acting.now(),
        finished_at=None, expires_at=None,
    )  # fmt: skip
    async with acting.db.transaction() as tx:
        await jobs.add_job(tx, acting.workspace_id, job)
        await outbox.enqueue(
            tx, acting.workspace_id, id=job.id, kind=WRITE, payload=f'"{job.id}"', now=acting.now()
        )
    return job


def path_of(runtime: Runtime, job: Job) -> Path:
    """Where the finished file lies."""
    folder = runtime.settings.of(DatabaseSettings).data_dir / FOLDER
    return folder / f"{job.id}.{job.format}"


def url_of(runtime: Runtime, workspace_id: UUID, job: Job) -> str | None:
    """The address of a finished file: whoever has it may download until the file goes."""
    if job.state != "done" or job.expires_at is None or job.expires_at <= runtime.clock():
        return None
    token = sign_token(runtime.signing_keys, LINK_KIND, workspace_id, job.id.hex, job.expires_at)
    public_url = runtime.settings.of(HttpSettings).public_url.rstrip("/")
    return f"{public_url}/export-file/{token}"


async def remove_file(runtime: Runtime, workspace_id: UUID, job: Job, problem: str) -> bool:
    """Take the file away, or keep one from being made; False where there is none any more."""
    values = {"state": "removed", "problem": problem, "expires_at": runtime.clock()}
    changed = await jobs.change_job(runtime.db, workspace_id, job.id, values, *jobs.WITH_FILE)
    path_of(runtime, job).unlink(missing_ok=True)
    return changed
