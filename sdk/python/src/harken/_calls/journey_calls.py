"""Requests about journeys and programmes as `Call`s."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from harken._calls.conversation import Call
from harken._calls.definition_files import DefinitionFormat
from harken._calls.reading import read_as, read_list
from harken._calls.request import (
    bare,
    delete,
    dry_run_query,
    get,
    person_body,
    push,
    segment,
    send,
    without_none,
)
from harken._types.journey import Journey, JourneyPush, JourneySummary, JourneyTemplate
from harken._types.numbers.journey_scores import JourneyScoreOptions, JourneyScores
from harken._types.programme import (
    MembersChange,
    Programme,
    ProgrammeDefinition,
    ProgrammeMember,
)
from harken._values import Id, name_of

if TYPE_CHECKING:
    from typing_extensions import Unpack

MEMBERS_AT_ONCE = 1000


def push_journey(
    definition: bytes, format: DefinitionFormat, *, dry_run: bool
) -> Call[JourneyPush]:
    """POST /v1/journeys; pushing the same definition again changes nothing, so it may repeat."""
    return push("/v1/journeys", read_as(JourneyPush), definition, format, dry_run=dry_run)


def load_journey(key: str, *, dry_run: bool) -> Call[JourneyPush]:
    """POST /v1/journeys/templates/{key}; once loaded, a repeat changes nothing."""
    path = f"/v1/journeys/templates/{segment(key)}"
    return bare("POST", path, read_as(JourneyPush), query=dry_run_query(dry_run))


def get_journey(key: str) -> Call[Journey]:
    """GET /v1/journeys/{key}."""
    return get(f"/v1/journeys/{segment(key)}", read_as(Journey))


def get_journey_scores(key: str, **wanted: Unpack[JourneyScoreOptions]) -> Call[JourneyScores]:
    """GET /v1/journeys/{key}/scores."""
    path = f"/v1/journeys/{segment(key)}/scores"
    return get(path, read_as(JourneyScores), **without_none(wanted))


def list_journeys() -> Call[tuple[JourneySummary, ...]]:
    """GET /v1/journeys."""
    return get("/v1/journeys", read_list("journeys", JourneySummary))


def list_journey_templates() -> Call[tuple[JourneyTemplate, ...]]:
    """GET /v1/journeys/templates."""
    return get("/v1/journeys/templates", read_list("templates", JourneyTemplate))


def remove_journey(key: str) -> Call[None]:
    """DELETE /v1/journeys/{key}."""
    return delete(f"/v1/journeys/{segment(key)}")


def put_programme(key: str, fields: Mapping[str, Any]) -> Call[Programme]:
    """PUT /v1/programmes/{key}."""
    return send("PUT", f"/v1/programmes/{segment(key)}", read_as(Programme), without_none(fields))


def get_programme(key: str) -> Call[Programme]:
    """GET /v1/programmes/{key}."""
    return get(f"/v1/programmes/{segment(key)}", read_as(Programme))


def list_programmes() -> Call[tuple[ProgrammeDefinition, ...]]:
    """GET /v1/programmes."""
    return get("/v1/programmes", read_list("programmes", ProgrammeDefinition))


def list_members(key: str, after: str, limit: int) -> Call[tuple[ProgrammeMember, ...]]:
    """GET /v1/programmes/{key}/members: one page."""
    path = f"/v1/programmes/{segment(key)}/members"
    return get(path, read_list("members", ProgrammeMember), after=after, limit=limit)


def change_members(
    key: str, *, members: Sequence[Id | Mapping[str, Any]] = (), remove: Sequence[Id] = ()
) -> Call[MembersChange]:
    """PUT /v1/programmes/{key}/members: one batch, which may be repeated."""
    body = {
        "members": [person_body(member) for member in members],
        "remove": [name_of("remove", name) for name in remove],
    }
    return send("PUT", f"/v1/programmes/{segment(key)}/members", read_as(MembersChange), body)


def add_up_changes(changes: Sequence[MembersChange]) -> MembersChange:
    """The changes of several batches as one."""
    return MembersChange(
        added=sum(change.added for change in changes),
        known=sum(change.known for change in changes),
        removed=sum(change.removed for change in changes),
        skipped=sum(change.skipped for change in changes),
    )
