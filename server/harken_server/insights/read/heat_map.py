"""Scores by two groupings at once, counted from the responses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo

from harken_server.http.problems import BadRequestError
from harken_server.insights.read.breakdowns import STAGE, OfSurvey, read_stages
from harken_server.insights.read.clock import MOST_DAYS, clock_of, scanned
from harken_server.insights.rules.comparing.breakdowns import add_ratings
from harken_server.insights.rules.comparing.heat_maps import HeatMap, draw_heat_map
from harken_server.insights.rules.scores import scored_questions
from harken_server.insights.store.scan_sql import (
    CLOCKS,
    COLUMNS,
    Ratings,
    Scanned,
    count_groups,
)
from harken_server.responses.filters import counted_dimensions
from harken_server.responses.response import CountFilter
from harken_server.workspaces.workspace import Workspace

MOST_CELLS = 2_000
"""Of all questions together."""


async def read_heat_map(
    of: OfSurvey, selection: CountFilter, names: tuple[str, str], *, zone: tzinfo, now: datetime
) -> list[HeatMap]:
    """One map for each metric question; weekdays and hours are those of the zone.

    BadRequestError for what cannot be grouped by, and for too many cells.
    """
    check_names(names, of.workspace)
    rated = scored_questions(of.questions)
    place = of.db, of.workspace.id, of.survey_id
    if set(names) & set(CLOCKS):
        where = scanned(*place, selection, clock_of(selection, zone, now, MOST_DAYS))
        if not where.spans:
            return []
    else:
        where = Scanned(*place, selection)
    columns = ["touchpoint" if name == STAGE else name for name in names]
    cells = await count_groups(where, [each.key for each in rated], columns)
    if STAGE in names:
        cells = _by_stage(cells, names, await read_stages(of))
    if (n := sum(map(len, cells.values()))) > MOST_CELLS:
        raise BadRequestError(
            f"That has {n:,} cells, and a heat map at most {MOST_CELLS:,}; ask for one question, "
            "or narrow it down.",
            code="too_much_to_read",
        )
    return [draw_heat_map(each, cells, names, of.certainty) for each in rated]


def check_names(names: tuple[str, str], workspace: Workspace) -> None:
    """BadRequestError for what cannot be rows and columns."""
    known = [*COLUMNS, STAGE, *CLOCKS, *counted_dimensions(workspace)]
    for side, name in zip(("rows", "columns"), names, strict=True):
        if name not in known:
            raise BadRequestError(
                f"{side} is {name!r}; it must be one of {', '.join(known)}.", code="bad_parameter"
            )
    if names[0] == names[1]:
        raise BadRequestError(
            f"rows and columns are both {names[0]}; they must differ.", code="bad_parameter"
        )


def _by_stage(
    cells: Mapping[tuple[str, ...], Ratings], names: tuple[str, str], stages: Mapping[str, str]
) -> dict[tuple[str, ...], Ratings]:
    """Touchpoints that are on no journey are in the stage without a name."""
    found: dict[tuple[str, ...], Ratings] = {}
    for place, ratings in cells.items():
        moved = tuple(
            stages.get(group, "") if name == STAGE else group
            for name, group in zip(names, place, strict=True)
        )
        add_ratings(found.setdefault(moved, {}), ratings)
    return found
