"""`/export/{survey}/responses.csv`: all responses for a spreadsheet, behind a signed link."""

from typing import Annotated, Literal

import msgspec

from harken_server.exports.csv import stream_csv
from harken_server.exports.rules import export_file_name
from harken_server.http.declared import Arrival
from harken_server.http.long_reads.downloads import Download, download
from harken_server.http.public import VISITOR, get
from harken_server.insights.read.taking_in import taken_in
from harken_server.invitations.links import EXPORT, follow_link
from harken_server.kernel.errors import AccessError, NotFoundError
from harken_server.responses.filters import FilterQuery
from harken_server.responses.small_groups import shelter_rows
from harken_server.surveys.publish import read_versions


class DownloadQuery(
    FilterQuery, kw_only=True, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """The link's token, the filter and the dialect."""

    token: Annotated[str, msgspec.Meta(min_length=1, max_length=400)]
    dialect: Literal["raw", "spreadsheet"] = "spreadsheet"


@get(
    "/export/{survey:str}/responses.csv",
    "download_csv",
    "Responses as CSV behind a signed link, for spreadsheets",
    caller=VISITOR,
    reply_type="text/csv",
    errors=(401, 403, 429),
)
async def download_csv(arrival: Arrival, survey: str, query: DownloadQuery) -> Download:
    """The same rows as the keyed export; whoever has the link may read them until it expires."""
    runtime = arrival.runtime
    try:
        loaded = await follow_link(runtime, EXPORT, survey, query.token)
    except NotFoundError:
        loaded = None
    if loaded is None:
        raise AccessError("This link is not valid or has expired.", code="link_invalid")
    record = loaded.record
    versions = await read_versions(runtime.db, record.workspace_id, record)
    taken = (await taken_in(runtime, loaded.workspace, record, query)).selection
    chosen = shelter_rows(versions[-1][1], taken)
    rows = stream_csv(runtime.db, record.workspace_id, record, versions, chosen, query.dialect)
    name = export_file_name(record.key, chosen, "csv")
    return await download(
        runtime, record.workspace_id, rows, name, "text/csv", asked=arrival.headers
    )
