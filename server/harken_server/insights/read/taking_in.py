"""What a request takes in: its filter, the segment that it names, and who answered repeatedly."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import NamedTuple
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.http.problems import BadRequestError
from harken_server.http.runtime import Runtime
from harken_server.insights.rules.groups import rating_groups
from harken_server.insights.rules.scores import scored_questions
from harken_server.programmes.store import list_programmes
from harken_server.responses.filters import FilterQuery, Repeated, count_filter
from harken_server.responses.response import CountFilter, Narrowed
from harken_server.responses.small_groups import guard, guard_standing
from harken_server.segments.store import get_segment
from harken_server.surveys.asking import RuleValue
from harken_server.surveys.catalog import Catalog
from harken_server.surveys.conditions import Condition
from harken_server.surveys.protection import minimum_of
from harken_server.surveys.published import SurveyRecord
from harken_server.surveys.questions.types import RatingQuestion
from harken_server.surveys.survey import Survey
from harken_server.workspaces.workspace import Workspace

SCAN_WITHIN_S = 20.0
"""A reckoning that must look through responses is given up after so long."""


class TakenIn(NamedTuple):
    """The filter for storage, and how several responses of one person are taken."""

    selection: CountFilter
    repeated: Repeated
    told: FilterQuery
    """The filter as replies repeat it: of a survey that a programme asks again and again it says
    how several responses of one person were taken."""


async def taken_in(
    runtime: Runtime,
    workspace: Workspace,
    record: SurveyRecord,
    query: FilterQuery,
    *,
    is_over_time: bool = False,
) -> TakenIn:
    """What a query takes in; over time everybody's earlier answers belong to it, unless it says
    otherwise. BadRequestError for what no filter may say, `segment_unknown` among it.
    ForbiddenError (`small_groups`) for what would tell people of a survey apart that shows none
    alone.
    """
    selection = count_filter(query, workspace)
    survey = (await runtime.of(Catalog).load(workspace, record)).survey
    guard_standing(survey, selection)
    if query.segment is not None or query.repeated in {"latest", "clustered"}:
        guard(survey, "Answers of some people")
    if query.segment is not None:
        selection = await narrow_to(runtime, workspace, record, selection, query.segment)
    given = {each: getattr(query, each) for each in FilterQuery.__struct_fields__}
    repeated = query.repeated
    if repeated is None:
        usual = await as_usual(runtime.db, workspace.id, survey, selection)
        repeated = "latest" if usual.is_latest and not is_over_time else "all"
        given["repeated"] = repeated if usual.is_latest else None
    selection = msgspec.structs.replace(selection, is_latest=repeated == "latest")
    return TakenIn(selection, repeated, FilterQuery(**given))


async def as_usual(
    db: Database, workspace_id: UUID, survey: Survey, selection: CountFilter
) -> CountFilter:
    """The latest of each person for a survey that a programme asks again and again, else all: of
    one that shows nobody alone always all.

    Whatever shows a number reads its filter through here, or through `taken_in`.
    """
    again = await asked_again(db, workspace_id)
    return msgspec.structs.replace(selection, is_latest=takes_latest(survey, again))


def takes_latest(survey: Survey, again: Collection[str]) -> bool:
    """Whether its numbers are of the latest of each person; `again` is what `asked_again` gives."""
    return survey.key in again and not minimum_of(survey)


async def asked_again(db: Database, workspace_id: UUID) -> frozenset[str]:
    """Keys of the surveys that a programme asks the same people again and again."""
    programmes = [each.programme for each in await list_programmes(db, workspace_id)]
    return frozenset(each.survey for each in programmes if each.every != "once")


async def narrow_to(
    runtime: Runtime, workspace: Workspace, record: SurveyRecord, selection: CountFilter, key: str
) -> CountFilter:
    """The same filter with the conditions of a segment in place of any other segment's."""
    segment = await get_segment(runtime.db, workspace.id, key)
    if segment is None:
        raise BadRequestError(f"There is no segment {key!r} here.", code="segment_unknown")
    conditions: Sequence[Condition] = segment.conditions
    if any(each.of == "band" for each in conditions):
        loaded = await runtime.of(Catalog).load(workspace, record)
        conditions = [*without_bands(conditions, scored_questions(loaded.survey.questions))]
    narrowed = Narrowed(tuple(conditions), runtime.db.dialect)
    return msgspec.structs.replace(selection, narrowed=narrowed)


def without_bands(
    conditions: Iterable[Condition], questions: Iterable[RatingQuestion]
) -> Iterable[Condition]:
    """The same, with the ratings of its bands in place of each band's name.

    A band of a question that the survey does not ask, or that its question does not have, takes in
    nobody.
    """
    bands = {question.key: rating_groups(question) for question in questions}
    for each in conditions:
        if each.of != "band":
            yield each
            continue
        names = _wanted(each, bands.get(each.name, {}))
        ratings = sorted({r for name in names for r in bands[each.name][name]})
        if each.op == "exists":
            yield Condition(of="answer", name=each.name, op="exists", value=each.value)
        else:
            yield Condition(of="answer", name=each.name, op="one_of", value=tuple(ratings))


def _wanted(condition: Condition, known: Iterable[str]) -> list[str]:
    value: RuleValue = condition.value
    named = value if isinstance(value, tuple) else (value,)
    if condition.op == "not_equals":
        return [name for name in known if name not in named]
    return [name for name in known if name in named]


@asynccontextmanager
async def within_time(selection: CountFilter) -> AsyncGenerator[None]:
    """Give up what looks through too many responses, and say what would have fewer."""
    if not selection.is_narrowed:
        yield
        return
    try:
        async with asyncio.timeout(SCAN_WITHIN_S):
            yield
    except TimeoutError:
        raise BadRequestError(
            f"This filter looks through every response, which took more than {SCAN_WITHIN_S:.0f} "
            "seconds. Narrow the days with from and to, or say repeated=all without a segment.",
            code="too_much_to_read",
        ) from None
