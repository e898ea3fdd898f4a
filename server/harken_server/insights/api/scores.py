"""Scores of a survey, answered from the counts."""

from typing import Annotated

import msgspec

from harken_server.http.long_reads.heavy import HeavyReads
from harken_server.http.problems import BadRequestError
from harken_server.insights.read.scores import answers_of, read_instrument, read_scores, with_proved
from harken_server.insights.rules.scores import Score
from harken_server.insights.store.people_sql import TOO_MANY, People, count_people
from harken_server.responses.filters import FilterQuery, count_filter
from harken_server.responses.store.read import count_apart
from harken_server.surveys.api.surveys import find_record
from harken_server.surveys.catalog import Catalog
from harken_server.surveys.published import SurveyRecord
from harken_server.surveys.survey import Survey
from harken_server.workspaces.keyed import Call, get


class ScoresQuery(
    FilterQuery, kw_only=True, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """The filter, and perhaps one question."""

    question: Annotated[str, msgspec.Meta(max_length=32)] | None = None


class ScoresReply(msgspec.Struct, kw_only=True):
    """The score of each metric question."""

    survey: str
    filter: FilterQuery
    scores: list[Score]
    people: People | None
    """How many responses the filter takes in, and how many people gave those that name one; null
    where there are more than 20,000: `people_note` says so."""
    people_note: str | msgspec.UnsetType = msgspec.UNSET
    """Why `people` is null; not there when it is not."""
    apart: dict[str, int]
    """Responses that the filter would take in, but that do not count: how many of each standing."""
    apart_flags: dict[str, int]
    """Why those should be looked at, as far as it is known: how many have each flag."""


@get(
    "/surveys/{key:str}/scores",
    "get_scores",
    "Scores with their counts and 95 % intervals",
    errors=(404, 429),
)
async def scores(call: Call, key: str, query: ScoresQuery) -> ScoresReply:
    """One score for each NPS, CSAT, CES and rating question; `score` is null without answers.

    A survey that is an `instrument` has its number first.

    The questions are those of the `version` asked for, else of the current one; a question that
    only older versions asked is found by its key too.
    """
    async with call.runtime.of(HeavyReads).turn("reckoning", call.workspace_id):
        return await _reckon(call, key, query)


async def _reckon(call: Call, key: str, query: ScoresQuery) -> ScoresReply:
    workspace = call.workspace
    record = await find_record(call, key)
    survey = await _asked_survey(call, record, query)
    place = (call.db, workspace.id, record.id)
    instrument = await read_instrument(*place, survey, count_filter(query))
    found = [] if instrument is None else [instrument]
    found += await read_scores(*place, survey.questions, count_filter(query))
    if query.question is not None:
        found = [score for score in found if score.question == query.question]
        if not found:
            raise BadRequestError(
                f"Survey {key} has no scored question {query.question!r}.", code="bad_parameter"
            )
    found = await with_proved(*place, survey.questions, found, selection=count_filter(query))
    given = FilterQuery(**{name: getattr(query, name) for name in FilterQuery.__struct_fields__})
    apart = await count_apart(*place, count_filter(query))
    people = await count_people(*place, count_filter(query), least=answers_of(found))
    return ScoresReply(
        survey=key,
        filter=given,
        scores=found,
        people=people,
        people_note=TOO_MANY if people is None else msgspec.UNSET,
        apart=apart.standings,
        apart_flags=apart.flags,
    )


async def _asked_survey(call: Call, record: SurveyRecord, query: ScoresQuery) -> Survey:
    """The version that the filter names, or the newest that asked the question."""
    catalog = call.runtime.of(Catalog)
    if query.version is not None and query.version <= record.version:
        return (await catalog.load(call.workspace, record, query.version)).survey
    current = (await catalog.load(call.workspace, record)).survey
    if query.question is None or query.question == current.instrument or _asks(current, query):
        return current
    for number in range(record.version - 1, 0, -1):
        older = (await catalog.load(call.workspace, record, number)).survey
        if _asks(older, query):
            return older
    return current


def _asks(survey: Survey, query: ScoresQuery) -> bool:
    return query.question in {item.key for item in survey.questions}
