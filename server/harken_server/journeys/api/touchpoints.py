"""Touchpoints: which survey each one asks, and how often."""

from typing import Annotated
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.http.resources import Resource
from harken_server.journeys.rules.journeys import Owner, Purpose, Title, Weight
from harken_server.kernel.errors import InvalidInputError, Problem
from harken_server.segments.keeping import check_asked
from harken_server.surveys.asking import TouchpointAsking
from harken_server.surveys.checks.asking import check_touchpoint_asking
from harken_server.surveys.published import Touchpoint
from harken_server.surveys.store import surveys, touchpoints
from harken_server.surveys.survey import SURVEY_KEY_PATTERN, TouchpointKey
from harken_server.workspaces.keyed import Call, get, put

TOUCHPOINT = Resource("touchpoint", "touchpoint_unknown")


class TouchpointBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """How a touchpoint asks, and what it means to the business.

    Its journey and stage are not said here: they come from the journey's own definition.
    """

    survey: Annotated[str, msgspec.Meta(pattern=SURVEY_KEY_PATTERN, max_length=64)] | None = None
    sample_rate: Annotated[float, msgspec.Meta(ge=0, le=1)] = 1.0
    cooldown_days: Annotated[int, msgspec.Meta(ge=0, le=3650)] = 30
    link_ttl_days: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 30
    title: Title = ""
    weight: Weight = 1.0
    owner: Owner = ""
    question: Purpose = ""
    asking: TouchpointAsking = TouchpointAsking()


class TouchpointList(msgspec.Struct, kw_only=True):
    """The workspace's touchpoints, by key."""

    touchpoints: list[Touchpoint]


@get("/touchpoints", "list_touchpoints", "List touchpoints", scope="definitions")
async def list_all(call: Call) -> TouchpointList:
    """All touchpoints, by key."""
    found = await touchpoints.list_touchpoints(call.db, call.workspace_id)
    return TouchpointList(touchpoints=found)


@get(
    "/touchpoints/{key:str}",
    "get_touchpoint",
    "Read a touchpoint",
    scope="definitions",
    errors=(404,),
)
async def read(call: Call, key: str) -> Touchpoint:
    """One touchpoint."""
    return await _reply(call, key)


@put(
    "/touchpoints/{key:str}",
    "put_touchpoint",
    "Set how a touchpoint asks",
    scope="write",
    may_be_empty=True,
)
async def write(call: Call, key: str, body: TouchpointBody) -> Touchpoint:
    """Creates the touchpoint or replaces its settings."""
    workspace = call.workspace
    TOUCHPOINT.check_key(
        key, TouchpointKey, "lower case words joined by dots, at most 64 characters"
    )
    if body.survey is not None and (
        await surveys.get_survey(call.db, workspace.id, body.survey) is None
    ):
        message = f"There is no survey {body.survey!r} here."
        raise InvalidInputError(message, (Problem("$.survey", "survey_unknown", message),))
    problems = [*check_touchpoint_asking(body.asking, "$.asking")]
    problems += await check_asked(call.db, workspace.id, body.asking.segment, "$.asking.segment")
    if problems:
        raise InvalidInputError("The touchpoint is not acceptable.", tuple(problems))
    touchpoint = Touchpoint(key=key, **msgspec.structs.asdict(body))
    await touchpoints.put_touchpoint(
        call.db, workspace.id, touchpoint, call.now(), call.runtime.new_id()
    )
    return await _reply(call, key)


async def list_choices(db: Database, workspace_id: UUID) -> list[tuple[str, str]]:
    """Each touchpoint, by key."""
    found = await touchpoints.list_touchpoints(db, workspace_id)
    return [(each.key, each.key) for each in found]


async def _reply(call: Call, key: str) -> Touchpoint:
    found = await touchpoints.get_touchpoint(call.db, call.workspace_id, key)
    return TOUCHPOINT.found(found, key)
