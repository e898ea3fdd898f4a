"""Programmes: lists of respondents that are asked wave by wave."""

from datetime import date
from typing import Annotated

import msgspec

from harken_server.deliveries.channels import Channels
from harken_server.http.replies import item_of
from harken_server.http.resources import Resource
from harken_server.kernel.person_names import MAX_RESPONDENT, PersonName, trim_name
from harken_server.programmes import store as programmes
from harken_server.programmes.lists import (
    MAX_MEMBERS_AT_ONCE,
    MemberBody,
    MembersReply,
    ProgrammeBody,
    change_members,
    put_programme,
)
from harken_server.programmes.progress import ProgrammeState, Progress, read_progress
from harken_server.programmes.rules import Every, ProgrammeKey
from harken_server.programmes.store import StoredProgramme
from harken_server.workspaces.keyed import Call, get, put

PROGRAMME = Resource("programme", "programme_unknown")
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
        tuple[PersonName, ...],
        msgspec.Meta(max_length=MAX_MEMBERS_AT_ONCE),
    ] = ()

    def __post_init__(self) -> None:
        """Blanks around a name are no part of it."""
        msgspec.structs.force_setattr(self, "remove", tuple(map(trim_name, self.remove)))


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


@get("/programmes", "list_programmes", "List programmes", scope="definitions")
async def list_all(call: Call) -> ProgrammeList:
    """All programmes, by key."""
    found = await programmes.list_programmes(call.db, call.workspace_id)
    return ProgrammeList(programmes=[_item(stored) for stored in found])


@get(
    "/programmes/{key:str}",
    "get_programme",
    "Read a programme and how far it has come",
    errors=(404,),
)
async def read(call: Call, key: str) -> ProgrammeReply:
    """One programme with the progress of its current wave."""
    return await _reply(call, await _find(call, key))


@put("/programmes/{key:str}", "put_programme", "Make or change a programme", scope="write")
async def write(call: Call, key: str, body: ProgrammeBody) -> ProgrammeReply:
    """Once it has begun, `every`, `starts_on` and `timezone` stay as they are."""
    PROGRAMME.check_key(
        key,
        ProgrammeKey,
        "lower case letters, digits and _, first a letter, at most 64 characters",
    )
    stored = await put_programme(
        call.db,
        call.workspace_id,
        key,
        body,
        now=call.now(),
        new_id=call.runtime.new_id,
        channels=call.runtime.of(Channels),
    )
    return await _reply(call, stored)


@get(
    "/programmes/{key:str}/members",
    "list_programme_members",
    "List the members of a programme",
    errors=(404,),
)
async def list_members(call: Call, key: str, query: MemberQuery) -> MemberList:
    """A page by respondent; go on after the last one."""
    stored = await _find(call, key)
    found = await programmes.list_members(call.db, stored, after=query.after, limit=query.limit)
    return MemberList(members=[item_of(MemberItem, member) for member in found])


@put(
    "/programmes/{key:str}/members",
    "change_programme_members",
    "Take members in, bring them up to date, let them go",
    scope="write",
    errors=(404,),
    limit=MAX_MEMBERS_BYTES,
)
async def write_members(call: Call, key: str, body: MembersBody) -> MembersReply:
    """Up to 1,000 each; other members stay, and repeating a batch is safe."""
    stored = await _find(call, key)
    names = [name.strip() for name in body.remove]
    return await change_members(call.db, stored, body.members, names, now=call.now())


async def _find(call: Call, key: str) -> StoredProgramme:
    found = await programmes.get_programme(call.db, call.workspace_id, key)
    return PROGRAMME.found(found, key)


async def _reply(call: Call, stored: StoredProgramme) -> ProgrammeReply:
    state, progress = await read_progress(call.db, stored, call.now())
    return ProgrammeReply(programme=_item(stored), state=state, progress=progress)


def _item(stored: StoredProgramme) -> ProgrammeItem:
    times = {"created_at": stored.created_at, "updated_at": stored.updated_at}
    return item_of(ProgrammeItem, stored.programme, **times)
