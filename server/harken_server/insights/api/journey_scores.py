"""The scores of a journey, its stages and touchpoints, and who goes on from one to the next."""

from datetime import date, timedelta
from typing import Annotated

import msgspec

from harken_server.http.long_reads.heavy import HeavyReads
from harken_server.http.problems import BadRequestError
from harken_server.insights.read.breakdowns import read_other
from harken_server.insights.read.journey_scores import JourneyScore, Periods, read_journey
from harken_server.insights.rules.comparing.journey_scores import FORMULA, SOURCE
from harken_server.insights.rules.estimates import USUAL, Certainty
from harken_server.journeys.api.journeys import JOURNEY
from harken_server.journeys.store import get_journey
from harken_server.responses.filters import FilterQuery, count_filter
from harken_server.surveys.store.touchpoints import list_touchpoints
from harken_server.workspaces.access import Acting
from harken_server.workspaces.keyed import Call, get

USUAL_DAYS = 30
FIRST_YEAR, LAST_YEAR = 1971, 9998


class JourneyScoresQuery(
    msgspec.Struct,
    kw_only=True,
    frozen=True,
    forbid_unknown_fields=True,
    rename={"from_": "from"},
    omit_defaults=True,
):
    """Which answers are taken in, at all touchpoints alike."""

    from_: date | None = None
    """First day, in the workspace's time zone; left out: 30 days up to the last one."""
    to: date | None = None
    """Last day, included; left out: today."""
    channel: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    where: Annotated[str, msgspec.Meta(max_length=97)] | None = None
    """Of one member of a declared dimension: `store:Oslo`. Triggers and people stay all."""


class JourneyScoresReply(msgspec.Struct, kw_only=True):
    """The journey in numbers."""

    journey: str
    title: str
    first_day: date
    last_day: date
    compared_with: str
    """As many days before: `2026-10-01..2026-10-31`."""
    level: float
    """Of all intervals."""
    scores: JourneyScore
    formula: str
    """How indexes are computed, and its source."""
    source: str


@get(
    "/journeys/{key:str}/scores",
    "get_journey_scores",
    "Scores of a journey, its stages and touchpoints, with trend, gaps and fall-out",
    errors=(404, 429),
)
async def journey_scores(call: Call, key: str, query: JourneyScoresQuery) -> JourneyScoresReply:
    """Each touchpoint by the first score of its survey; stages and the journey weighted from these.

    Triggers tell who passed a touchpoint, whether they were asked or not.
    """
    async with call.runtime.of(HeavyReads).turn("reckoning", call.workspace_id):
        return await reckon_journey(call, key, query)


async def reckon_journey(
    call: Acting, key: str, query: JourneyScoresQuery, certainty: Certainty = USUAL
) -> JourneyScoresReply:
    """The same for whoever may read them."""
    journey = JOURNEY.found(await get_journey(call.db, call.workspace_id, key), key).journey
    last = query.to or call.local_now().date()
    first = query.from_ or max(date.min + _BACK, last) - _BACK
    if first.year < FIRST_YEAR or last.year > LAST_YEAR:
        raise BadRequestError(
            f"from and to must lie in the years {FIRST_YEAR} to {LAST_YEAR}.", code="bad_parameter"
        )
    wanted = FilterQuery(from_=first, to=last, channel=query.channel, where=query.where)
    chosen = count_filter(wanted, call.workspace)
    compared_with, before = read_other(chosen, "previous", call.workspace)
    known = {each.key: each for each in await list_touchpoints(call.db, call.workspace_id)}
    return JourneyScoresReply(
        journey=key,
        title=journey.title,
        first_day=first,
        last_day=last,
        compared_with=compared_with,
        level=certainty.level,
        scores=await read_journey(call, journey, known, Periods(chosen, before), certainty),
        formula=FORMULA,
        source=SOURCE,
    )


_BACK = timedelta(days=USUAL_DAYS - 1)
