"""Requests about journeys and programmes as `Call`s."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from harken._calls.conversation import Call, Reply
from harken._calls.reading import read_as, read_nothing, segment
from harken._types.journey import Journey, JourneyPush, JourneySummary, JourneyTemplate
from harken._types.programme import (
    MembersChange,
    Programme,
    ProgrammeDefinition,
    ProgrammeMember,
)
from harken._types.survey import DefinitionFormat

T = TypeVar("T")

JSON = ("Content-Type", "application/json")
MEMBERS_AT_ONCE = 1000


class _JourneyList(msgspec.Struct, frozen=True):
    journeys: tuple[JourneySummary, ...]


class _TemplateList(msgspec.Struct, frozen=True):
    templates: tuple[JourneyTemplate, ...]


class _ProgrammeList(msgspec.Struct, frozen=True):
    programmes: tuple[ProgrammeDefinition, ...]


class _MemberList(msgspec.Struct, frozen=True):
    members: tuple[ProgrammeMember, ...]


def push_journey(
    definition: bytes, format: DefinitionFormat, *, dry_run: bool
) -> Call[JourneyPush]:
    """POST /v1/journeys; pushing the same definition again changes nothing, so it may repeat."""
    return Call(
        method="POST",
        path="/v1/journeys",
        query=_dry(dry_run),
        headers=(("Content-Type", f"application/{format}"),),
        body=definition,
        read=read_as(JourneyPush),
        may_repeat=True,
    )


def load_journey(key: str, *, dry_run: bool) -> Call[JourneyPush]:
    """POST /v1/journeys/templates/{key}; once loaded, a repeat changes nothing."""
    return Call(
        method="POST",
        path=f"/v1/journeys/templates/{segment(key)}",
        query=_dry(dry_run),
        read=read_as(JourneyPush),
        may_repeat=True,
    )


def get_journey(key: str) -> Call[Journey]:
    """GET /v1/journeys/{key}."""
    return _get(f"/v1/journeys/{segment(key)}", read_as(Journey))


def list_journeys() -> Call[tuple[JourneySummary, ...]]:
    """GET /v1/journeys."""
    read = read_as(_JourneyList)
    return _get("/v1/journeys", lambda reply: read(reply).journeys)


def list_journey_templates() -> Call[tuple[JourneyTemplate, ...]]:
    """GET /v1/journeys/templates."""
    read = read_as(_TemplateList)
    return _get("/v1/journeys/templates", lambda reply: read(reply).templates)


def remove_journey(key: str) -> Call[None]:
    """DELETE /v1/journeys/{key}."""
    return Call(
        method="DELETE", path=f"/v1/journeys/{segment(key)}", read=read_nothing, may_repeat=True
    )


def put_programme(key: str, fields: Mapping[str, Any]) -> Call[Programme]:
    """PUT /v1/programmes/{key}."""
    body = {name: value for name, value in fields.items() if value is not None}
    return _put(f"/v1/programmes/{segment(key)}", body, Programme)


def get_programme(key: str) -> Call[Programme]:
    """GET /v1/programmes/{key}."""
    return _get(f"/v1/programmes/{segment(key)}", read_as(Programme))


def list_programmes() -> Call[tuple[ProgrammeDefinition, ...]]:
    """GET /v1/programmes."""
    read = read_as(_ProgrammeList)
    return _get("/v1/programmes", lambda reply: read(reply).programmes)


def list_members(key: str, after: str, limit: int) -> Call[tuple[ProgrammeMember, ...]]:
    """GET /v1/programmes/{key}/members: one page."""
    read = read_as(_MemberList)
    return Call(
        method="GET",
        path=f"/v1/programmes/{segment(key)}/members",
        query=(("after", after), ("limit", str(limit))),
        read=lambda reply: read(reply).members,
        may_repeat=True,
    )


def change_members(
    key: str, *, members: Sequence[Mapping[str, Any]] = (), remove: Sequence[str] = ()
) -> Call[MembersChange]:
    """PUT /v1/programmes/{key}/members: one batch, which may be repeated."""
    body = {"members": [dict(member) for member in members], "remove": list(remove)}
    return _put(f"/v1/programmes/{segment(key)}/members", body, MembersChange)


def added_up(changes: Sequence[MembersChange]) -> MembersChange:
    """The changes of several batches as one."""
    return MembersChange(
        added=sum(change.added for change in changes),
        known=sum(change.known for change in changes),
        removed=sum(change.removed for change in changes),
        skipped=sum(change.skipped for change in changes),
    )


def _put(path: str, body: Mapping[str, Any], kind: type[T]) -> Call[T]:
    return Call(
        method="PUT",
        path=path,
        headers=(JSON,),
        body=msgspec.json.encode(body),
        read=read_as(kind),
        may_repeat=True,
    )


def _get(path: str, read: Callable[[Reply], T]) -> Call[T]:
    return Call(method="GET", path=path, read=read, may_repeat=True)


def _dry(is_dry: bool) -> tuple[tuple[str, str], ...]:
    return (("dry_run", "true"),) if is_dry else ()
