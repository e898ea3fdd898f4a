"""Make, change and delete segments: what holds for the API and the console alike."""

from __future__ import annotations

from typing import Annotated, TypeAlias
from uuid import UUID

import msgspec

from harken_server.database.database import Executor
from harken_server.http.resources import Resource
from harken_server.kernel.errors import ConflictError, InvalidInputError, Problem
from harken_server.kernel.shown_text import check_name
from harken_server.segments import store
from harken_server.segments.store import Segment
from harken_server.surveys.conditions import Conditions, check_conditions, is_of_people
from harken_server.surveys.store.touchpoints import list_touchpoints
from harken_server.surveys.survey import SURVEY_KEY_PATTERN
from harken_server.workspaces.access import Acting

SEGMENT = Resource("segment", "segment_unknown")
SegmentKey: TypeAlias = Annotated[str, msgspec.Meta(pattern=SURVEY_KEY_PATTERN, max_length=64)]
KEY_MEANING = "lower case letters, digits and _, first a letter, at most 64 characters"
MOST_SEGMENTS = 500
MAX_TITLE = 120
MAX_DESCRIPTION = 2000
MAX_PORTRAIT = 20
MAX_WORDS = 200


class SegmentBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A named filter; with a portrait it is a persona."""

    title: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_TITLE)]
    description: Annotated[str, msgspec.Meta(max_length=MAX_DESCRIPTION)] = ""
    portrait: Annotated[
        tuple[Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_WORDS)], ...],
        msgspec.Meta(max_length=MAX_PORTRAIT),
    ] = ()
    """Words that describe somebody of it, such as `buys for a family`."""
    conditions: Conditions
    """All must hold."""

    def __post_init__(self) -> None:
        """What cannot be seen is no part of a title."""
        check_name("title", self.title)


async def keep_segment(acting: Acting, key: str, body: SegmentBody) -> Segment:
    """Make or change a segment for whoever may. InvalidInputError lists what is wrong with it."""
    SEGMENT.check_key(key, SegmentKey, KEY_MEANING)
    problems = tuple(check_conditions(body.conditions, "$.conditions"))
    if problems:
        raise InvalidInputError("The segment is not acceptable.", problems)
    now = acting.now()
    given = {name: getattr(body, name) for name in body.__struct_fields__}
    segment = Segment(key=key, **given, created_at=now, updated_at=now)
    async with acting.db.transaction() as tx:
        await store.lock_segments(tx, acting.workspace_id)
        await _check_room(tx, acting, key)
        if not is_of_people(body.conditions):
            asked_at = await _touchpoints_of(tx, acting, key)
            if asked_at:
                message = (
                    f"Touchpoint {asked_at[0]} asks this segment: it may look at traits and context"
                    " alone, which are known before anybody answers."
                )
                problem = Problem("$.conditions", "segment_asked", message)
                raise InvalidInputError(message, (problem,))
        await store.put_segment(tx, acting.workspace_id, segment, acting.runtime.new_id())
    return SEGMENT.found(await store.get_segment(acting.db, acting.workspace_id, key), key)


async def check_asked(db: Executor, workspace_id: UUID, key: str, path: str) -> list[Problem]:
    """What is wrong with a touchpoint that asks this segment; empty asks nobody in particular."""
    if not key:
        return []
    found = await store.get_segment(db, workspace_id, key)
    if found is None:
        return [Problem(path, "segment_unknown", f"There is no segment {key!r} here.")]
    if is_of_people(found.conditions):
        return []
    message = (
        f"Segment {key!r} looks at answers or at where they came from; who is asked can be chosen"
        " by traits and context alone."
    )
    return [Problem(path, "segment_of_answers", message)]


async def drop_segment(acting: Acting, key: str) -> None:
    """Delete a segment for whoever may. ConflictError `segment_asked` while a touchpoint has it."""
    async with acting.db.transaction() as tx:
        await store.lock_segments(tx, acting.workspace_id)
        asked_at = await _touchpoints_of(tx, acting, key)
        if asked_at:
            raise ConflictError(
                f"Touchpoint {asked_at[0]} asks the segment {key!r}; take it away there first.",
                code="segment_asked",
            )
        if not await store.remove_segment(tx, acting.workspace_id, key):
            raise SEGMENT.missing(key)


async def _check_room(tx: Executor, acting: Acting, key: str) -> None:
    known = [each.key for each in await store.list_segments(tx, acting.workspace_id)]
    if key not in known and len(known) >= MOST_SEGMENTS:
        raise ConflictError(
            f"A workspace has at most {MOST_SEGMENTS} segments; delete one first.",
            code="too_many_segments",
        )


async def _touchpoints_of(tx: Executor, acting: Acting, key: str) -> list[str]:
    found = await list_touchpoints(tx, acting.workspace_id)
    return [each.key for each in found if each.asking.segment == key]
