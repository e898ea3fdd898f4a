"""Surveys and their versions: push, read, list, open and close."""

from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath

from harken_server.http.bodies import decode_json, decode_query
from harken_server.http.operations import Operation, describe
from harken_server.http.replies import json_reply
from harken_server.http.runtime import Runtime, runtime_of
from harken_server.kernel.errors import NotFoundError
from harken_server.surveys.addresses import url_of_survey
from harken_server.surveys.catalog import Catalog
from harken_server.surveys.published import Change, SurveyRecord, SurveyStatus, VersionNumber
from harken_server.surveys.store import surveys
from harken_server.surveys.survey import Survey
from harken_server.surveys.texts import resolve_text
from harken_server.workspaces.access import workspace_of


class SurveyItem(msgspec.Struct, kw_only=True):
    """A survey without its definition."""

    key: str
    title: str
    status: SurveyStatus
    version: int
    updated_at: str
    url: str


class SurveyList(msgspec.Struct, kw_only=True):
    """All surveys of the workspace, by key."""

    surveys: list[SurveyItem]


class SurveyReply(msgspec.Struct, kw_only=True):
    """One version of a survey with its definition."""

    key: str
    status: SurveyStatus
    version: int
    published_at: str
    url: str
    definition: Survey


class VersionItem(msgspec.Struct, kw_only=True):
    """One published version."""

    number: int
    change: Change
    published_at: str
    digest: str


class VersionList(msgspec.Struct, kw_only=True):
    """All versions of a survey, oldest first."""

    versions: list[VersionItem]


class VersionQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which version; the current one unless named."""

    version: VersionNumber | None = None


class StatusBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The status a survey is to have."""

    status: SurveyStatus


_status_decoder = msgspec.json.Decoder(StatusBody)


@get(
    "/surveys",
    opt=describe(
        Operation(
            "list_surveys",
            "List the workspace's surveys",
            replies=(SurveyList,),
        )
    ),
)
async def list_all(request: Request[Any, Any, Any]) -> Response[bytes]:
    """All surveys, by key."""
    runtime = runtime_of(request)
    workspace = workspace_of(request)
    records = await surveys.list_surveys(runtime.db, workspace.id)
    items = [await _item(runtime, request, record) for record in records]
    return json_reply(SurveyList(surveys=items))


@get(
    "/surveys/{key:str}",
    opt=describe(
        Operation(
            "get_survey",
            "Read one version of a survey",
            query=VersionQuery,
            replies=(SurveyReply,),
            errors=(400, 404),
        )
    ),
)
async def read(request: Request[Any, Any, Any], key: FromPath[str]) -> Response[bytes]:
    """The current version, or the one named by `version`."""
    runtime = runtime_of(request)
    workspace = workspace_of(request)
    query = decode_query(request.query_params.multi_items(), VersionQuery)
    record = await find_record(request, key)
    loaded = await runtime.of(Catalog).load(workspace, record, query.version)
    version = await surveys.get_version(runtime.db, workspace.id, record.id, loaded.number)
    if version is None:
        raise NotFoundError(f"Survey {key} has no version {query.version}.", code="version_unknown")
    return json_reply(
        SurveyReply(
            key=key,
            status=record.status,
            version=loaded.number,
            published_at=version.published_at.isoformat(),
            url=_url(runtime, request, key),
            definition=loaded.survey,
        )
    )


@get(
    "/surveys/{key:str}/versions",
    opt=describe(
        Operation(
            "list_versions",
            "List a survey's versions",
            replies=(VersionList,),
            errors=(404,),
        )
    ),
)
async def list_versions(request: Request[Any, Any, Any], key: FromPath[str]) -> Response[bytes]:
    """All versions, oldest first."""
    record = await find_record(request, key)
    found = await surveys.list_versions(runtime_of(request).db, workspace_of(request).id, record.id)
    return json_reply(
        VersionList(
            versions=[
                VersionItem(
                    number=item.number,
                    change=item.change,
                    digest=item.digest,
                    published_at=item.published_at.isoformat(),
                )
                for item in found
            ]
        )
    )


@post(
    "/surveys/{key:str}/status",
    status_code=200,
    opt=describe(
        Operation(
            "set_survey_status",
            "Open, close or withdraw a survey",
            scope="write",
            bodies=(StatusBody,),
            replies=(SurveyItem,),
            errors=(400, 404, 413, 422),
        )
    ),
)
async def set_status(request: Request[Any, Any, Any], key: FromPath[str]) -> Response[bytes]:
    """`live` takes responses, `closed` says kindly that it is over, `draft` is not shown."""
    runtime = runtime_of(request)
    body = decode_json(await request.body(), _status_decoder)
    record = await surveys.set_status(
        runtime.db, workspace_of(request).id, key, body.status, runtime.clock()
    )
    if record is None:
        raise NotFoundError(f"There is no survey {key!r} here.", code="survey_unknown")
    runtime.of(Catalog).forget()
    return json_reply(await _item(runtime, request, record))


async def find_record(request: Request[Any, Any, Any], key: str) -> SurveyRecord:
    """The survey of the request's workspace; raises NotFoundError (`survey_unknown`)."""
    record = await surveys.get_survey(runtime_of(request).db, workspace_of(request).id, key)
    if record is None:
        raise NotFoundError(f"There is no survey {key!r} here.", code="survey_unknown")
    return record


async def _item(
    runtime: Runtime, request: Request[Any, Any, Any], record: SurveyRecord
) -> SurveyItem:
    loaded = await runtime.of(Catalog).load(workspace_of(request), record)
    return SurveyItem(
        key=record.key,
        title=resolve_text(loaded.survey.title, loaded.survey.locale, loaded.survey.locale),
        status=record.status,
        version=record.version,
        updated_at=record.updated_at.isoformat(),
        url=_url(runtime, request, record.key),
    )


def _url(runtime: Runtime, request: Request[Any, Any, Any], key: str) -> str:
    return url_of_survey(runtime, workspace_of(request), key)
