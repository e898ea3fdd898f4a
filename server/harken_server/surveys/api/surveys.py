"""Surveys and their versions: push, read, list, open and close."""

import msgspec

from harken_server.http.replies import item_of
from harken_server.kernel.errors import NotFoundError
from harken_server.surveys.catalog import SURVEY, Catalog, url_of_survey
from harken_server.surveys.published import (
    Change,
    SourceFormat,
    SurveyRecord,
    SurveyStatus,
    VersionNumber,
)
from harken_server.surveys.store import surveys
from harken_server.surveys.survey import Survey
from harken_server.surveys.texts import resolve_text
from harken_server.workspaces.access import Acting
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


class SourceItem(msgspec.Struct, kw_only=True):
    """The text that a version was pushed as: with its comments, in its order."""

    format: SourceFormat
    text: str


class SurveyReply(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One version of a survey with its definition."""

    key: str
    status: SurveyStatus
    version: int
    published_at: str
    url: str
    definition: Survey
    source: SourceItem | None = None
    """Not there for a version that was pushed as JSON."""


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


@get("/surveys", "list_surveys", "List the workspace's surveys", scope="definitions")
async def list_all(call: Call) -> SurveyList:
    """All surveys, by key."""
    records = await surveys.list_surveys(call.db, call.workspace_id)
    return SurveyList(surveys=[await _item(call, record) for record in records])


@get(
    "/surveys/{key:str}",
    "get_survey",
    "Read one version of a survey",
    scope="definitions",
    errors=(404,),
)
async def read(call: Call, key: str, query: VersionQuery) -> SurveyReply:
    """The current version, or the one named by `version`."""
    record = await find_record(call, key)
    loaded = await call.runtime.of(Catalog).load(call.workspace, record, query.version)
    version = await surveys.get_version(call.db, record.workspace_id, record.id, loaded.number)
    if version is None:
        raise NotFoundError(f"Survey {key} has no version {query.version}.", code="version_unknown")
    source = await surveys.get_source(call.db, call.workspace_id, record.id, loaded.number)
    return SurveyReply(
        key=key,
        status=record.status,
        version=loaded.number,
        published_at=version.published_at.isoformat(),
        url=url_of_survey(call.runtime, call.workspace, key),
        definition=loaded.survey,
        source=source and SourceItem(format=source.format, text=source.text),
    )


@get(
    "/surveys/{key:str}/versions",
    "list_versions",
    "List a survey's versions",
    scope="definitions",
    errors=(404,),
)
async def list_versions(call: Call, key: str) -> VersionList:
    """All versions, oldest first."""
    record = await find_record(call, key)
    found = await surveys.list_versions(call.db, call.workspace_id, record.id)
    return VersionList(versions=[item_of(VersionItem, version) for version in found])


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
    call.runtime.of(Catalog).forget()
    call.note(status=body.status)
    return await _item(call, SURVEY.found(record, key))


async def find_record(call: Acting, key: str) -> SurveyRecord:
    """The survey of the request's workspace; raises NotFoundError (`survey_unknown`)."""
    return SURVEY.found(await surveys.get_survey(call.db, call.workspace_id, key), key)


async def _item(call: Call, record: SurveyRecord) -> SurveyItem:
    survey = (await call.runtime.of(Catalog).load(call.workspace, record)).survey
    return item_of(
        SurveyItem,
        record,
        title=resolve_text(survey.title, survey.locale, survey.locale),
        url=url_of_survey(call.runtime, call.workspace, record.key),
    )
