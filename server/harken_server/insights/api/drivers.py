"""What goes with an outcome, and whether items measure one thing: read from whole responses."""

from typing import Annotated

import msgspec

from harken_server.http.long_reads.heavy import HeavyReads
from harken_server.insights.api.finding import check_level, loaded_for
from harken_server.insights.read.place import Place
from harken_server.insights.read.taking_in import taken_in
from harken_server.insights.rules.drivers.formulas import (
    ALPHA,
    IMPORTANCE,
    INTERVALS,
    MISSING,
    NOT_CAUSAL,
)
from harken_server.insights.rules.drivers.records import (
    Drivers,
    Method,
    Missing,
    Reliability,
    Wish,
)
from harken_server.insights.rules.formulas import Formula
from harken_server.insights.rules.intervals import USUAL_LEVEL
from harken_server.responses.filters import FilterQuery
from harken_server.surveys.api.surveys import find_record
from harken_server.workspaces.keyed import Call, get

Names = Annotated[str, msgspec.Meta(max_length=2_000)]


class DriversQuery(
    FilterQuery, kw_only=True, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """The filter, the outcome, and what may go with it."""

    outcome: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    """A rated question, or a row of a matrix such as `parts.speed`. Left out: the first score."""
    items: Names | None = None
    """Separated by commas, 40 at most; a matrix by its key stands for all its rows. Left out: all
    other rated questions that enough people answered."""
    method: Method | None = None
    """Left out: shapley of up to 15 items, else relative_weights."""
    missing: Missing = "pairwise"
    """pairwise: what two people rated both counts for both; listwise: only whole responses."""
    level: float = USUAL_LEVEL
    """Of all intervals: 0.8, 0.9, 0.95 or 0.99."""


class DriversReply(msgspec.Struct, kw_only=True):
    """Importance beside performance, for each item."""

    survey: str
    filter: FilterQuery
    outcome: str
    level: float
    found: Drivers
    says: str
    """What it is not."""
    formulas: dict[str, Formula]


class ReliabilityQuery(
    FilterQuery, kw_only=True, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """The filter, and the items of a scale."""

    items: Names | None = None
    """Separated by commas: one scale of these. Left out: each matrix is a scale."""
    reverse: Names | None = None
    """Those of the items that are asked the other way round."""
    level: float = USUAL_LEVEL
    """Of the intervals: 0.8, 0.9, 0.95 or 0.99."""


class ReliabilityReply(msgspec.Struct, kw_only=True):
    """Cronbach's alpha of each scale."""

    survey: str
    filter: FilterQuery
    level: float
    scales: list[Reliability]
    formula: Formula


@get(
    "/surveys/{key:str}/drivers",
    "get_drivers",
    "Which rated items go with an outcome, and how well each is done",
    errors=(404, 429),
)
async def drivers(call: Call, key: str, query: DriversQuery) -> DriversReply:
    """Correlation, importance (a share of R²) and performance of each item, with intervals.

    `found.refused` says why there is nothing: of fewer than 50 answers, or 10 for each item.
    """
    async with call.runtime.of(HeavyReads).turn("reckoning", call.workspace_id):
        return await reckon_drivers(call, key, query)


async def reckon_drivers(call: Call, key: str, query: DriversQuery) -> DriversReply:
    """The same for whoever has a turn."""
    from harken_server.insights.read.drivers import read_drivers  # numpy: for whoever asks

    level = check_level(query.level)
    wish = Wish(query.method, query.missing, level)
    place, told = await _place(call, key, query)
    outcome, found = await read_drivers(place, query.outcome, _names(query.items), wish)
    return DriversReply(
        survey=key,
        filter=told,
        outcome=outcome,
        level=level,
        found=found,
        says=NOT_CAUSAL,
        formulas={
            "importance": IMPORTANCE[found.method],
            "intervals": INTERVALS,
            "missing": MISSING[query.missing],
        },
    )


@get(
    "/surveys/{key:str}/reliability",
    "get_reliability",
    "Whether items measure one thing: Cronbach's alpha",
    errors=(404, 429),
)
async def reliability(call: Call, key: str, query: ReliabilityQuery) -> ReliabilityReply:
    """Of each matrix, or of the named items; each item beside the others of its scale."""
    from harken_server.insights.read.drivers import read_reliability  # numpy: for whoever asks

    level = check_level(query.level)
    async with call.runtime.of(HeavyReads).turn("reckoning", call.workspace_id):
        place, told = await _place(call, key, query)
        scales = await read_reliability(
            place, _names(query.items), _names(query.reverse) or [], level
        )
    return ReliabilityReply(survey=key, filter=told, level=level, scales=scales, formula=ALPHA)


async def _place(call: Call, key: str, query: FilterQuery) -> tuple[Place, FilterQuery]:
    """Which answers are read, and how the filter is told."""
    record = await find_record(call, key)
    loaded = await loaded_for(call, record, query.version)
    taken = await taken_in(call.runtime, call.workspace, record, query)
    questions = loaded.survey.questions
    place = Place(call.db, call.workspace_id, record.id, questions, taken.selection)
    return place, taken.told


def _names(joined: str | None) -> list[str] | None:
    if joined is None:
        return None
    return [name for name in (each.strip() for each in joined.split(",")) if name]
