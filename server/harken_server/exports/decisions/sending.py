"""A file of decisions on its way."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import UTC, timedelta
from urllib.parse import urlencode
from uuid import UUID

import msgspec

from harken_server.exports.about import About
from harken_server.exports.columns.shaping import shape_of
from harken_server.exports.decisions.options import (
    DecisionsCsvQuery,
    DecisionsQuery,
    least_id,
    wanted_by,
)
from harken_server.exports.decisions.rows import COLUMNS, Reading, stream_rows
from harken_server.exports.file_kinds import FORMATS
from harken_server.exports.options import csv_style, zone_of
from harken_server.exports.parquet import stream_parquet
from harken_server.exports.rules import export_file_name
from harken_server.exports.shaped import Shaped
from harken_server.exports.shaped_text import csv_of, jsonl_of, names_of
from harken_server.exports.xlsx.export import stream_xlsx
from harken_server.http.header_values import header_bytes, link_to
from harken_server.http.long_reads.downloads import Download, download
from harken_server.http.settings import HttpSettings
from harken_server.kernel.sheet_files import CsvStyle
from harken_server.responses.response import CountFilter
from harken_server.responses.small_groups import guard
from harken_server.surveys.catalog import SURVEY, Catalog
from harken_server.surveys.store.surveys import list_surveys
from harken_server.workspaces.access import Acting

SHEET = "decisions"
SETTLED = timedelta(minutes=1)
"""Of several server processes one may store a decision so much later than it was made: what is
asked for after the cursor of a link `next` begins so long ago, and tells some again."""


async def send_decisions(acting: Acting, query: DecisionsQuery, name: str) -> Download:
    """The file in the format of this name.

    ForbiddenError (`small_groups`) for a part of what is decided about a survey that shows nobody
    alone, BadRequestError for what is asked wrongly.
    """
    form = FORMATS[name]
    rows = await stream_decisions_file(acting, query, name)
    return await download(
        acting.runtime, acting.workspace_id, rows, _name_of(query, name), form.media_type,
        asked=None if form.is_packed else acting.headers,
        further=((b"link", _next(acting, query, name)),),
    )  # fmt: skip


async def stream_decisions_file(
    acting: Acting, query: DecisionsQuery, name: str
) -> AsyncGenerator[bytes]:
    """Chunks of it, made of one snapshot; raises as `send_decisions` does."""
    reading = await _reading(acting, query)
    shape = shape_of(COLUMNS, query, acting.workspace.dimensions)
    found = Shaped(shape.columns, stream_rows(reading, shape))
    zone = zone_of(query)
    match name:
        case "csv":
            return csv_of(found, _style_of(query), zone, query)
        case "jsonl":
            return jsonl_of(found, zone, query)
        case "parquet":
            return stream_parquet(found.columns, found.blocks, _about(acting, query))
        case _:
            names = names_of(found.columns, query)
            columns = [
                each._replace(name=name) for each, name in zip(found.columns, names, strict=True)
            ]
            about = _about(acting, query)
            return stream_xlsx(columns, found.blocks, zone or UTC, about, SHEET)


async def _reading(acting: Acting, query: DecisionsQuery) -> Reading:
    catalog, keys = acting.runtime.of(Catalog), dict[UUID, str]()
    protected: list[UUID] = []
    for record in await list_surveys(acting.db, acting.workspace_id):
        loaded = await catalog.load(acting.workspace, record)
        keys[record.id] = record.key
        if loaded.minimum:
            protected.append(record.id)
            if record.key == query.survey and (query.respondent or query.after or query.latest):
                guard(loaded.survey, "Single decisions")
    survey_id = next((id_ for id_, key in keys.items() if key == query.survey), None)
    if query.survey is not None and survey_id is None:
        raise SURVEY.missing(query.survey)
    return Reading(
        db=acting.db, workspace_id=acting.workspace_id,
        wanted=wanted_by(query, survey_id, acting.workspace.zone), surveys=keys,
        protected=protected,
    )  # fmt: skip


def _style_of(query: DecisionsQuery) -> CsvStyle:
    is_csv = isinstance(query, DecisionsCsvQuery)
    return csv_style(query.dialect, query.locale) if is_csv else csv_style("raw", None)


def _about(acting: Acting, query: DecisionsQuery) -> About:
    asked = msgspec.to_builtins(query)
    asked.pop("tz", None)
    return About(
        survey=query.survey or "", title="Decisions: whether somebody was asked, and why",
        versions="", filters=asked, zone=query.tz or "UTC", generated_at=acting.now(),
    )  # fmt: skip


def _name_of(query: DecisionsQuery, name: str) -> str:
    """As files of responses are called.

    >>> _name_of(DecisionsQuery(survey="visit"), "csv"), _name_of(DecisionsQuery(), "xlsx")
    ('decisions_visit_all.csv', 'decisions_all.xlsx')
    """
    subject = "decisions" if query.survey is None else f"decisions_{query.survey}"
    days = [each and each.toordinal() for each in (query.from_, query.to)]
    return export_file_name(subject, CountFilter(from_day=days[0], to_day=days[1]), name)


def _next(acting: Acting, query: DecisionsQuery, name: str) -> bytes:
    asked = msgspec.to_builtins(query)
    since = least_id(acting.now() - SETTLED).hex
    address = f"{acting.runtime.settings.of(HttpSettings).public_url}/v1/decisions.{name}"
    return header_bytes(link_to(f"{address}?{urlencode({**asked, 'after': since})}", "next"))
