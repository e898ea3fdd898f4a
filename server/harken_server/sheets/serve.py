"""`/sheets/{survey}/…`: the survey's answers and scores as CSV, read again and again."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from litestar import Response

from harken_server.exports.csv import stream_csv
from harken_server.exports.rules import export_file_name
from harken_server.http.declared import declare
from harken_server.http.header_values import header_bytes
from harken_server.http.long_reads.downloads import Download, download
from harken_server.http.replies import Replied
from harken_server.insights.api.scores import ScoresQuery, reckon_scores
from harken_server.insights.api.trends import TrendsQuery, reckon_trends
from harken_server.insights.read.taking_in import taken_in
from harken_server.insights.rules.intervals import USUAL_LEVEL
from harken_server.kernel.sheet_files import Dialect
from harken_server.responses.api import PageQuery, ResponsePage, read_page
from harken_server.responses.filters import FilterQuery
from harken_server.responses.small_groups import guard, shelter_rows
from harken_server.sheets.access import MAX_TOKEN, READER, SheetCall
from harken_server.sheets.scores import scores_csv, trends_csv
from harken_server.sheets.state import headers_with, is_known, state_tag
from harken_server.surveys.publish import read_versions

MOST_LATEST = 1_000_000
PERIODS = ("day", "week", "month")
STEADY = frozenset({None, *PERIODS, "touchpoint", "channel", "version"})
"""Groups that change only when an answer does."""
CSV = "text/csv"
Token = Annotated[str, msgspec.Meta(max_length=MAX_TOKEN)]


class SheetQuery(
    FilterQuery, kw_only=True, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """The filter, the dialect, and perhaps only the latest."""

    token: Token = ""
    """A sheet token of the survey, where no header can be sent."""
    dialect: Dialect = "spreadsheet"
    latest: Annotated[int, msgspec.Meta(ge=1, le=MOST_LATEST)] | None = None
    """Only so many that arrived last; left out: all."""


class SheetScoresQuery(
    FilterQuery, kw_only=True, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """The filter, perhaps one question, and by what."""

    token: Token = ""
    """A sheet token of the survey, where no header can be sent."""
    question: Annotated[str, msgspec.Meta(max_length=32)] | None = None
    level: float = USUAL_LEVEL
    """Of all intervals: 0.8, 0.9, 0.95 or 0.99."""
    by: Annotated[str, msgspec.Meta(max_length=32)] | None = None
    """`day`, `week` or `month`, or the groups of `get_scores`."""


@declare(
    "GET",
    "/sheets/{survey:str}/responses.csv",
    "sheet_responses",
    "Responses as CSV for a spreadsheet that reads them again",
    caller=READER,
    reply_type="text/csv",
    also=(304,),
    errors=(404,),
)
async def sheet_responses(
    call: SheetCall, survey: str, query: SheetQuery
) -> Download | Response[None]:
    """The rows of `export.csv` under the same filter; 304 for whoever has them already."""
    asked = _asked(query)
    tag = await state_tag(call, "responses", asked)
    headers = headers_with(tag)
    if tag and is_known(call, tag):
        return Response(None, status_code=304, headers=headers)
    record, workspace_id = call.record, call.workspace_id
    versions = await read_versions(call.db, workspace_id, record)
    taken = (await taken_in(call.runtime, call.workspace, record, query)).selection
    if query.latest is not None:
        guard(versions[-1][1], "Parts of the answers")
    chosen = shelter_rows(versions[-1][1], taken)
    rows = stream_csv(
        call.db, workspace_id, record, versions, chosen, query.dialect, latest=query.latest
    )
    raw = tuple((name.encode(), header_bytes(value)) for name, value in headers.items())
    name = export_file_name(survey, chosen, "csv")
    return await download(
        call.runtime, workspace_id, rows, name, "text/csv", asked=call.headers, caching=raw
    )


class SheetPageQuery(PageQuery, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Where to go on, and how many at once."""

    token: Token = ""
    """A sheet token of the survey, where no header can be sent."""


@declare(
    "GET",
    "/sheets/{survey:str}/responses.json",
    "sheet_changes",
    "Pull responses in order of change, for a script that appends them to a sheet",
    caller=READER,
    errors=(404,),
)
async def sheet_changes(
    call: SheetCall, survey: str, query: SheetPageQuery
) -> Replied[ResponsePage]:
    """As `list_responses`: a later pull with its cursor brings what is new or changed."""
    return await read_page(call, survey, query, f"/sheets/{survey}/responses.json")


@declare(
    "GET",
    "/sheets/{survey:str}/scores.csv",
    "sheet_scores",
    "Scores as CSV for a spreadsheet that reads them again",
    caller=READER,
    reply_type="text/csv",
    also=(304,),
    errors=(404,),
)
async def sheet_scores(
    call: SheetCall, survey: str, query: SheetScoresQuery
) -> Response[bytes] | Response[None]:
    """The numbers of `get_scores` or, by time, of `get_trends`; 304 for whoever has them."""
    tag = await state_tag(call, "scores", _asked(query)) if query.by in STEADY else ""
    headers = headers_with(tag)
    if tag and is_known(call, tag):
        return Response(None, status_code=304, headers=headers)
    return Response(await _scores(call, survey, query), media_type=CSV, headers=headers)


async def _scores(call: SheetCall, survey: str, query: SheetScoresQuery) -> bytes:
    filter_ = {name: getattr(query, name) for name in FilterQuery.__struct_fields__}
    period = _period_of(query.by)
    if period is not None:
        trends = TrendsQuery(**filter_, question=query.question, period=period, level=query.level)
        return trends_csv(await reckon_trends(call, survey, trends))
    scores = ScoresQuery(**filter_, question=query.question, level=query.level, by=query.by)
    return scores_csv(await reckon_scores(call, survey, scores))


def _period_of(by: str | None) -> Literal["day", "week", "month"] | None:
    match by:
        case "day" | "week" | "month":
            return by
        case _:
            return None


def _asked(query: msgspec.Struct) -> dict[str, Any]:
    """All but the token: whoever asks gets the same."""
    return {name: getattr(query, name) for name in query.__struct_fields__ if name != "token"}
