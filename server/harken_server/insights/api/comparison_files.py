"""Heat maps, leaderboards, drivers and journeys as CSV: the numbers of the JSON, a row each."""

from collections.abc import Iterator

from litestar import Response

from harken_server.http.long_reads.heavy import HeavyReads
from harken_server.insights.api.csv_style import CsvDialect, CsvLocale, csv_reply, style_for
from harken_server.insights.api.drivers import DriversQuery, reckon_drivers
from harken_server.insights.api.heat_map import HeatMapQuery, HeatMapReply, reckon_heat_map
from harken_server.insights.api.journey_scores import JourneyScoresQuery, reckon_journey
from harken_server.insights.api.leaderboard import (
    LeaderboardQuery,
    LeaderboardReply,
    reckon_leaderboard,
)
from harken_server.insights.read.journey_scores import JourneyScore
from harken_server.insights.rules.comparing.breakdowns import ScoreDifference
from harken_server.insights.rules.comparing.heat_maps import CellNumber
from harken_server.insights.rules.comparing.journey_scores import Index, IndexChange
from harken_server.insights.rules.drivers.records import Driver
from harken_server.kernel.sheet_files import csv_file
from harken_server.workspaces.keyed import Call, get

CELL_HEADS = (
    "question", "metric", "unit", "row", "column", "score", "low", "high", "n", "evidence",
)  # fmt: skip
RANK_HEADS = (
    "group", "rank", "rank_first", "rank_last", "score", "low", "high", "n", "answers_wanted",
)  # fmt: skip
DRIVER_HEADS = Driver.__struct_fields__
JOURNEY_HEADS = (
    "stage", "touchpoint", "title", "weight", "index", "low", "high", "n", "change", "change_low",
    "change_high", "could_be_chance", "survey", "metric", "score", "gap", "people", "went_on",
    "triggers", "asked", "answered",
)  # fmt: skip
"""`change` is of the index for a stage and the journey, and of the score for a touchpoint."""


class HeatMapCsvQuery(
    HeatMapQuery, kw_only=True, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """What heat maps are asked, and how the file is written."""

    dialect: CsvDialect = "raw"
    locale: CsvLocale = None


class LeaderboardCsvQuery(
    LeaderboardQuery, kw_only=True, frozen=True, forbid_unknown_fields=True,
    rename={"from_": "from"},
):  # fmt: skip
    """What leaderboards are asked, and how the file is written."""

    dialect: CsvDialect = "raw"
    locale: CsvLocale = None


class DriversCsvQuery(
    DriversQuery, kw_only=True, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """What drivers are asked, and how the file is written."""

    dialect: CsvDialect = "raw"
    locale: CsvLocale = None


class JourneyCsvQuery(
    JourneyScoresQuery, kw_only=True, frozen=True, forbid_unknown_fields=True,
    rename={"from_": "from"}, omit_defaults=True,
):  # fmt: skip
    """What journeys are asked, and how the file is written."""

    dialect: CsvDialect = "raw"
    locale: CsvLocale = None


@get(
    "/surveys/{key:str}/heat-map.csv",
    "export_heat_map",
    "Scores by two groupings at once as CSV",
    errors=(404, 429),
    reply_type="text/csv",
)
async def heat_map_csv(call: Call, key: str, query: HeatMapCsvQuery) -> Response[bytes]:
    """One row a cell; `(all)` stands for a whole row, a whole column and the whole."""
    style = style_for(query.dialect, query.locale)
    async with call.runtime.of(HeavyReads).turn("reckoning", call.workspace_id):
        reply = await reckon_heat_map(call, key, query)
    return csv_reply(csv_file(CELL_HEADS, _cells(reply), style), f"{key}_heat_map.csv")


@get(
    "/surveys/{key:str}/leaderboard.csv",
    "export_leaderboard",
    "Groups by score as CSV, ranked no finer than the answers prove",
    errors=(404, 429),
    reply_type="text/csv",
)
async def leaderboard_csv(call: Call, key: str, query: LeaderboardCsvQuery) -> Response[bytes]:
    """One row a group, best first; those that cannot be ranked yet come last, without a rank."""
    style = style_for(query.dialect, query.locale)
    async with call.runtime.of(HeavyReads).turn("reckoning", call.workspace_id):
        reply = await reckon_leaderboard(call, key, query)
    return csv_reply(csv_file(RANK_HEADS, _ranks(reply), style), f"{key}_leaderboard.csv")


@get(
    "/surveys/{key:str}/drivers.csv",
    "export_drivers",
    "Which rated items go with an outcome, as CSV",
    errors=(404, 429),
    reply_type="text/csv",
)
async def drivers_csv(call: Call, key: str, query: DriversCsvQuery) -> Response[bytes]:
    """One row an item, most important first; none where `get_drivers` says why there is nothing."""
    style = style_for(query.dialect, query.locale)
    async with call.runtime.of(HeavyReads).turn("reckoning", call.workspace_id):
        found = (await reckon_drivers(call, key, query)).found.drivers
    rows = ([getattr(each, head) for head in DRIVER_HEADS] for each in found)
    return csv_reply(csv_file(DRIVER_HEADS, rows, style), f"{key}_drivers.csv")


@get(
    "/journeys/{key:str}/scores.csv",
    "export_journey_scores",
    "Scores of a journey, its stages and touchpoints as CSV",
    errors=(404, 429),
    reply_type="text/csv",
)
async def journey_csv(call: Call, key: str, query: JourneyCsvQuery) -> Response[bytes]:
    """One row a touchpoint, before them one of their stage, and first of all one of the journey."""
    style = style_for(query.dialect, query.locale)
    async with call.runtime.of(HeavyReads).turn("reckoning", call.workspace_id):
        reply = await reckon_journey(call, key, query)
    rows = journey_rows(reply.scores)
    return csv_reply(csv_file(JOURNEY_HEADS, rows, style), f"{key}_journey.csv")


def _cells(reply: HeatMapReply) -> Iterator[tuple[object, ...]]:
    every = "(all)"
    for found in reply.maps:
        lines: list[tuple[str, str, CellNumber]] = [
            (every, every, found.whole),
            *((each.group or "(none)", every, each) for each in found.rows),
            *((every, each.group or "(none)", each) for each in found.columns),
            *((each.row or "(none)", each.column or "(none)", each) for each in found.cells),
        ]
        for row, column, cell in lines:
            yield (
                found.question, found.metric, found.unit, row, column, cell.score, cell.low,
                cell.high, cell.n, cell.evidence,
            )  # fmt: skip


def _ranks(reply: LeaderboardReply) -> Iterator[tuple[object, ...]]:
    for group in (*reply.ranked, *reply.not_enough):
        yield (group.group or "(none)", *(getattr(group, head, None) for head in RANK_HEADS[1:]))


def journey_rows(found: JourneyScore) -> Iterator[tuple[object, ...]]:
    """By `JOURNEY_HEADS`: the journey, then each stage with its touchpoints behind it."""
    yield ("", "", "", None, *_index(found.index), *_change(found.change), *[None] * 9)
    for stage in found.stages:
        passed = (stage.people, stage.went_on, stage.triggers, stage.asked, stage.answered)
        yield (
            stage.key, "", stage.title, stage.weight, *_index(stage.index), *_change(stage.change),
            None, None, None, stage.gap, *passed,
        )  # fmt: skip
        for point in stage.touchpoints:
            score = point.score
            yield (
                stage.key, point.key, point.title, point.weight, *_index(point.index),
                *_change(point.change), point.survey, score and score.metric,
                score and score.score, point.gap, None, None, point.triggers, point.asked,
                point.answered,
            )  # fmt: skip


def _index(index: Index) -> tuple[object, ...]:
    return index.value, index.low, index.high, index.n


def _change(change: IndexChange | ScoreDifference | None) -> tuple[object, ...]:
    if change is None:
        return None, None, None, None
    return change.by, change.low, change.high, change.could_be_chance
