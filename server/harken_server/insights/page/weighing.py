"""The page's scores and trends weighted, where somebody asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias, cast

import msgspec

from harken_server.http.problems import BadRequestError
from harken_server.http.runtime import Runtime
from harken_server.insights.page.opened import OpenResults
from harken_server.insights.page.selection import EVERYTHING
from harken_server.insights.read.breakdowns import OfSurvey
from harken_server.insights.read.scores import Overview
from harken_server.insights.read.weighted import read_weighted, read_weighted_trends
from harken_server.insights.read.weights import WeightQuery, declared_shares
from harken_server.insights.rules.estimates import USUAL
from harken_server.insights.rules.scores import Score
from harken_server.insights.rules.weighting.reports import Method, Weighting
from harken_server.insights.store.scan_sql import knows_chances
from harken_server.responses.response import CountFilter
from harken_server.surveys.catalog import LoadedSurvey
from harken_server.surveys.protection import minimum_of
from harken_server.workspaces.people.rules import Reach

Weights: TypeAlias = tuple[tuple[Method, str], ...]
NAMES: dict[Method, str] = {"asked": "By chance of being asked", "raked": "To declared shares"}


class Weighed(NamedTuple):
    """What is shown, and how it was weighted."""

    overview: Overview
    weighting: Weighting | None = None
    refused: str = ""
    """Why it could not be."""


async def offered_weights(runtime: Runtime, loaded: LoadedSurvey, reach: Reach) -> Weights:
    """By what answers of the survey may be weighted: its value and its name."""
    if minimum_of(loaded.survey) or reach != EVERYTHING:
        return ()
    found: list[Method] = []
    if await knows_chances(runtime.db, loaded.workspace.id, loaded.record.id):
        found.append("asked")
    if declared_shares(loaded.workspace):
        found.append("raked")
    return tuple((each, NAMES[each]) for each in found)


async def weigh(opened: OpenResults, overview: Overview) -> Weighed:
    """The overview with weighted scores and trends, if that is asked for and can be done."""
    if not opened.selection.weight:
        return Weighed(overview)
    over_time = msgspec.structs.replace(opened.filter, is_latest=False)
    of, query = _of(opened), _query(opened)
    try:
        found = await read_weighted(of, opened.filter, query)
        trends, _ = await read_weighted_trends(of, over_time, query, overview.period)
    except BadRequestError as error:
        return Weighed(overview, refused=f"Each answer counts once: {error}")
    points = tuple(tuple(each) for _, each in trends.trends)
    shown = msgspec.structs.replace(overview, scores=tuple(found.scores), trends=points)
    return Weighed(shown, found.weighting)


async def weigh_before(opened: OpenResults, before: CountFilter) -> Sequence[Score]:
    """The scores of what is compared with, by weights of its own; none where it has no weights."""
    try:
        return (await read_weighted(_of(opened), before, _query(opened))).scores
    except BadRequestError:
        return ()


def _of(opened: OpenResults) -> OfSurvey:
    loaded = opened.loaded
    questions = loaded.survey.questions
    return OfSurvey(opened.runtime, loaded.workspace, loaded.record, questions, USUAL)


def _query(opened: OpenResults) -> WeightQuery:
    return WeightQuery(weight=cast("Method", opened.selection.weight))
