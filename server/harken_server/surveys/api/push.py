"""Publishing: a definition becomes the next version of a survey."""

from collections.abc import Callable
from typing import Literal, NamedTuple

import msgspec

from harken_server.http.declared import Reads
from harken_server.http.encodings import Headers
from harken_server.http.problems import BadRequestError
from harken_server.http.replies import Replied, item_of
from harken_server.surveys.catalog import Catalog, url_of_survey
from harken_server.surveys.definition import decode_survey
from harken_server.surveys.files.parsing import Syntax
from harken_server.surveys.publish import push_survey
from harken_server.surveys.published import Change, SurveySource, SurveyStatus
from harken_server.surveys.questions.changes import ChangeLine
from harken_server.surveys.survey import Survey
from harken_server.workspaces.keyed import Call, post

FORMATS: dict[str, Syntax] = {
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


class SurveyFile(NamedTuple):
    """A survey, and the text that says it; None for JSON, which has no comments to keep."""

    survey: Survey
    source: SurveySource | None


class PushReply(msgspec.Struct, kw_only=True):
    """What a push did, or would do."""

    key: str
    status: SurveyStatus
    version: int
    change: Change | Literal["none"]
    changes: tuple[ChangeLine, ...]
    url: str


def files_read_by(decode: Callable[[bytes, Syntax], object]) -> Reads:
    """Bodies that are files in any of their formats: the content type names it, or 415."""

    def read(raw: bytes, headers: Headers) -> object:
        return decode(raw, _format_of(headers))

    types = ("application/json", "application/yaml", "application/toml")
    return Reads(types, read, errors=(415,))


def _format_of(headers: Headers) -> Syntax:
    named = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
    found = FORMATS.get(named.decode("latin-1"))
    if found is None:
        raise BadRequestError(
            f"Send a definition as {', '.join(FORMATS)}.",
            code="unsupported_media_type",
            status=415,
        )
    return found


def _read_file(raw: bytes, format: Syntax) -> SurveyFile:  # noqa: A002  # As decode_survey.
    survey = decode_survey(raw, format)
    return SurveyFile(survey, None if format == "json" else SurveySource(raw.decode(), format))


@post(
    "/surveys",
    "push_survey",
    "Publish a survey definition as its next version",
    scope="write",
    status=201,
    also=(200,),
    errors=(409,),
    reads=files_read_by(_read_file),
    bodies=(Survey,),
)
async def push(call: Call, query: PushQuery, body: SurveyFile) -> Replied[PushReply]:
    """201 with a new version; 200 when nothing changed or with `dry_run`."""
    pushed = await push_survey(
        call.db,
        call.workspace,
        body.survey,
        now=call.now(),
        new_id=call.runtime.new_id,
        is_dry_run=query.dry_run,
        status=query.status,
        source=body.source,
    )
    call.runtime.of(Catalog).forget()
    call.note(version=pushed.version, change=pushed.change, status=pushed.status)
    if not pushed.is_stored:
        call.changed_nothing()
    url = url_of_survey(call.runtime, call.workspace, pushed.key)
    return Replied(item_of(PushReply, pushed, url=url), 201 if pushed.is_stored else 200)
