"""Several surveys on one printable page."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import Response

from harken_server.http.pages import PRIVATE
from harken_server.http.problems import BadRequestError
from harken_server.insights.report.reading import Wanted, names_in, read_blocks
from harken_server.insights.report.rendering import render_report
from harken_server.workspaces.keyed import Call, get


class ReportQuery(
    msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """Of which surveys and days."""

    surveys: Annotated[str, msgspec.Meta(max_length=600)]
    """Keys of 1 to 8 surveys, with commas between, in the order in which they are to stand."""
    from_: date | None = None
    """First day, in the workspace's time zone; without days the last 90."""
    to: date | None = None
    """Last day, included."""


@get(
    "/report",
    "get_report",
    "Several surveys on one page, as HTML to be printed",
    errors=(404, 429),
    reply_type="text/html",
)
async def report(call: Call, query: ReportQuery) -> Response[bytes]:
    """Of each survey its first score with interval, answers, change and trend, what changed by more
    than chance, and comments: what its results page of these days says. Four fit on a sheet.
    """
    if query.from_ is not None and query.to is not None and query.to < query.from_:
        raise BadRequestError(
            f"The period ends ({query.to}) before it begins ({query.from_}).", code="bad_parameter"
        )
    asked = Wanted(names_in(query.surveys), query.from_, query.to)
    blocks = await read_blocks(call.runtime, call.workspace, asked)
    zone = call.workspace.timezone
    made = render_report(call.workspace.name, blocks, call.local_now(), zone)
    headers = {**PRIVATE, "content-security-policy": made.policy}
    return Response(made.body, media_type="text/html", headers=headers)
