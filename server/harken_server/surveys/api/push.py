"""Publishing: a definition becomes the next version of a survey."""

from typing import Any, Literal

import msgspec
from litestar import Request, Response, post

from harken_server.http.bodies import decode_query, too_large
from harken_server.http.operations import Operation, describe
from harken_server.http.problems import BadRequestError
from harken_server.http.replies import json_reply
from harken_server.http.runtime import runtime_of
from harken_server.surveys.addresses import url_of_survey
from harken_server.surveys.catalog import Catalog
from harken_server.surveys.definition import decode_survey
from harken_server.surveys.publish import push_survey
from harken_server.surveys.published import Change, SurveyStatus
from harken_server.surveys.survey import MAX_DEFINITION_BYTES, Survey
from harken_server.surveys.version_changes import ChangeLine
from harken_server.workspaces.access import workspace_of

FORMATS: dict[str, Literal["json", "yaml", "toml"]] = {
    "application/json": "json",
    "application/yaml": "yaml",
    "application/x-yaml": "yaml",
    "text/yaml": "yaml",
    "application/toml": "toml",
}


class PushQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to push."""

    dry_run: bool = False
    """Only say what would change."""
    status: SurveyStatus = "live"
    """Status of a survey that is new; an existing one keeps its own."""


class PushReply(msgspec.Struct, kw_only=True):
    """What a push did, or would do."""

    key: str
    status: SurveyStatus
    version: int
    change: Change | Literal["none"]
    changes: tuple[ChangeLine, ...]
    url: str


@post(
    "/surveys",
    opt=describe(
        Operation(
            "push_survey",
            "Publish a survey definition as its next version",
            scope="write",
            bodies=(Survey,),
            query=PushQuery,
            replies=(PushReply,),
            status=201,
            also=(200,),
            errors=(400, 409, 413, 415, 422),
            body_types=("application/json", "application/yaml", "application/toml"),
        )
    ),
)
async def push(request: Request[Any, Any, Any]) -> Response[bytes]:
    """201 with a new version; 200 when nothing changed or with `dry_run`."""
    runtime = runtime_of(request)
    query = decode_query(request.query_params.multi_items(), PushQuery)
    raw = await request.body()
    if len(raw) > MAX_DEFINITION_BYTES:
        raise too_large(MAX_DEFINITION_BYTES)
    survey = decode_survey(raw, format_of(request))
    pushed = await push_survey(
        runtime.db,
        workspace_of(request),
        survey,
        now=runtime.clock(),
        new_id=runtime.new_id,
        is_dry_run=query.dry_run,
        status=query.status,
    )
    runtime.of(Catalog).forget()
    reply = PushReply(
        key=pushed.key,
        status=pushed.status,
        version=pushed.version,
        change=pushed.change,
        changes=pushed.changes,
        url=url_of_survey(runtime, workspace_of(request), pushed.key),
    )
    return json_reply(reply, 201 if pushed.is_stored else 200)


def format_of(request: Request[Any, Any, Any]) -> Literal["json", "yaml", "toml"]:
    """The notation that the content type names; BadRequestError 415 for any other."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    found = FORMATS.get(media_type)
    if found is None:
        raise BadRequestError(
            f"Send a definition as {', '.join(FORMATS)}.",
            code="unsupported_media_type",
            status=415,
        )
    return found
