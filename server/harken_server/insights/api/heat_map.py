"""Scores of a survey by two groupings at once."""

from typing import Annotated

import msgspec

from harken_server.http.long_reads.heavy import HeavyReads
from harken_server.insights.api.finding import check_level, loaded_for, questions_of
from harken_server.insights.read.breakdowns import OfSurvey
from harken_server.insights.read.clock import zone_of
from harken_server.insights.read.heat_map import read_heat_map
from harken_server.insights.read.taking_in import taken_in
from harken_server.insights.rules.comparing.heat_maps import HeatMap
from harken_server.insights.rules.estimates import choose_certainty
from harken_server.insights.rules.intervals import USUAL_LEVEL
from harken_server.kernel.local.zones import MAX_ZONE
from harken_server.responses.filters import FilterQuery
from harken_server.surveys.api.surveys import find_record
from harken_server.workspaces.keyed import Call, get


class HeatMapQuery(
    FilterQuery, kw_only=True, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """The filter, what rows and columns are, and perhaps one question."""

    rows: Annotated[str, msgspec.Meta(max_length=32)] = "touchpoint"
    """touchpoint, stage, channel, locale, version, wave, weekday, hour or a declared dimension."""
    columns: Annotated[str, msgspec.Meta(max_length=32)] = "channel"
    """Another one of these."""
    question: Annotated[str, msgspec.Meta(max_length=32)] | None = None
    level: float = USUAL_LEVEL
    """Of all intervals: 0.8, 0.9, 0.95 or 0.99."""
    tz: Annotated[str, msgspec.Meta(max_length=MAX_ZONE)] | None = None
    """IANA name of the zone of `weekday` and `hour`, in place of the workspace's own."""


class HeatMapReply(msgspec.Struct, kw_only=True):
    """A heat map for each metric question."""

    survey: str
    filter: FilterQuery
    rows: str
    columns: str
    tz: str
    """The zone of `weekday` and `hour`."""
    level: float
    maps: list[HeatMap]


@get(
    "/surveys/{key:str}/heat-map",
    "get_heat_map",
    "Scores by two groupings at once, with their intervals",
    errors=(404, 429),
)
async def heat_map(call: Call, key: str, query: HeatMapQuery) -> HeatMapReply:
    """Every response is in one cell, so that rows, columns and cells each add up to the whole.

    Counted from the responses; weekdays and hours of at most 400 days.
    """
    async with call.runtime.of(HeavyReads).turn("reckoning", call.workspace_id):
        return await reckon_heat_map(call, key, query)


async def reckon_heat_map(call: Call, key: str, query: HeatMapQuery) -> HeatMapReply:
    """The same for whoever has a turn."""
    certainty = choose_certainty(check_level(query.level), None)
    zone = zone_of(query.tz, call.workspace)
    record = await find_record(call, key)
    taken = await taken_in(call.runtime, call.workspace, record, query)
    survey = (await loaded_for(call, record, query.version)).survey
    questions = questions_of(survey, query.question)
    of = OfSurvey(call.runtime, call.workspace, record, questions, certainty)
    names = query.rows, query.columns
    maps = await read_heat_map(of, taken.selection, names, zone=zone, now=call.now())
    return HeatMapReply(
        survey=key,
        filter=taken.told,
        rows=query.rows,
        columns=query.columns,
        tz=query.tz or call.workspace.timezone,
        level=certainty.level,
        maps=maps,
    )
