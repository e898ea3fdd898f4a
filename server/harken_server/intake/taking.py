"""Take items in: each becomes a response, stored once, and what cannot be says why."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from uuid import UUID, uuid5

import msgspec

from harken_server.intake.rules import (
    RATING,
    TEXT,
    Item,
    Kind,
    Scale,
    problem_of_item,
    scale_of_source,
)
from harken_server.intake.rules import survey_of as definition_of
from harken_server.kernel.errors import (
    ConflictError,
    HarkenError,
    NotFoundError,
    OverloadedError,
    Problem,
)
from harken_server.responses.asked import Collection
from harken_server.responses.known import Way
from harken_server.responses.submission import Submission, utc_milliseconds
from harken_server.responses.submit import submit_response
from harken_server.surveys.publish import push_survey
from harken_server.surveys.survey import Survey
from harken_server.workspaces.workspace import Workspace

TOGETHER = 50
"""Items on their way into the store at once: they share commits."""
CHANNEL = "api"


class RefusedItem(msgspec.Struct, kw_only=True, frozen=True):
    """An item that was not stored."""

    index: int
    """Its place among those that were given, from 0."""
    id: str
    code: str
    message: str


class TakenIn(msgspec.Struct, kw_only=True, frozen=True):
    """What became of items; the numbers add up to how many were given."""

    source: str
    """The key of the survey that they are responses of."""
    stored: int
    """Now stored, or stored before, the same."""
    refused: list[RefusedItem]


class Source(NamedTuple):
    """Where items come from."""

    key: str
    kind: Kind
    title: str | None
    scale: Scale | None
    """None: as it is; 1 to 5 of a new one."""


async def open_source(
    room: Collection, workspace: Workspace, source: Source, *, new_id: Callable[[], UUID]
) -> Survey:
    """The survey of the source, made the first time.

    ConflictError when the key is that of a survey that is no source, or its scale another one.
    """
    try:
        survey = (await room.catalog.find(source.key, workspace)).survey
    except NotFoundError:
        survey = definition_of(source.key, source.kind, source.title, source.scale or Scale())
        now = room.clock()
        await push_survey(room.db, workspace, survey, now=now, new_id=new_id)
        room.catalog.forget()
        return survey
    known = scale_of_source(survey)
    if known is None:
        raise ConflictError(
            f"{source.key} is a survey that asks: take another key for the source, or give the"
            f" survey a rating {RATING!r} and a long text {TEXT!r}.",
            code="source_taken",
        )
    if source.scale is not None and source.scale != known:
        raise ConflictError(
            f"Ratings of {source.key} lie between {known.low} and {known.high}, not"
            f" {source.scale.low} and {source.scale.high}.",
            code="source_taken",
        )
    return survey


async def take_in(
    room: Collection, workspace: Workspace, source: Source, survey: Survey, items: Sequence[Item]
) -> TakenIn:
    """Store what is acceptable, durably; safe to repeat. OverloadedError: try all again later."""
    refused: list[RefusedItem] = []
    loaded = await room.catalog.find(source.key, workspace)
    for begin in range(0, len(items), TOGETHER):
        some = items[begin : begin + TOGETHER]
        problems = await asyncio.gather(
            *(_take(room, workspace, source, loaded.record.id, item) for item in some)
        )
        refused += [
            _refuse(begin + place, item, error)
            for place, (item, error) in enumerate(zip(some, problems, strict=True))
            if error is not None
        ]
    return TakenIn(source=survey.key, stored=len(items) - len(refused), refused=refused)


async def _take(
    room: Collection, workspace: Workspace, source: Source, survey_id: UUID, item: Item
) -> HarkenError | None:
    problem = problem_of_item(item, room.clock())
    if problem is not None:
        return HarkenError(problem.message, code=problem.code)
    try:
        await submit_response(
            room,
            _submission(source, survey_id, item),
            Way(channel=CHANNEL, is_trusted=True, answered_at=utc_milliseconds(item.at)),
            workspace=workspace,
        )
    except OverloadedError:
        raise
    except HarkenError as error:
        return error
    return None


def _submission(source: Source, survey_id: UUID, item: Item) -> Submission:
    answers: dict[str, Any] = {}
    if item.rating is not None:
        answers[RATING] = item.rating
    if item.text and item.text.strip():
        answers[TEXT] = item.text
    told = {"source": source.kind, "link": item.link, **item.context}
    return Submission(
        id=uuid5(survey_id, item.id),
        survey=source.key,
        answers=answers,
        locale=item.locale,
        touchpoint=item.touchpoint,
        respondent=item.respondent,
        context={name: value for name, value in told.items() if value is not None},
    )


def _refuse(index: int, item: Item, error: HarkenError) -> RefusedItem:
    problems: Sequence[Problem] = getattr(error, "problems", ())
    code = problems[0].code if problems else error.code
    message = "; ".join(problem.message for problem in problems) or str(error)
    return RefusedItem(index=index, id=item.id, code=code, message=message)
