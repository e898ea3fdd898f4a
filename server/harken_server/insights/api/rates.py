"""How far asking and answering came, and how carefully people answered."""

from typing import Annotated

import msgspec

from harken_server.http.long_reads.heavy import HeavyReads
from harken_server.http.problems import BadRequestError
from harken_server.insights.api.finding import check_level, loaded_for
from harken_server.insights.read.rates import Rates, read_rates
from harken_server.insights.read.taking_in import taken_in
from harken_server.insights.rules.estimates import choose_certainty
from harken_server.insights.rules.intervals import USUAL_LEVEL
from harken_server.insights.store.people_sql import MOST_RESPONSES
from harken_server.responses.filters import FilterQuery
from harken_server.surveys.api.surveys import find_record
from harken_server.workspaces.keyed import Call, get


class RatesQuery(
    FilterQuery, kw_only=True, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """The filter, and how sure intervals are."""

    level: Annotated[float, msgspec.Meta(ge=0, le=1)] = USUAL_LEVEL
    """Of all intervals: 0.8, 0.9, 0.95 or 0.99."""


class RatesReply(msgspec.Struct, kw_only=True):
    """The rates of a survey."""

    survey: str
    filter: FilterQuery
    level: float
    rates: Rates


@get(
    "/surveys/{key:str}/rates",
    "get_rates",
    "How far asking and answering came, and how carefully people answered",
    errors=(404, 429),
)
async def rates(call: Call, key: str, query: RatesQuery) -> RatesReply:
    """Read from up to 20,000 responses; careless ones are told apart, never deleted."""
    certainty = choose_certainty(check_level(query.level), None)
    record = await find_record(call, key)
    taken = await taken_in(call.runtime, call.workspace, record, query)
    loaded = await loaded_for(call, record, query.version)
    async with call.runtime.of(HeavyReads).turn("reckoning", call.workspace_id):
        found = await read_rates(
            call.db, call.workspace_id, record.id, loaded.survey.questions, taken.selection,
            certainty=certainty, most=MOST_RESPONSES,
        )  # fmt: skip
    if found is None:
        raise BadRequestError(
            f"More than {MOST_RESPONSES:,} responses: say from and to, or a touchpoint.",
            code="bad_parameter",
        )
    return RatesReply(survey=key, filter=taken.told, level=certainty.level, rates=found)
