"""Journeys: push a definition, load a built-in one, read them back."""

from typing import Any

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.params import FromPath

from harken_server.http.bodies import decode_query, too_large
from harken_server.http.operations import Operation, describe
from harken_server.http.replies import empty_reply, json_reply
from harken_server.http.runtime import runtime_of
from harken_server.journeys.publish import (
    JourneyPushChange,
    JourneyState,
    journey_templates,
    list_journey_states,
    push_journey,
    read_journey_state,
    remove_journey,
)
from harken_server.journeys.rules.changes import JourneyChange
from harken_server.journeys.rules.journeys import Journey, decode_journey
from harken_server.kernel.errors import NotFoundError, Problem
from harken_server.surveys.api.push import format_of
from harken_server.surveys.survey import MAX_DEFINITION_BYTES
from harken_server.surveys.touchpoint import Touchpoint
from harken_server.workspaces.access import workspace_of


class JourneyPushQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to push."""

    dry_run: bool = False
    """Only say what would change."""


class JourneyPushReply(msgspec.Struct, kw_only=True):
    """What a push did, or would do."""

    key: str
    change: JourneyPushChange
    changes: tuple[JourneyChange, ...]
    warnings: tuple[Problem, ...]
    """Surveys that are named and not there yet: their touchpoints ask nobody until they are."""


class JourneyItem(msgspec.Struct, kw_only=True):
    """A journey without its definition."""

    key: str
    title: str
    stages: int
    touchpoints: int
    updated_at: str


class JourneyList(msgspec.Struct, kw_only=True):
    """All journeys of the workspace, by key."""

    journeys: list[JourneyItem]


class JourneyReply(msgspec.Struct, kw_only=True):
    """A journey as it holds now."""

    key: str
    updated_at: str
    definition: Journey
    """As in a journey file: pushing it again changes nothing."""
    touchpoints: list[Touchpoint]
    """Every touchpoint of the journey with all its settings, in order."""


class JourneyTemplate(msgspec.Struct, kw_only=True):
    """A built-in journey."""

    key: str
    title: str
    description: str
    stages: list[str]


class JourneyTemplateList(msgspec.Struct, kw_only=True):
    """The built-in journeys, by key."""

    templates: list[JourneyTemplate]


@post(
    "/journeys",
    opt=describe(
        Operation(
            "push_journey",
            "Store a journey definition with its stages and touchpoints",
            scope="write",
            bodies=(Journey,),
            query=JourneyPushQuery,
            replies=(JourneyPushReply,),
            status=201,
            also=(200,),
            errors=(400, 413, 415, 422),
            body_types=("application/json", "application/yaml", "application/toml"),
        )
    ),
)
async def push(request: Request[Any, Any, Any]) -> Response[bytes]:
    """201 when something was stored; 200 when nothing changed or with `dry_run`."""
    query = decode_query(request.query_params.multi_items(), JourneyPushQuery)
    raw = await request.body()
    if len(raw) > MAX_DEFINITION_BYTES:
        raise too_large(MAX_DEFINITION_BYTES)
    journey = decode_journey(raw, format_of(request))
    return await _push(request, journey, query, is_new_only=False)


@get(
    "/journeys/templates",
    opt=describe(
        Operation(
            "list_journey_templates", "List the built-in journeys", replies=(JourneyTemplateList,)
        )
    ),
)
async def list_templates(request: Request[Any, Any, Any]) -> Response[bytes]:  # noqa: ARG001
    """The built-in journeys, by key."""
    templates = [
        JourneyTemplate(
            key=journey.key,
            title=journey.title,
            description=journey.description,
            stages=[stage.title for stage in journey.stages],
        )
        for journey in journey_templates().values()
    ]
    return json_reply(JourneyTemplateList(templates=templates))


@post(
    "/journeys/templates/{key:str}",
    opt=describe(
        Operation(
            "load_journey_template",
            "Load a built-in journey",
            scope="write",
            query=JourneyPushQuery,
            replies=(JourneyPushReply,),
            status=201,
            also=(200,),
            errors=(400, 404, 409, 422),
        )
    ),
)
async def load_template(request: Request[Any, Any, Any], key: FromPath[str]) -> Response[bytes]:
    """Makes the journey; 200 when it is there unchanged, 409 when it was changed since."""
    query = decode_query(request.query_params.multi_items(), JourneyPushQuery)
    journey = journey_templates().get(key)
    if journey is None:
        known = ", ".join(journey_templates())
        raise NotFoundError(
            f"There is no built-in journey {key!r}; there are {known}.",
            code="journey_template_unknown",
        )
    return await _push(request, journey, query, is_new_only=True)


@get(
    "/journeys",
    opt=describe(
        Operation("list_journeys", "List the workspace's journeys", replies=(JourneyList,))
    ),
)
async def list_all(request: Request[Any, Any, Any]) -> Response[bytes]:
    """All journeys, by key."""
    states = await list_journey_states(runtime_of(request).db, workspace_of(request).id)
    return json_reply(JourneyList(journeys=[_item(state) for state in states]))


@get(
    "/journeys/{key:str}",
    opt=describe(
        Operation("get_journey", "Read a journey", replies=(JourneyReply,), errors=(404,))
    ),
)
async def read(request: Request[Any, Any, Any], key: FromPath[str]) -> Response[bytes]:
    """The definition, and its touchpoints with all their settings."""
    state = await read_journey_state(runtime_of(request).db, workspace_of(request).id, key)
    if state is None:
        raise _unknown(key)
    return json_reply(
        JourneyReply(
            key=key,
            updated_at=state.updated_at.isoformat(),
            definition=state.journey,
            touchpoints=state.touchpoints,
        )
    )


@delete(
    "/journeys/{key:str}",
    status_code=204,
    opt=describe(
        Operation(
            "remove_journey",
            "Forget a journey; its touchpoints stay and ask as before",
            scope="write",
            status=204,
            errors=(404,),
        )
    ),
)
async def remove(request: Request[Any, Any, Any], key: FromPath[str]) -> Response[None]:
    """404 when there is no such journey."""
    runtime = runtime_of(request)
    if not await remove_journey(runtime.db, workspace_of(request).id, key, runtime.clock()):
        raise _unknown(key)
    return empty_reply()


async def _push(
    request: Request[Any, Any, Any], journey: Journey, query: JourneyPushQuery, *, is_new_only: bool
) -> Response[bytes]:
    runtime = runtime_of(request)
    pushed = await push_journey(
        runtime.db,
        workspace_of(request).id,
        journey,
        now=runtime.clock(),
        new_id=runtime.new_id,
        is_dry_run=query.dry_run,
        is_new_only=is_new_only,
    )
    reply = JourneyPushReply(
        key=journey.key,
        change=pushed.change,
        changes=pushed.changes,
        warnings=pushed.warnings,
    )
    return json_reply(reply, 201 if pushed.is_stored else 200)


def _item(state: JourneyState) -> JourneyItem:
    return JourneyItem(
        key=state.journey.key,
        title=state.journey.title,
        stages=len(state.journey.stages),
        touchpoints=len(state.touchpoints),
        updated_at=state.updated_at.isoformat(),
    )


def _unknown(key: str) -> NotFoundError:
    return NotFoundError(f"There is no journey {key!r} here.", code="journey_unknown")
