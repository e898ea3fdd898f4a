"""Programmes, their members, and who of them is due.

`list_active` serves the worker of all workspaces; whatever belongs to one names it.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Executor, Transaction
from harken_server.database.locks import named_lock
from harken_server.database.records import Records
from harken_server.programmes.rules import Due, Programme
from harken_server.programmes.tables import Programme as T
from harken_server.programmes.tables import ProgrammeMember as M


class StoredProgramme(msgspec.Struct, frozen=True):
    """A programme as it was last set."""

    id: UUID
    workspace_id: UUID
    programme: Programme = msgspec.field(name="definition")
    created_at: datetime
    updated_at: datetime


class Member(msgspec.Struct, frozen=True):
    """One respondent of a programme."""

    respondent: str
    slot: int
    last_wave: int
    """The wave they were last decided on, or joined after; 0 is none."""


_PROGRAMMES = Records(T, StoredProgramme)
_MEMBERS = Records(M, Member)


async def lock_programmes(tx: Transaction, workspace_id: UUID) -> None:
    """Make those who change programmes of the workspace take turns until `tx` ends."""
    await named_lock(tx, workspace_id, "programmes")


async def list_active(db: Database) -> list[StoredProgramme]:
    """Every active programme of every workspace."""
    active = T.is_active == True  # noqa: E712  # A condition of Piccolo.
    return await _PROGRAMMES.anywhere().all(db, active, order_by=(T.workspace_id, T.key))


async def list_programmes(db: Database, workspace_id: UUID) -> list[StoredProgramme]:
    """All programmes of a workspace, by key."""
    return await _PROGRAMMES.of(workspace_id).all(db, order_by=(T.key,))


async def get_programme(db: Executor, workspace_id: UUID, key: str) -> StoredProgramme | None:
    """The programme with this key."""
    return await _PROGRAMMES.of(workspace_id).first(db, T.key == key)


async def put_programme(
    tx: Transaction, workspace_id: UUID, programme: Programme, now: datetime, new_id: UUID
) -> None:
    """Make the programme or replace its definition; `new_id` is used only for a new one."""
    values = {
        T.id: new_id,
        T.key: programme.key,
        T.definition: programme,
        T.is_active: programme.is_active,
        T.created_at: now,
        T.updated_at: now,
    }
    key = (T.workspace_id, T.key)
    await _PROGRAMMES.of(workspace_id).put(tx, values, key, only_new=(T.created_at,))


async def add_member(tx: Transaction, stored: StoredProgramme, member: Member) -> bool:
    """Take a respondent in. False, with nothing changed, for one who is a member already."""
    values = {**_MEMBERS.values_of(member), M.programme_id: stored.id}
    return await _MEMBERS.of(stored.workspace_id).add(tx, values)


async def remove_member(db: Executor, stored: StoredProgramme, respondent: str) -> bool:
    """Let a respondent go. False when they were no member."""
    theirs = (M.programme_id == stored.id, M.respondent == respondent)
    return bool(await _MEMBERS.of(stored.workspace_id).remove(db, *theirs))


async def list_members(
    db: Database, stored: StoredProgramme, *, after: str = "", limit: int = 1000
) -> list[Member]:
    """A page of members by respondent, in byte order; go on after the last one."""
    page = (M.programme_id == stored.id, M.respondent > after)
    members = _MEMBERS.of(stored.workspace_id)
    return await members.all(db, *page, order_by=(M.respondent,), limit=limit)


async def find_due(db: Database, stored: StoredProgramme, due: Due, limit: int) -> list[str]:
    """Respondents to be decided on now, those who were asked in the wave before first.

    Nearly all members were decided on in the wave before, which makes theirs one narrow range of
    the index.
    """
    turn = (M.programme_id == stored.id, M.slot >= due.first, M.slot <= due.last)
    members = _MEMBERS.of(stored.workspace_id)
    order = (M.last_wave, M.slot)
    found: list[Member] = []
    for missed in (M.last_wave == due.wave - 1, M.last_wave < due.wave - 1):
        rest = limit - len(found)
        found += await members.all(db, *turn, missed, order_by=order, limit=rest)
    return [member.respondent for member in found]


async def mark_decided(db: Database, stored: StoredProgramme, respondent: str, wave: int) -> None:
    """Keep that the wave is over for a member; never goes back to an earlier wave."""
    theirs = (M.programme_id == stored.id, M.respondent == respondent)
    members = _MEMBERS.of(stored.workspace_id)
    await members.change(db, {M.last_wave: wave}, *theirs, M.last_wave < wave)


async def next_slot(db: Database, stored: StoredProgramme, wave: int, after: int) -> int | None:
    """The first slot beyond `after` with a member who was not decided on in the wave."""
    later = (M.programme_id == stored.id, M.last_wave < wave, M.slot > after)
    found = await _MEMBERS.of(stored.workspace_id).first(db, *later, order_by=(M.slot,))
    return found.slot if found else None
