"""Scores before and after something that happened, over equal spans."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec

from harken_server.http.long_reads.heavy import HeavyReads
from harken_server.http.problems import BadRequestError
from harken_server.insights.api.annotations import (
    ANNOTATION,
    AnnotationItem,
    annotation_item,
    find_annotation,
)
from harken_server.insights.api.finding import check_level
from harken_server.insights.read.scores import read_scores
from harken_server.insights.read.taking_in import taken_in
from harken_server.insights.rules.comparing.breakdowns import ScoreDifference, compare_scores
from harken_server.insights.rules.comparing.steps import USUAL_DAYS, Event, spans_around
from harken_server.insights.rules.estimates import choose_certainty
from harken_server.insights.rules.intervals import USUAL_LEVEL
from harken_server.insights.rules.scores import Score
from harken_server.insights.store.annotations import Annotation, list_annotations
from harken_server.responses.filters import FilterQuery
from harken_server.surveys.api.surveys import find_record
from harken_server.surveys.catalog import Catalog
from harken_server.workspaces.keyed import Call, get

MOST_DAYS = 366


class BeforeAfterQuery(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What happened, and how many days to look at."""

    annotation: UUID | None = None
    """Left out: the newest that is over and about this survey or all."""
    days: Annotated[int, msgspec.Meta(ge=1, le=MOST_DAYS)] = USUAL_DAYS
    """On each side, at most; fewer where fewer have passed since."""
    touchpoint: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    """Left out: the annotation's own, if it is about one."""
    channel: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    level: float = USUAL_LEVEL
    """Of all intervals: 0.8, 0.9, 0.95 or 0.99."""


class Span(msgspec.Struct, kw_only=True):
    """Days, both included, and their scores."""

    first_day: date
    last_day: date
    scores: list[Score]


class BeforeAfter(msgspec.Struct, kw_only=True):
    """Equal spans on both sides, and each score after less the one before."""

    survey: str
    annotation: AnnotationItem
    days: int
    """Of each span."""
    before: Span
    after: Span
    differences: list[ScoreDifference]
    """Of questions with answers on both sides."""
    says: str
    """What a difference is not."""


@get(
    "/surveys/{key:str}/before-after",
    "get_before_after",
    "Scores before and after something that happened",
    errors=(404, 429),
)
async def before_after(call: Call, key: str, query: BeforeAfterQuery) -> BeforeAfter:
    """As many days before as after it, with the difference, its interval and p.

    Of an annotation with a time its own day is on neither side: it has answers of both.
    """
    certainty = choose_certainty(check_level(query.level), None)
    record = await find_record(call, key)
    annotation = await _find(call, key, query.annotation)
    questions = (await call.runtime.of(Catalog).load(call.workspace, record)).survey.questions
    spans = _spans(annotation, query.days, call.now().date())
    touchpoint = query.touchpoint or annotation.touchpoint
    told: list[Span] = []
    async with call.runtime.of(HeavyReads).turn("reckoning", call.workspace_id):
        for first, last in spans:
            days = date.fromordinal(first), date.fromordinal(last)
            wanted = FilterQuery(
                from_=days[0], to=days[1], touchpoint=touchpoint, channel=query.channel
            )
            chosen = (await taken_in(call.runtime, call.workspace, record, wanted)).selection
            scores = await read_scores(
                call.db, call.workspace_id, record.id, questions, chosen, certainty=certainty
            )
            told.append(Span(first_day=days[0], last_day=days[1], scores=scores))
    before, after = told
    return BeforeAfter(
        survey=key,
        annotation=annotation_item(annotation),
        days=spans[0][1] - spans[0][0] + 1,
        before=before,
        after=after,
        differences=compare_scores(after.scores, before.scores),
        says="What else happened in these days is in the difference too. To know what did it, "
        "compare two groups at the same time: compare, with the members of a dimension.",
    )


async def _find(call: Call, key: str, annotation_id: UUID | None) -> Annotation:
    if annotation_id is not None:
        return await find_annotation(call, annotation_id)
    before_today = call.now().toordinal() - 1
    found = await list_annotations(
        call.db, call.workspace_id, days=(None, before_today), survey=key
    )
    return ANNOTATION.found(found[-1] if found else None, "newest")


def _spans(annotation: Annotation, days: int, today: date) -> list[tuple[int, int]]:
    """First and last day before, and after; raises BadRequestError where nothing is after it."""
    event = Event(annotation.title, annotation.day, annotation.at is not None)
    spans = spans_around(event, days, today.toordinal())
    if spans is None:
        first = date.fromordinal(annotation.day + event.has_time)
        raise BadRequestError(
            f"Nothing is after the annotation yet: its first day after is {first}.",
            code="bad_parameter",
        )
    return [*spans]
