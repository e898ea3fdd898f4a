"""Programmes: lists of respondents that are asked wave by wave."""

from datetime import date
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, put
from litestar.params import FromPath

from harken_server.asking.requests import MAX_RESPONDENT
from harken_server.deliveries.channels import Channels
from harken_server.http.bodies import decode_json, decode_query
from harken_server.http.operations import Operation, describe
from harken_server.http.problems import BadRequestError
from harken_server.http.replies import json_reply
from harken_server.http.runtime import runtime_of
from harken_server.kernel.errors import NotFoundError
from harken_server.programmes import store as programmes
from harken_server.programmes.lists import (
    MAX_MEMBERS_AT_ONCE,
    MemberBody,
    ProgrammeBody,
    change_members,
    put_programme,
)
from harken_server.programmes.progress import ProgrammeState, Progress, read_progress
from harken_server.programmes.rules import Every, ProgrammeKey
from harken_server.programmes.store import StoredProgramme
from harken_server.workspaces.access import workspace_of

MAX_MEMBERS_BYTES = 2 * 1024 * 1024


class ProgrammeItem(msgspec.Struct, kw_only=True):
    """A programme as it was set."""

    key: str
    survey: str
    touchpoint: str
    channel: str
    every: Every
    starts_on: date
    spread_days: int | None
    timezone: str
    is_active: bool
    created_at: str
    updated_at: str


class ProgrammeList(msgspec.Struct, kw_only=True):
    """All programmes of the workspace, by key."""

    programmes: list[ProgrammeItem]


class ProgrammeReply(msgspec.Struct, kw_only=True):
    """A programme and how far it has come."""

    programme: ProgrammeItem
    state: ProgrammeState
    """Whether it runs, and if not, why."""
    progress: Progress


class MembersBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Respondents to take in or bring up to date, and respondents to let go."""

    members: Annotated[tuple[MemberBody, ...], msgspec.Meta(max_length=MAX_MEMBERS_AT_ONCE)] = ()
    remove: Annotated[
        tuple[Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_RESPONDENT)], ...],
        msgspec.Meta(max_length=MAX_MEMBERS_AT_ONCE),
    ] = ()


class MembersReply(msgspec.Struct, kw_only=True):
    """What became of a batch."""

    added: int
    known: int
    """Were members already; what is known of them was brought up to date."""
    removed: int
    skipped: int
    """Were erased, so that nothing may be kept of them: they are not taken in."""


class MemberItem(msgspec.Struct, kw_only=True):
    """One respondent of a programme."""

    respondent: str
    last_wave: int
    """The wave they were last decided on, or joined after; 0 is none."""


class MemberList(msgspec.Struct, kw_only=True):
    """A page of members, by respondent."""

    members: list[MemberItem]


class MemberQuery(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Where to go on, and how many at once."""

    after: Annotated[str, msgspec.Meta(max_length=MAX_RESPONDENT)] = ""
    """The last respondent of the page before."""
    limit: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 200


_programmes = msgspec.json.Decoder(ProgrammeBody)
_members = msgspec.json.Decoder(MembersBody)


@get(
    "/programmes",
    opt=describe(Operation("list_programmes", "List programmes", reply=ProgrammeList)),
)
async def list_all(request: Request[Any, Any, Any]) -> Response[bytes]:
    """All programmes, by key."""
    found = await programmes.list_programmes(runtime_of(request).db, workspace_of(request).id)
    return json_reply(ProgrammeList(programmes=[_item(stored) for stored in found]))


@get(
    "/programmes/{key:str}",
    opt=describe(
        Operation(
            "get_programme",
            "Read a programme and how far it has come",
            reply=ProgrammeReply,
            errors=(404,),
        )
    ),
)
async def read(request: Request[Any, Any, Any], key: FromPath[str]) -> Response[bytes]:
    """One programme with the progress of its current wave."""
    return await _reply(request, await _find(request, key))


@put(
    "/programmes/{key:str}",
    opt=describe(
        Operation(
            "put_programme",
            "Make or change a programme",
            scope="write",
            body=ProgrammeBody,
            reply=ProgrammeReply,
            errors=(400, 413, 422),
        )
    ),
)
async def write(request: Request[Any, Any, Any], key: FromPath[str]) -> Response[bytes]:
    """Once it has begun, `every`, `starts_on` and `timezone` stay as they are."""
    runtime = runtime_of(request)
    try:
        msgspec.convert(key, ProgrammeKey)
    except msgspec.ValidationError as error:
        raise BadRequestError(
            f"{key[:64]!r} is not a programme key: lower case letters, digits and _, first a"
            " letter, at most 64 characters.",
            code="bad_parameter",
        ) from error
    body = decode_json(await request.body(), _programmes)
    stored = await put_programme(
        runtime.db,
        workspace_of(request).id,
        key,
        body,
        now=runtime.clock(),
        new_id=runtime.new_id,
        channels=runtime.of(Channels),
    )
    return await _reply(request, stored)


@get(
    "/programmes/{key:str}/members",
    opt=describe(
        Operation(
            "list_programme_members",
            "List the members of a programme",
            query=MemberQuery,
            reply=MemberList,
            errors=(404,),
        )
    ),
)
async def list_members(request: Request[Any, Any, Any], key: FromPath[str]) -> Response[bytes]:
    """A page by respondent; go on after the last one."""
    query = decode_query(request.query_params.multi_items(), MemberQuery)
    stored = await _find(request, key)
    found = await programmes.list_members(
        runtime_of(request).db, stored, after=query.after, limit=query.limit
    )
    items = [MemberItem(respondent=item.respondent, last_wave=item.last_wave) for item in found]
    return json_reply(MemberList(members=items))


@put(
    "/programmes/{key:str}/members",
    request_max_body_size=MAX_MEMBERS_BYTES,
    opt=describe(
        Operation(
            "change_programme_members",
            "Take members in, bring them up to date, let them go",
            scope="write",
            body=MembersBody,
            reply=MembersReply,
            errors=(400, 404, 413, 422),
        )
    ),
)
async def write_members(request: Request[Any, Any, Any], key: FromPath[str]) -> Response[bytes]:
    """Up to 1,000 each; other members stay, and repeating a batch is safe."""
    runtime = runtime_of(request)
    stored = await _find(request, key)
    body = decode_json(await request.body(), _members)
    changed = await change_members(
        runtime.db, stored, body.members, body.remove, now=runtime.clock()
    )
    return json_reply(MembersReply(**changed._asdict()))


async def _find(request: Request[Any, Any, Any], key: str) -> StoredProgramme:
    found = await programmes.get_programme(runtime_of(request).db, workspace_of(request).id, key)
    if found is None:
        raise NotFoundError(f"There is no programme {key!r} here.", code="programme_unknown")
    return found


async def _reply(request: Request[Any, Any, Any], stored: StoredProgramme) -> Response[bytes]:
    runtime = runtime_of(request)
    state, progress = await read_progress(runtime.db, stored, runtime.clock())
    return json_reply(ProgrammeReply(programme=_item(stored), state=state, progress=progress))


def _item(stored: StoredProgramme) -> ProgrammeItem:
    programme = stored.programme
    return ProgrammeItem(
        key=programme.key,
        survey=programme.survey,
        touchpoint=programme.touchpoint,
        channel=programme.channel,
        every=programme.every,
        starts_on=programme.starts_on,
        spread_days=programme.spread_days,
        timezone=programme.timezone,
        is_active=programme.is_active,
        created_at=stored.created_at.isoformat(),
        updated_at=stored.updated_at.isoformat(),
    )


ROUTES = (list_all, read, write, list_members, write_members)
