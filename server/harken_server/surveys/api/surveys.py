"""Surveys and their versions: push, read, list, open and close."""

import msgspec

from harken_server.http.runtime import Runtime
from harken_server.kernel.errors import NotFoundError
from harken_server.surveys.addresses import url_of_survey
from harken_server.surveys.catalog import Catalog
from harken_server.surveys.published import Change, SurveyRecord, SurveyStatus, VersionNumber
from harken_server.surveys.store import surveys
from harken_server.surveys.survey import Survey
from harken_server.surveys.texts import resolve_text
from harken_server.workspaces.keyed import Call, get, post


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


@get("/surveys", "list_surveys", "List the workspace's surveys")
async def list_all(call: Call) -> SurveyList:
    """All surveys, by key."""
    workspace = call.workspace
    records = await surveys.list_surveys(call.db, workspace.id)
    items = [await _item(call.runtime, call, record) for record in records]
    return SurveyList(surveys=items)


@get("/surveys/{key:str}", "get_survey", "Read one version of a survey", errors=(404,))
async def read(call: Call, key: str, query: VersionQuery) -> SurveyReply:
    """The current version, or the one named by `version`."""
    workspace = call.workspace
    record = await find_record(call, key)
    loaded = await call.runtime.of(Catalog).load(workspace, record, query.version)
    version = await surveys.get_version(call.db, workspace.id, record.id, loaded.number)
    if version is None:
        raise NotFoundError(f"Survey {key} has no version {query.version}.", code="version_unknown")
    return SurveyReply(
        key=key,
        status=record.status,
        version=loaded.number,
        published_at=version.published_at.isoformat(),
        url=_url(call.runtime, call, key),
        definition=loaded.survey,
    )


@get("/surveys/{key:str}/versions", "list_versions", "List a survey's versions", errors=(404,))
async def list_versions(call: Call, key: str) -> VersionList:
    """All versions, oldest first."""
    record = await find_record(call, key)
    found = await surveys.list_versions(call.db, call.workspace_id, record.id)
    return VersionList(
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


@post(
    "/surveys/{key:str}/status",
    "set_survey_status",
    "Open, close or withdraw a survey",
    scope="write",
    errors=(404,),
)
async def set_status(call: Call, key: str, body: StatusBody) -> SurveyItem:
    """`live` takes responses, `closed` says kindly that it is over, `draft` is not shown."""
    record = await surveys.set_status(call.db, call.workspace_id, key, body.status, call.now())
    if record is None:
        raise NotFoundError(f"There is no survey {key!r} here.", code="survey_unknown")
    call.runtime.of(Catalog).forget()
    return await _item(call.runtime, call, record)


async def find_record(call: Call, key: str) -> SurveyRecord:
    """The survey of the request's workspace; raises NotFoundError (`survey_unknown`)."""
    record = await surveys.get_survey(call.db, call.workspace_id, key)
    if record is None:
        raise NotFoundError(f"There is no survey {key!r} here.", code="survey_unknown")
    return record


async def _item(runtime: Runtime, call: Call, record: SurveyRecord) -> SurveyItem:
    loaded = await runtime.of(Catalog).load(call.workspace, record)
    return SurveyItem(
        key=record.key,
        title=resolve_text(loaded.survey.title, loaded.survey.locale, loaded.survey.locale),
        status=record.status,
        version=record.version,
        updated_at=record.updated_at.isoformat(),
        url=_url(runtime, call, record.key),
    )


def _url(runtime: Runtime, call: Call, key: str) -> str:
    return url_of_survey(runtime, call.workspace, key)
