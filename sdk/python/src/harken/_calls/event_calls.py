"""Requests about what people did, as `Call`s."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import msgspec

from harken._calls.conversation import Call
from harken._calls.reading import read_as, read_list
from harken._calls.request import get, person, send, without_none
from harken._ids import new_id
from harken._types.numbers.event import Behaviour, BehaviourOptions, EventName, EventsTold, Moment
from harken._values import Id, all_entries, name_of

if TYPE_CHECKING:
    from typing_extensions import Unpack


def tell_events(events: Sequence[dict[str, Any]]) -> Call[EventsTold]:
    """POST /v1/events; each carries its id, so a repeat stores nothing twice."""
    return send("POST", "/v1/events", read_as(EventsTold), {"events": events})


def list_event_names() -> Call[tuple[EventName, ...]]:
    """GET /v1/events."""
    return get("/v1/events", read_list("names", EventName))


def get_timeline(respondent: Id, limit: int) -> Call[tuple[Moment, ...]]:
    """GET /v1/respondents/{respondent}/timeline."""
    piece, query = person(respondent)
    path = f"/v1/respondents/{piece}/timeline"
    return get(path, read_list("moments", Moment), **query, limit=limit)


def get_behaviour(path: str, **wanted: Unpack[BehaviourOptions]) -> Call[Behaviour]:
    """GET /v1/surveys/{key}/behaviour."""
    return get(f"{path}/behaviour", read_as(Behaviour), **without_none(wanted))


def add_up(before: EventsTold, now: EventsTold, done: int) -> EventsTold:
    """Both together; places of `now` are counted on from `done`."""
    refused = [msgspec.structs.replace(each, index=each.index + done) for each in now.refused]
    return EventsTold(
        stored=before.stored + now.stored,
        repeated=before.repeated + now.repeated,
        refused=(*before.refused, *refused),
    )


def event_body(
    name: str,
    respondent: Id,
    *,
    at: datetime | None = None,
    value: float | None = None,
    properties: Mapping[str, Any] | None = None,
    id: Id | None = None,
) -> dict[str, Any]:
    """An event as it is sent. Raises ValueError for a time without a zone."""
    if at is not None and at.tzinfo is None:
        raise ValueError("at must say its time zone, such as datetime.now(timezone.utc)")
    body: dict[str, Any] = {
        "id": new_id() if id is None else str(id),
        "respondent": name_of("respondent", respondent),
        "name": name,
        "at": at or datetime.now(timezone.utc),
    }
    if value is not None:
        body["value"] = value
    if properties:
        body["properties"] = all_entries("properties", properties)
    return body
