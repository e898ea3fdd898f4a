"""Scores of a survey over time, answered from the counts."""

from datetime import date
from typing import Annotated, Literal

import msgspec

from harken_server.http.long_reads.heavy import HeavyReads
from harken_server.http.problems import BadRequestError
from harken_server.insights.api.finding import check_level
from harken_server.insights.read.scores import read_trends
from harken_server.insights.read.withheld import read_hidden
from harken_server.insights.rules.estimates import choose_certainty
from harken_server.insights.rules.hidden import Hidden
from harken_server.insights.rules.intervals import USUAL_LEVEL
from harken_server.insights.rules.scores import Metric, Unit
from harken_server.insights.rules.trends import Period, TrendPoint
from harken_server.responses.filters import FilterQuery, count_filter
from harken_server.responses.small_groups import guard_standing
from harken_server.surveys.api.surveys import find_record
from harken_server.surveys.catalog import Catalog
from harken_server.workspaces.keyed import Call, get


class TrendsQuery(
    FilterQuery, kw_only=True, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """The filter, perhaps one question, and how long a period is."""

    question: Annotated[str, msgspec.Meta(max_length=32)] | None = None
    period: Literal["day", "week", "month"] | None = None
    """Left out: days for a fortnight or less, months beyond two years, else weeks."""
    level: float = USUAL_LEVEL
    """Of all intervals: 0.8, 0.9, 0.95 or 0.99."""


class TrendNumber(msgspec.Struct, kw_only=True, frozen=True):
    """The score of one period; null, with an `n` of 0, where nobody answered."""

    period: str
    """`2026-11-21`, `2026-W47` (ISO 8601 week) or `2026-11`."""
    first_day: date
    """First and last UTC day of the period, cut to the days asked for."""
    last_day: date
    score: float | None
    low: float | None
    high: float | None
    n: int


class Trend(msgspec.Struct, kw_only=True, frozen=True):
    """The score of one question over time."""

    question: str
    metric: Metric
    unit: Unit
    points: list[TrendNumber]
    """Oldest first, gaps included; empty when nobody answered. The newest 1,200 at most."""


class TrendsReply(msgspec.Struct, kw_only=True):
    """A trend for each metric question."""

    survey: str
    filter: FilterQuery
    period: Period
    level: float
    hidden: Hidden | None
    """Why some answers are not among these numbers, of a survey with a minimum group."""
    trends: list[Trend]


@get(
    "/surveys/{key:str}/trends",
    "get_trends",
    "Scores over time with their intervals",
    errors=(403, 404, 429),
)
async def trends(call: Call, key: str, query: TrendsQuery) -> TrendsReply:
    """One trend for each NPS, CSAT, CES and rating question, by days, ISO weeks or months."""
    async with call.runtime.of(HeavyReads).turn("reckoning", call.workspace_id):
        return await _reckon(call, key, query)


async def _reckon(call: Call, key: str, query: TrendsQuery) -> TrendsReply:
    certainty = choose_certainty(check_level(query.level), None)
    chosen = count_filter(query, call.workspace)
    record = await find_record(call, key)
    is_known = query.version is not None and query.version <= record.version
    version = query.version if is_known else None
    loaded = await call.runtime.of(Catalog).load(call.workspace, record, version)
    guard_standing(loaded.survey, chosen)
    questions = [each for each in loaded.survey.questions if query.question in {None, each.key}]
    found = await read_trends(
        call.db, call.workspace_id, record.id, questions, chosen,
        period=query.period, certainty=certainty,
    )  # fmt: skip
    if query.question is not None and not found.trends:
        raise BadRequestError(
            f"Survey {key} has no scored question {query.question!r}.", code="bad_parameter"
        )
    given = {each: getattr(query, each) for each in FilterQuery.__struct_fields__}
    return TrendsReply(
        survey=key,
        filter=FilterQuery(**given),
        period=found.period,
        level=certainty.level,
        hidden=await read_hidden(call.db, loaded),
        trends=[
            Trend(
                question=score.question,
                metric=score.metric,
                unit=score.unit,
                points=[_number(point) for point in points],
            )
            for score, points in found.trends
        ],
    )


def _number(point: TrendPoint) -> TrendNumber:
    return TrendNumber(
        period=point.period,
        first_day=point.first_day,
        last_day=point.last_day,
        score=point.score.score,
        low=point.score.low,
        high=point.score.high,
        n=point.score.n,
    )
