"""Scores of a survey over time; by days of the workspace's own zone answered from the counts."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Annotated, TypeAlias

import msgspec

from harken_server.http.long_reads.heavy import HeavyReads
from harken_server.http.problems import BadRequestError
from harken_server.insights.api.annotations import AnnotationItem, annotation_item
from harken_server.insights.api.finding import check_level, loaded_for, questions_of
from harken_server.insights.read.breakdowns import OfSurvey
from harken_server.insights.read.clock import (
    MOST_DAYS,
    MOST_HOUR_DAYS,
    WithHours,
    clock_of,
    read_day_trends,
    read_hour_trends,
    scanned,
    zone_of,
)
from harken_server.insights.read.scores import read_trends
from harken_server.insights.read.taking_in import taken_in, within_time
from harken_server.insights.read.weighted import read_weighted_trends
from harken_server.insights.read.weights import WeightQuery, check_weighted
from harken_server.insights.read.withheld import read_hidden
from harken_server.insights.rules.control.control import Wanted, control
from harken_server.insights.rules.control.records import Control
from harken_server.insights.rules.estimates import choose_certainty
from harken_server.insights.rules.hidden import Hidden
from harken_server.insights.rules.intervals import USUAL_LEVEL
from harken_server.insights.rules.scores import Metric, Score, Unit
from harken_server.insights.rules.trends import Period, TrendPoint
from harken_server.insights.rules.weighting.reports import Weighting
from harken_server.insights.store.annotations import list_annotations
from harken_server.kernel.local.zones import MAX_ZONE
from harken_server.responses.filters import FilterQuery
from harken_server.responses.response import CountFilter
from harken_server.surveys.api.surveys import find_record
from harken_server.surveys.published import SurveyRecord
from harken_server.surveys.questions.types import Question
from harken_server.workspaces.access import Acting
from harken_server.workspaces.keyed import Call, get

Found: TypeAlias = Sequence[tuple[Score, list[TrendPoint]]]


class TrendsQuery(
    WeightQuery, kw_only=True, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """The filter, perhaps one question, and how long a period is."""

    question: Annotated[str, msgspec.Meta(max_length=32)] | None = None
    period: WithHours | None = None
    """Left out: days for a fortnight or less, months beyond two years, else weeks. Hours of at most
    31 days."""
    tz: Annotated[str, msgspec.Meta(max_length=MAX_ZONE)] | None = None
    """IANA name of the zone whose days and hours are meant, such as `America/New_York`, in place of
    the workspace's own; of at most 400 days."""
    level: float = USUAL_LEVEL
    """Of all intervals: 0.8, 0.9, 0.95 or 0.99."""
    limits: Wanted | None = None
    """Which points are out of what is usual, and why. `true` (watch): one false alarm in a hundred
    years of a touchpoint; or a chart by its name: p, laney, nps, ewma, cusum."""


class TrendNumber(msgspec.Struct, kw_only=True, frozen=True):
    """The score of one period; null, with an `n` of 0, where nobody answered."""

    period: str
    """`2026-11-21`, `2026-W47` (ISO 8601 week), `2026-11`, or an hour with its distance from UTC as
    `2026-10-25T02:00+01:00`."""
    first_day: date
    """First and last day of the period, cut to the days asked for."""
    last_day: date
    score: float | None
    low: float | None
    high: float | None
    n: int
    effective_n: float | msgspec.UnsetType = msgspec.UNSET
    """With `weight`: as many unweighted answers would tell as much."""
    raw_score: float | msgspec.UnsetType | None = msgspec.UNSET
    """With `weight`: of the same answers, each counted once."""


class Trend(msgspec.Struct, kw_only=True, frozen=True):
    """The score of one question over time."""

    question: str
    metric: Metric
    unit: Unit
    points: list[TrendNumber]
    """Oldest first, gaps included; empty when nobody answered. The newest 1,200 at most."""
    control: Control | msgspec.UnsetType | None = msgspec.UNSET
    """With `limits`: the same periods beside their limits; null when nobody answered."""


class TrendsReply(msgspec.Struct, kw_only=True):
    """A trend for each metric question."""

    survey: str
    filter: FilterQuery
    period: WithHours
    tz: str
    """The zone of the days."""
    level: float
    hidden: Hidden | None
    """Why some answers are not among these numbers, of a survey with a minimum group."""
    trends: list[Trend]
    annotations: list[AnnotationItem]
    """What happened in these days, of this survey or of all."""
    weighting: Weighting | msgspec.UnsetType = msgspec.UNSET
    """With `weight`: how the responses of all days together were weighted."""


@get(
    "/surveys/{key:str}/trends",
    "get_trends",
    "Scores over time with their intervals",
    errors=(403, 404, 429),
)
async def trends(call: Call, key: str, query: TrendsQuery) -> TrendsReply:
    """One trend for each NPS, CSAT, CES and rating question, by hours, days, ISO weeks or months.

    Days of another zone than the workspace's, and hours, are counted from the responses.
    """
    async with call.runtime.of(HeavyReads).turn("reckoning", call.workspace_id):
        return await reckon_trends(call, key, query)


async def reckon_trends(call: Acting, key: str, query: TrendsQuery) -> TrendsReply:
    """The same for whoever may read them."""
    certainty = choose_certainty(check_level(query.level), None)
    record = await find_record(call, key)
    taken = await taken_in(call.runtime, call.workspace, record, query, is_over_time=True)
    check_weighted(query, taken.repeated, None)
    chosen = taken.selection
    loaded = await loaded_for(call, record, query.version)
    questions = questions_of(loaded.survey, query.question)
    async with within_time(chosen):
        period, found, weighting = await _read(call, record, questions, chosen, query)
    happened = await list_annotations(
        call.db, call.workspace_id, days=_days(found, chosen), survey=key,
        touchpoint=chosen.touchpoint,
    )  # fmt: skip
    return TrendsReply(
        survey=key,
        filter=taken.told,
        period=period,
        tz=query.tz or call.workspace.timezone,
        level=certainty.level,
        hidden=await read_hidden(call.db, loaded),
        trends=[
            Trend(
                question=score.question,
                metric=score.metric,
                unit=score.unit,
                points=[_number(point) for point in points],
                control=await _judged(score, points, query.limits, period),
            )
            for score, points in found
        ],
        annotations=[annotation_item(each) for each in happened],
        weighting=weighting,
    )


async def _judged(
    score: Score, points: Sequence[TrendPoint], wanted: Wanted | None, period: WithHours
) -> Control | msgspec.UnsetType | None:
    if wanted is None:
        return msgspec.UNSET
    if period == "hour":
        raise BadRequestError(
            "limits is for days, weeks and months; leave it out with period=hour.",
            code="bad_parameter",
        )
    return await asyncio.to_thread(control, score, points, wanted, period)


def _days(found: Found, chosen: CountFilter) -> tuple[int | None, int | None]:
    """Asked for, or else the first and last that there are."""
    shown = [point for _, points in found for point in points]
    first = min((point.first_day.toordinal() for point in shown), default=None)
    last = max((point.last_day.toordinal() for point in shown), default=None)
    return (
        first if chosen.from_day is None else chosen.from_day,
        last if chosen.to_day is None else chosen.to_day,
    )


async def _read(
    call: Acting,
    record: SurveyRecord,
    questions: Sequence[Question],
    chosen: CountFilter,
    query: TrendsQuery,
) -> tuple[WithHours, Found, Weighting | msgspec.UnsetType]:
    certainty = choose_certainty(check_level(query.level), None)
    place = (call.db, call.workspace_id, record.id)
    zone, period = zone_of(query.tz, call.workspace), query.period
    if query.weight is not None:
        of_all = OfSurvey(call.runtime, call.workspace, record, questions, certainty)
        counted, weighting = await read_weighted_trends(of_all, chosen, query, _whole_days(query))
        return counted.period, counted.trends, weighting
    if period != "hour" and query.tz in {None, call.workspace.timezone}:
        counted = await read_trends(*place, questions, chosen, period=period, certainty=certainty)
        return counted.period, counted.trends, msgspec.UNSET
    most = MOST_HOUR_DAYS if period == "hour" else MOST_DAYS
    clock = clock_of(chosen, zone, call.now(), most)
    of = scanned(*place, chosen, clock)
    if period == "hour":
        return period, await read_hour_trends(of, questions, certainty), msgspec.UNSET
    found = await read_day_trends(of, questions, clock, certainty, period)
    return found.period, found.trends, msgspec.UNSET


def _whole_days(query: TrendsQuery) -> Period | None:
    """The period; BadRequestError for what weighted trends have not."""
    if query.period == "hour" or query.tz is not None or query.limits is not None:
        raise BadRequestError(
            "weight is for days, weeks and months of the workspace's own zone, without limits; "
            "leave tz, limits and period=hour out.",
            code="bad_parameter",
        )
    return query.period


def _number(point: TrendPoint) -> TrendNumber:
    told = point.score.weighted
    is_weighted = told is not msgspec.UNSET
    return TrendNumber(
        period=point.period,
        first_day=point.first_day,
        last_day=point.last_day,
        score=point.score.score,
        low=point.score.low,
        high=point.score.high,
        n=point.score.n,
        effective_n=told.effective_n if is_weighted else msgspec.UNSET,
        raw_score=told.raw_score if is_weighted else msgspec.UNSET,
    )
