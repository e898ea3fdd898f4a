"""Scores of a survey, answered from the counts."""

from collections.abc import Sequence
from typing import Annotated, NamedTuple

import msgspec

from harken_server.http.long_reads.heavy import HeavyReads
from harken_server.insights.api.finding import WantedScores, check_level, find_scores
from harken_server.insights.read.breakdowns import (
    Breakdown,
    Compared,
    OfSurvey,
    read_breakdown,
)
from harken_server.insights.read.clusters import check_clustered, with_clusters
from harken_server.insights.read.scores import answers_of, with_proved
from harken_server.insights.read.taking_in import TakenIn, taken_in, within_time
from harken_server.insights.read.weighted import check_rated, read_weighted
from harken_server.insights.read.weights import WeightQuery, check_weighted
from harken_server.insights.read.withheld import read_hidden, with_hidden_groups
from harken_server.insights.rules.comparing.breakdowns import GroupScores
from harken_server.insights.rules.comparing.targets import with_target
from harken_server.insights.rules.estimates import Asked, Certainty, Method, choose_certainty
from harken_server.insights.rules.formulas import METHODS, METRICS, Formula
from harken_server.insights.rules.hidden import Hidden
from harken_server.insights.rules.intervals import USUAL_LEVEL
from harken_server.insights.rules.scores import Metric, Score
from harken_server.insights.rules.weighting.reports import Weighting
from harken_server.insights.store.people_sql import TOO_MANY, People, count_people
from harken_server.responses.filters import FilterQuery
from harken_server.responses.store.read import count_apart
from harken_server.surveys.api.surveys import find_record
from harken_server.surveys.catalog import Catalog
from harken_server.surveys.published import SurveyRecord
from harken_server.surveys.store.targets import get_targets
from harken_server.workspaces.access import Acting
from harken_server.workspaces.keyed import Call, get


class ScoresQuery(
    WeightQuery, kw_only=True, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """The filter, perhaps one question, how sure to be, and beside what."""

    question: Annotated[str, msgspec.Meta(max_length=32)] | None = None
    choice: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    """The share of this choice of the `question`, in place of scores."""
    level: float = USUAL_LEVEL
    """Of all intervals: 0.8, 0.9, 0.95 or 0.99."""
    method: Asked | None = None
    """Of the intervals of numbers that have it; others keep their own."""
    by: Annotated[str, msgspec.Meta(max_length=32)] | None = None
    """Groups: touchpoint, stage, channel, locale, version, wave or a declared dimension."""
    compare: Annotated[str, msgspec.Meta(max_length=100)] | None = None
    """Beside what: `previous` (as many days before), `previous_wave`, a period
    `2026-01-01..2026-01-31`, or a name and its value, such as `version:2`, `store:Berlin` or
    `segment:families`."""


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
    hidden: Hidden | None
    """Why some answers are not among these numbers, of a survey with a minimum group."""
    apart: dict[str, int]
    """Responses that the filter would take in, but that do not count: how many of each standing."""
    apart_flags: dict[str, int]
    """Why those should be looked at, as far as it is known: how many have each flag."""
    formulas: dict[Metric, Formula]
    """How each metric among the scores is computed, and its source."""
    interval_formulas: dict[Method, Formula]
    """How each interval among the scores is computed, and its source."""
    groups: list[GroupScores] | msgspec.UnsetType = msgspec.UNSET
    """With `by`: the scores of each group, most answers first."""
    compared: Compared | msgspec.UnsetType = msgspec.UNSET
    """With `compare`: the scores of what is compared with, and the differences."""
    weighting: Weighting | msgspec.UnsetType = msgspec.UNSET
    """With `weight`: how the responses were weighted; each score has its raw one beside it."""


@get(
    "/surveys/{key:str}/scores",
    "get_scores",
    "Scores with their counts and 95 % intervals",
    errors=(403, 404, 429),
)
async def scores(call: Call, key: str, query: ScoresQuery) -> ScoresReply:
    """One score for each NPS, CSAT, CES and rating question; `score` is null without answers.

    A survey that is an `instrument` has its number first.

    The questions are those of the `version` asked for, else of the current one; a question that
    only older versions asked is found by its key too.
    """
    async with call.runtime.of(HeavyReads).turn("reckoning", call.workspace_id):
        return await reckon_scores(call, key, query)


async def reckon_scores(call: Acting, key: str, query: ScoresQuery) -> ScoresReply:
    """The same for whoever may read them."""
    certainty = choose_certainty(check_level(query.level), query.method)
    record = await find_record(call, key)
    taken = await taken_in(call.runtime, call.workspace, record, query)
    check_weighted(query, taken.repeated, query.method)
    async with within_time(taken.selection):
        return await _score(call, record, query, taken, certainty)


async def _score(
    call: Acting, record: SurveyRecord, query: ScoresQuery, taken: TakenIn, certainty: Certainty
) -> ScoresReply:
    chosen = taken.selection
    loaded = await call.runtime.of(Catalog).load(call.workspace, record)
    asked = WantedScores(call, record, chosen, query.question, query.choice, certainty)
    found, questions = await find_scores(asked)
    place = (call.db, call.workspace_id, record.id)
    of = OfSurvey(call.runtime, call.workspace, record, questions, certainty)
    numbers = await _numbers(of, found, query, taken)
    scores, beside = numbers.scores, numbers.beside
    if query.choice is None:
        targets = await get_targets(*place)
        scores = [with_target(score, targets) for score in scores]
    groups = beside.groups
    if groups is not None and query.by is not None:
        groups = await with_hidden_groups(call.db, loaded, groups, query.by)
    apart = await count_apart(*place, chosen)
    people = await count_people(*place, chosen, least=answers_of(scores))
    return ScoresReply(
        survey=record.key,
        filter=taken.told,
        scores=scores,
        people=people,
        people_note=TOO_MANY if people is None else msgspec.UNSET,
        hidden=await read_hidden(call.db, loaded, scores=scores, groups=groups or ()),
        apart=apart.standings,
        apart_flags=apart.flags,
        formulas={score.metric: METRICS[score.metric] for score in scores},
        interval_formulas={score.method: METHODS[score.method] for score in scores},
        groups=msgspec.UNSET if groups is None else groups,
        compared=msgspec.UNSET if beside.compared is None else beside.compared,
        weighting=numbers.weighting,
    )


class _Numbers(NamedTuple):
    scores: list[Score]
    beside: Breakdown
    weighting: Weighting | msgspec.UnsetType


async def _numbers(
    of: OfSurvey, found: Sequence[Score], query: ScoresQuery, taken: TakenIn
) -> _Numbers:
    """The scores found as they are asked for, and what stands beside them."""
    chosen, place = taken.selection, (of.db, of.workspace.id, of.survey_id)
    if query.weight is not None:
        check_rated(found, of.questions)
        weighed = await read_weighted(of, chosen, query, by=query.by, compare=query.compare)
        return _Numbers(*weighed)
    scores = await with_proved(*place, of.questions, found, selection=chosen)
    if taken.repeated == "clustered":
        check_clustered(query.by, query.compare, scores, of.questions)
        scores = await with_clusters(*place, of.questions, scores, chosen, of.certainty)
    beside = await read_breakdown(of, chosen, scores, by=query.by, compare=query.compare)
    return _Numbers(scores, beside, msgspec.UNSET)
