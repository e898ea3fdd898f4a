"""`/odata/{survey}/`: service document, `$metadata` and the tables, as OData 4.0 JSON."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote, urlencode

import msgspec
from litestar import Response

from harken_server.http.declared import declare
from harken_server.http.long_reads.heavy import HeavyReads
from harken_server.http.problems import BadRequestError
from harken_server.kernel.errors import NotFoundError
from harken_server.odata.answering import Answered, answer_table, count_table
from harken_server.odata.response_rows import SurveyTables, tables_of
from harken_server.odata.rules.filters import MAX_CHARS
from harken_server.odata.rules.model import EntitySet, metadata_xml
from harken_server.odata.rules.options import Wanted, read_wanted
from harken_server.odata.rules.refusals import QueryError
from harken_server.responses.filters import FilterQuery
from harken_server.sheets.access import MAX_TOKEN, READER, SheetCall
from harken_server.sheets.handed_out import addresses_of
from harken_server.sheets.state import PRIVATE
from harken_server.surveys.publish import read_versions

VERSION = {"odata-version": "4.0", "cache-control": PRIVATE}
JSON = "application/json;odata.metadata=minimal"
Text = Annotated[str, msgspec.Meta(max_length=MAX_CHARS)]
OPTIONS = ("filter", "select", "orderby", "top", "skip", "count", "skiptoken")


class ODataQuery(
    FilterQuery,
    kw_only=True,
    frozen=True,
    forbid_unknown_fields=False,
    rename={
        "from_": "from", "format_": "$format", **{name: f"${name}" for name in OPTIONS},
    },
):  # fmt: skip
    """The options of OData, and besides the filter of the API; any other is refused."""

    token: Annotated[str, msgspec.Meta(max_length=MAX_TOKEN)] = ""
    """A sheet token of the survey, where no header can be sent."""
    filter: Text = ""
    """Comparisons of a column with a value by eq, ne, gt, ge, lt, le, joined by and, or, not."""
    select: Annotated[str, msgspec.Meta(max_length=16_000)] = ""
    orderby: Text = ""
    top: Annotated[str, msgspec.Meta(max_length=20)] = ""
    skip: Annotated[str, msgspec.Meta(max_length=20)] = ""
    count: Annotated[str, msgspec.Meta(max_length=20)] = ""
    """`true`: how many rows there are in all."""
    skiptoken: Annotated[str, msgspec.Meta(max_length=60)] = ""
    """Where to go on, as `@odata.nextLink` says it."""
    format_: Annotated[str, msgspec.Meta(max_length=100)] = "json"
    """JSON alone."""


_TAKEN = frozenset(ODataQuery.__struct_encode_fields__)


@declare(
    "GET",
    "/odata/{survey:str}",
    "odata_service",
    "OData: the service document",
    caller=READER,
    reply_type="application/json",
    errors=(404,),
)
async def service(
    call: SheetCall,
    survey: str,  # noqa: ARG001  # who calls is found by it
) -> Response[bytes]:
    """Which tables there are."""
    tables = await _tables(call)
    value = [{"name": each, "kind": "EntitySet", "url": each} for each in tables.sets]
    return _json(call, "", {"value": value})


@declare(
    "GET",
    "/odata/{survey:str}/{resource:str}",
    "odata_table",
    "OData: $metadata, or a page of a table",
    caller=READER,
    reply_type="application/json",
    or_reply_types=("application/xml",),
    errors=(404, 429, 501),
)
async def table(
    call: SheetCall,
    survey: str,  # noqa: ARG001  # who calls is found by it
    resource: str,
    query: ODataQuery,
) -> Response[bytes]:
    """Responses, Answers, Scores, Trends or Comments, as rows with typed columns."""
    _require_known(call, query)
    tables = await _tables(call)
    if resource == "$metadata":
        return Response(metadata_xml(tables.sets), media_type="application/xml", headers=VERSION)
    found = _found(tables, resource)
    wanted = _wanted(found, query)
    try:
        async with call.runtime.of(HeavyReads).turn("reckoning", call.workspace_id):
            answered = await answer_table(call, tables, found, query, wanted)
    except QueryError as error:
        raise _refused(error) from error
    return _page(call, found, query, wanted, answered)


@declare(
    "GET",
    "/odata/{survey:str}/{resource:str}/{further:str}",
    "odata_count",
    "OData: how many rows a table has",
    caller=READER,
    reply_type="text/plain",
    errors=(404, 429, 501),
)
async def count(
    call: SheetCall,
    survey: str,  # noqa: ARG001  # who calls is found by it
    resource: str,
    further: str,
    query: ODataQuery,
) -> Response[bytes]:
    """`$count` of a table; nothing else is offered there."""
    _require_known(call, query)
    tables = await _tables(call)
    found = _found(tables, resource)
    if further != "$count":
        raise _refused(
            QueryError(f"{further[:64]} is not offered below a table.", is_unsupported=True)
        )
    wanted = _wanted(found, query)
    async with call.runtime.of(HeavyReads).turn("reckoning", call.workspace_id):
        number = await count_table(call, tables, found, query, wanted)
    return Response(b"%d" % number, media_type="text/plain", headers=VERSION)


async def _tables(call: SheetCall) -> SurveyTables:
    return tables_of(await read_versions(call.db, call.workspace_id, call.record))


def _require_known(call: SheetCall, query: ODataQuery) -> None:
    """Raise BadRequestError for an option that is not offered, and a form that is not JSON."""
    for name in call.parameters:
        if name not in _TAKEN:
            known = ", ".join(f"${each}" for each in OPTIONS)
            raise _refused(
                QueryError(
                    f"The parameter {name[:64]} is not offered; these are: {known}.",
                    is_unsupported=name.startswith("$"),
                )
            )
    if query.format_ != "json" and not query.format_.startswith("application/json"):
        raise _refused(QueryError("$format is json, and nothing else.", is_unsupported=True))


def _found(tables: SurveyTables, resource: str) -> EntitySet:
    if (found := tables.sets.get(resource)) is not None:
        return found
    name = resource.partition("(")[0]
    if name in tables.sets or resource.startswith("$"):
        raise _refused(
            QueryError(
                f"{resource[:64]} is not offered; a row is found by $filter.", is_unsupported=True
            )
        )
    known = ", ".join(tables.sets)
    raise NotFoundError(
        f"There is no table {resource[:64]!r}; there are {known}.", code="odata_table_unknown"
    )


def _wanted(found: EntitySet, query: ODataQuery) -> Wanted:
    try:
        return read_wanted(found, [getattr(query, name) for name in OPTIONS])
    except QueryError as error:
        raise _refused(error) from error


def _refused(error: QueryError) -> BadRequestError:
    if error.is_unsupported:
        return BadRequestError(error.message, code="odata_not_supported", status=501)
    return BadRequestError(error.message, code="bad_parameter")


def _page(
    call: SheetCall, found: EntitySet, query: ODataQuery, wanted: Wanted, answered: Answered
) -> Response[bytes]:
    named = "" if wanted.is_all else f"({','.join(wanted.columns)})"
    body: dict[str, Any] = {}
    if answered.in_all is not None:
        body["@odata.count"] = answered.in_all
    body["value"] = [{name: row[name] for name in wanted.columns} for row in answered.page.rows]
    if answered.page.next is not None:
        asked = {
            **{name: value for name, value in msgspec.to_builtins(query).items() if value},
            "$skiptoken": str(answered.page.next),
        }
        for gone in ("$skip", "$top", "token"):  # the place says how many are left
            asked.pop(gone, None)
        if call.token:
            asked["token"] = call.token
        said = urlencode(asked, quote_via=quote, safe="$'(),")
        body["@odata.nextLink"] = f"{_root(call)}{found.name}?{said}"
    return _json(call, f"#{found.name}{named}", body)


def _json(call: SheetCall, fragment: str, body: dict[str, Any]) -> Response[bytes]:
    context = f"{_root(call)}$metadata{fragment}"
    encoded = msgspec.json.encode({"@odata.context": context, **body})
    return Response(encoded, media_type=JSON, headers=VERSION)


def _root(call: SheetCall) -> str:
    return addresses_of(call.runtime, call.record.key).odata_url
