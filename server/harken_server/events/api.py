"""Events of people: told by the application, read with what they were asked and answered."""

from typing import Annotated

import msgspec

from harken_server.events.rules import MAX_AT_ONCE, ToldEvent
from harken_server.events.store.events import EventName, list_names
from harken_server.events.store.timeline_sql import Moment, read_timeline
from harken_server.events.telling import Told, tell_events
from harken_server.respondents.api import RespondentName
from harken_server.workspaces.keyed import Call, get, post

MAX_EVENTS_BYTES = 2 * 1024 * 1024


class EventsBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What people did, up to 1,000 events at once."""

    events: Annotated[tuple[ToldEvent, ...], msgspec.Meta(min_length=1, max_length=MAX_AT_ONCE)]


class EventNames(msgspec.Struct, kw_only=True):
    """Which events there are, by name."""

    names: list[EventName]


class TimelineQuery(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """How far back."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 100


class TimelineReply(msgspec.Struct, kw_only=True):
    """What happened with a person, newest first."""

    respondent: str
    moments: list[Moment]


@post(
    "/events",
    "tell_events",
    "Tell what people did: orders, visits, cancellations",
    scope="write",
    limit=MAX_EVENTS_BYTES,
    everyday="an application tells all day what its people do",
)
async def tell(call: Call, body: EventsBody) -> Told:
    """Each event is stored once, under the id that its teller made; what was refused is listed."""
    return await tell_events(call.db, call.workspace_id, body.events, call.now())


@get("/events", "list_event_names", "List the names of events")
async def names(call: Call) -> EventNames:
    """How many there are of each, and when the last happened."""
    return EventNames(names=await list_names(call.db, call.workspace_id))


@get(
    "/respondents/{respondent:str}/timeline",
    "get_timeline",
    "What a respondent was asked, answered and did",
)
async def timeline(call: Call, respondent: RespondentName, query: TimelineQuery) -> TimelineReply:
    """Newest first; empty for somebody of whom nothing is known."""
    moments = await read_timeline(call.db, call.workspace_id, respondent, limit=query.limit)
    return TimelineReply(respondent=respondent, moments=moments)
