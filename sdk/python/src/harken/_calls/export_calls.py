"""Requests about files of responses, jobs that make them, and comments, as `Call`s."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec

from harken._calls.conversation import Call, Reply
from harken._calls.reading import read_as, read_list, read_nothing
from harken._calls.request import bare, delete, get, segment, send, without_none
from harken._errors import ConfigError, TransportError
from harken._types.comment import CommentPage
from harken._types.export import ExportJob
from harken._values import Id


def start_export(survey: str, format: str, options: Mapping[str, Any]) -> Call[ExportJob]:
    """POST /v1/exports; not repeated by itself: each one is a file."""
    asked = {name.rstrip("_"): value for name, value in without_none(options).items()}
    body = {"survey": survey, "format": format, "options": asked}
    call = send("POST", "/v1/exports", read_as(ExportJob), body)
    return msgspec.structs.replace(call, may_repeat=False)


def export_decisions(kind: str, options: Mapping[str, Any]) -> Call[None]:
    """GET /v1/decisions.{kind}; the body is streamed, not read here."""
    said = without_none(options)
    if isinstance(said.get("asked"), bool):
        said["asked"] = str(said["asked"]).lower()
    return get(f"/v1/decisions.{segment(kind)}", read_nothing, **said)


def get_export(id: Id) -> Call[ExportJob]:
    """GET /v1/exports/{id}."""
    return get(f"/v1/exports/{segment(id)}", read_as(ExportJob))


def list_exports() -> Call[tuple[ExportJob, ...]]:
    """GET /v1/exports."""
    return get("/v1/exports", read_list("exports", ExportJob))


def remove_export(id: Id) -> Call[None]:
    """DELETE /v1/exports/{id}."""
    return delete(f"/v1/exports/{segment(id)}")


def take_file(job: ExportJob, begin: int) -> Call[None]:
    """GET /export-file/{token}, from the byte that is still missing."""
    if job.url is None:
        said = job.problem or f"it is {job.state}"
        raise ConfigError(f"export {job.id} has no file: {said}")
    path = f"/export-file/{urlsplit(job.url).path.rpartition('/')[2]}"
    call = bare("GET", path, _read_rest(begin))
    return msgspec.structs.replace(call, headers=(("Range", f"bytes={begin}-"),) if begin else ())


def list_comments(survey: str, before: str | None, wanted: Mapping[str, Any]) -> Call[CommentPage]:
    """GET /v1/surveys/{key}/comments: one page."""
    path = f"/v1/surveys/{segment(survey)}/comments"
    return get(path, read_as(CommentPage), **without_none(wanted), before=before, limit=200)


def _read_rest(begin: int) -> Any:
    def read(reply: Reply) -> None:
        read_nothing(reply)
        if begin and reply.status != 206:
            raise TransportError("the server no longer has the file that was begun")

    return read
