"""Exports in the background: ask for one, see how far it is, take its file."""

from datetime import datetime
from typing import Annotated, TypeAlias
from uuid import UUID

import msgspec

from harken_server.exports.jobs.asking import ask_for_file, remove_file, url_of
from harken_server.exports.options import CsvQuery
from harken_server.exports.store import jobs
from harken_server.exports.store.jobs import Job, JobState
from harken_server.http.replies import item_of
from harken_server.http.resources import Resource
from harken_server.surveys.api.surveys import find_record
from harken_server.workspaces.keyed import Call, delete, get, post

EXPORT = Resource("export", "export_unknown")
ExportId: TypeAlias = Annotated[UUID, EXPORT]
SHOWN = 100
BY_HAND = "It was removed."


class JobBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Which file is wanted."""

    survey: Annotated[str, msgspec.Meta(max_length=64)]
    format: Annotated[str, msgspec.Meta(max_length=16)] = "csv"
    options: CsvQuery = CsvQuery()
    """What the export of this format takes in its address; `dialect` is of CSV alone."""


class JobItem(msgspec.Struct, kw_only=True):
    """A file that is made, or was."""

    id: UUID
    survey: str
    format: str
    options: CsvQuery
    state: JobState
    rows_done: int
    rows_total: int | None
    """Null while it is not known."""
    size: int | None
    """Bytes of the finished file."""
    name: str
    problem: str
    """Why there is no file; empty where nothing is wrong."""
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None
    """When the file and its address go."""
    url: str | None
    """Where the finished file is, without a key, until then."""


class JobsReply(msgspec.Struct, kw_only=True):
    """The newest 100, newest first."""

    exports: list[JobItem]


@post("/exports", "create_export", "Have a file made in the background", status=202, errors=(404,))
async def create(call: Call, body: JobBody) -> JobItem:
    """The worker makes it; look at it again until `state` is `done`, and take its `url`."""
    record = await find_record(call, body.survey)
    return _item(call, await ask_for_file(call, record, body.format, body.options))


@get("/exports", "list_exports", "Files made in the background")
async def list_all(call: Call) -> JobsReply:
    """What was asked for lately."""
    found = await jobs.list_jobs(call.db, call.workspace_id, limit=SHOWN)
    return JobsReply(exports=[_item(call, each) for each in found])


@get("/exports/{export_id:str}", "get_export", "How far a file is", errors=(404,))
async def read(call: Call, export_id: ExportId) -> JobItem:
    """Its rows so far, and in the end its address."""
    return _item(call, await _find(call, export_id))


@delete("/exports/{export_id:str}", "remove_export", "Remove a file", errors=(404,))
async def remove(call: Call, export_id: ExportId) -> None:
    """Its address ends at once; one that is being made is not finished."""
    job = await _find(call, export_id)
    await remove_file(call.runtime, call.workspace_id, job, BY_HAND)


async def _find(call: Call, export_id: UUID) -> Job:
    found = await jobs.find_job(call.db, call.workspace_id, export_id)
    return EXPORT.found(found, export_id)


def _item(call: Call, job: Job) -> JobItem:
    options = msgspec.json.decode(job.options, type=CsvQuery)
    url = url_of(call.runtime, call.workspace_id, job)
    return item_of(JobItem, job, options=options, url=url)
