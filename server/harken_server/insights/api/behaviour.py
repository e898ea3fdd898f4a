"""What people did after they answered a survey, by how they had rated."""

from typing import Annotated

import msgspec

from harken_server.events.rules import EventName
from harken_server.events.store.events import list_names
from harken_server.http.long_reads.heavy import HeavyReads
from harken_server.http.problems import BadRequestError
from harken_server.insights.api.finding import check_level, loaded_for
from harken_server.insights.read.behaviour import Behaviour, BehaviourOf, read_behaviour
from harken_server.insights.read.taking_in import taken_in
from harken_server.insights.rules.hazard import SOURCE
from harken_server.insights.rules.intervals import USUAL_LEVEL
from harken_server.insights.rules.scores import scored_questions
from harken_server.responses.filters import FilterQuery
from harken_server.responses.small_groups import guard
from harken_server.surveys.api.surveys import find_record
from harken_server.surveys.questions.types import RatingQuestion
from harken_server.surveys.survey import Survey
from harken_server.workspaces.keyed import Call, get

USUAL_EVENT = "order"


class BehaviourQuery(
    FilterQuery, kw_only=True, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """The filter of the answers, and what is looked for after them."""

    event: EventName | None = None
    """Such as `order` for repeat purchases, `referral`, or `account.closed` for churn; left out:
    the one that was told most often."""
    question: Annotated[str, msgspec.Meta(max_length=32)] | None = None
    """Whose bands; left out: the first question that has a score."""
    period: Annotated[int, msgspec.Meta(ge=1, le=366)] = 30
    """Days of a period after the answer."""
    periods: Annotated[int, msgspec.Meta(ge=1, le=36)] = 3
    """How many of them."""
    level: float = USUAL_LEVEL
    """Of all intervals: 0.8, 0.9, 0.95 or 0.99."""


class BehaviourReply(msgspec.Struct, kw_only=True):
    """The rate at which people of each band did it."""

    survey: str
    filter: FilterQuery
    question: str
    event: str
    days: int
    """Of all periods together."""
    level: float
    behaviour: Behaviour
    source: str
    """Of the formulas."""


@get(
    "/surveys/{key:str}/behaviour",
    "get_behaviour",
    "What people did after they answered, by their rating",
    errors=(404, 429),
)
async def behaviour(call: Call, key: str, query: BehaviourQuery) -> BehaviourReply:
    """Of people whose name is proved, each from their first answer on; read from the responses.

    A rate is no proof that the rating is its cause.
    """
    async with call.runtime.of(HeavyReads).turn("reckoning", call.workspace_id):
        level = check_level(query.level)
        record = await find_record(call, key)
        taken = await taken_in(call.runtime, call.workspace, record, query, is_over_time=True)
        loaded = await loaded_for(call, record, query.version)
        guard(loaded.survey, "What people did after they answered, one by one,")
        question = _asked(loaded.survey, key, query.question)
        event = query.event or await _commonest(call)
        of = BehaviourOf(
            call.db, call.workspace_id, record.id, question, event,
            query.period, query.periods, level, call.now(),
        )  # fmt: skip
        found = await read_behaviour(of, taken.selection)
    return BehaviourReply(
        survey=key,
        filter=taken.told,
        question=question.key,
        event=event,
        days=query.period * query.periods,
        level=level,
        behaviour=found,
        source=SOURCE,
    )


async def _commonest(call: Call) -> str:
    names = await list_names(call.db, call.workspace_id)
    return max(names, key=lambda each: each.n).name if names else USUAL_EVENT


def _asked(survey: Survey, key: str, wanted: str | None) -> RatingQuestion:
    rated = scored_questions(survey.questions)
    for question in rated:
        if wanted in {None, question.key}:
            return question
    names = ", ".join(each.key for each in rated) or "none"
    raise BadRequestError(
        f"question is {wanted!r}; survey {key} has these with a score: {names}.",
        code="bad_parameter",
    )
