"""Decisions leaving the building, in each format that there is for them."""

from litestar import Response

from harken_server.exports.decisions.options import DecisionsCsvQuery, DecisionsQuery
from harken_server.exports.decisions.sending import send_decisions
from harken_server.exports.file_kinds import PARQUET, XLSX
from harken_server.workspaces.keyed import Call, get


@get(
    "/decisions.csv",
    "export_decisions",
    "Whether people were asked, and why, as CSV",
    errors=(403, 404, 429),
    reply_type="text/csv",
)
async def decisions_csv(call: Call, query: DecisionsCsvQuery) -> Response[bytes]:
    """Streamed, the earliest first."""
    return await send_decisions(call, query, "csv")


@get(
    "/decisions.jsonl",
    "export_decisions_jsonl",
    "Whether people were asked, and why, as JSON lines",
    errors=(403, 404, 429),
    reply_type="application/jsonl",
)
async def decisions_jsonl(call: Call, query: DecisionsQuery) -> Response[bytes]:
    """One object a line, by column."""
    return await send_decisions(call, query, "jsonl")


@get(
    "/decisions.xlsx",
    "export_decisions_xlsx",
    "Whether people were asked, and why, as a workbook",
    errors=(403, 404, 429),
    reply_type=XLSX,
)
async def decisions_xlsx(call: Call, query: DecisionsQuery) -> Response[bytes]:
    """Typed cells and no formula, with a codebook."""
    return await send_decisions(call, query, "xlsx")


@get(
    "/decisions.parquet",
    "export_decisions_parquet",
    "Whether people were asked, and why, as Parquet",
    errors=(403, 404, 429, 501),
    reply_type=PARQUET,
)
async def decisions_parquet(call: Call, query: DecisionsQuery) -> Response[bytes]:
    """Typed columns; needs the server's extra."""
    return await send_decisions(call, query, "parquet")
