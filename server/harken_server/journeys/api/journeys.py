"""Journeys: push a definition, load a built-in one, read them back."""

import msgspec

from harken_server.http.replies import Replied, item_of
from harken_server.http.resources import Resource
from harken_server.journeys import publish
from harken_server.journeys.publish import JourneyPushChange, JourneyState
from harken_server.journeys.rules.changes import JourneyChange
from harken_server.journeys.rules.journeys import Journey, decode_journey
from harken_server.kernel.errors import NotFoundError, Problem
from harken_server.surveys.api.push import files_read_by
from harken_server.surveys.published import Touchpoint
from harken_server.workspaces.keyed import Call, delete, get, post

JOURNEY = Resource("journey", "journey_unknown")


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
    "push_journey",
    "Store a journey definition with its stages and touchpoints",
    scope="write",
    status=201,
    also=(200,),
    errors=(415,),
    reads=files_read_by(decode_journey),
)
async def push(call: Call, query: JourneyPushQuery, body: Journey) -> Replied[JourneyPushReply]:
    """201 when something was stored; 200 when nothing changed or with `dry_run`."""
    return await _push(call, body, query, is_new_only=False)


@get(
    "/journeys/templates",
    "list_journey_templates",
    "List the built-in journeys",
    scope="definitions",
)
async def list_templates(call: Call) -> JourneyTemplateList:  # noqa: ARG001
    """The built-in journeys, by key."""
    templates = [
        item_of(JourneyTemplate, journey, stages=[stage.title for stage in journey.stages])
        for journey in publish.journey_templates().values()
    ]
    return JourneyTemplateList(templates=templates)


@post(
    "/journeys/templates/{key:str}",
    "load_journey_template",
    "Load a built-in journey",
    scope="write",
    status=201,
    also=(200,),
    errors=(404, 409, 422),
)
async def load_template(call: Call, key: str, query: JourneyPushQuery) -> Replied[JourneyPushReply]:
    """Makes the journey; 200 when it is there unchanged, 409 when it was changed since."""
    journey = publish.journey_templates().get(key)
    if journey is None:
        known = ", ".join(publish.journey_templates())
        raise NotFoundError(
            f"There is no built-in journey {key!r}; there are {known}.",
            code="journey_template_unknown",
        )
    return await _push(call, journey, query, is_new_only=True)


@get("/journeys", "list_journeys", "List the workspace's journeys", scope="definitions")
async def list_all(call: Call) -> JourneyList:
    """All journeys, by key."""
    states = await publish.list_journey_states(call.db, call.workspace_id)
    return JourneyList(journeys=[_item(state) for state in states])


@get("/journeys/{key:str}", "get_journey", "Read a journey", scope="definitions", errors=(404,))
async def read(call: Call, key: str) -> JourneyReply:
    """The definition, and its touchpoints with all their settings."""
    state = JOURNEY.found(await publish.read_journey_state(call.db, call.workspace_id, key), key)
    return JourneyReply(
        key=key,
        updated_at=state.updated_at.isoformat(),
        definition=state.journey,
        touchpoints=state.touchpoints,
    )


@delete(
    "/journeys/{key:str}",
    "remove_journey",
    "Forget a journey; its touchpoints stay and ask as before",
    scope="write",
    errors=(404,),
)
async def remove(call: Call, key: str) -> None:
    """404 when there is no such journey."""
    if not await publish.remove_journey(call.db, call.workspace_id, key, call.now()):
        raise JOURNEY.missing(key)


async def _push(
    call: Call, journey: Journey, query: JourneyPushQuery, *, is_new_only: bool
) -> Replied[JourneyPushReply]:
    pushed = await publish.push_journey(
        call.db,
        call.workspace_id,
        journey,
        now=call.now(),
        new_id=call.runtime.new_id,
        is_dry_run=query.dry_run,
        is_new_only=is_new_only,
    )
    if not pushed.is_stored:
        call.changed_nothing()
    reply = item_of(JourneyPushReply, pushed, key=journey.key)
    return Replied(reply, 201 if pushed.is_stored else 200)


def _item(state: JourneyState) -> JourneyItem:
    return JourneyItem(
        key=state.journey.key,
        title=state.journey.title,
        stages=len(state.journey.stages),
        touchpoints=len(state.touchpoints),
        updated_at=state.updated_at.isoformat(),
    )
