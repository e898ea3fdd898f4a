"""Programmes, their members, and who of them is due.

`list_active` serves the worker of all workspaces; whatever belongs to one names it.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, TypeAlias
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Transaction
from harken_server.database.locks import named_lock
from harken_server.database.rows import StoredId, StoredTime
from harken_server.database.values import to_time, to_uuid
from harken_server.programmes.rules import Due, Programme

_Row: TypeAlias = tuple[StoredId, StoredId, str, StoredTime, StoredTime]

_SELECT = "SELECT id, workspace_id, definition, created_at, updated_at FROM programme"
_DUE = (
    "SELECT respondent FROM programme_member WHERE programme_id = $1 AND workspace_id = $2"
    " AND last_wave {} $3 AND slot >= $4 AND slot <= $5 ORDER BY last_wave, slot LIMIT $6"
)
_NEXT = (
    "SELECT min(slot) FROM programme_member WHERE programme_id = $1 AND workspace_id = $2"
    " AND last_wave < $3 AND slot > $4"
)


class StoredProgramme(msgspec.Struct, frozen=True):
    """A programme as it was last set."""

    id: UUID
    workspace_id: UUID
    programme: Programme
    created_at: datetime
    updated_at: datetime


class Member(NamedTuple):
    """One respondent of a programme."""

    respondent: str
    slot: int
    last_wave: int
    """The wave they were last decided on, or joined after; 0 is none."""


class Tally(NamedTuple):
    """How far a wave has come."""

    members: int
    decided: int
    """Members who were decided on in the wave, or joined after their turn in it."""
    due: int
    """Members whose turn has come and who were not decided on yet."""
    asked: int
    answered: int
    """Invitations of the wave with a complete response."""


async def lock_programmes(tx: Transaction, workspace_id: UUID) -> None:
    """Make those who change programmes of the workspace take turns until `tx` ends."""
    await named_lock(tx, workspace_id, "programmes")


async def list_active(db: Database) -> list[StoredProgramme]:
    """Every active programme of every workspace."""
    rows = await db.fetch(_SELECT + " WHERE is_active ORDER BY workspace_id, key")
    return [_programme(row) for row in rows]


async def list_programmes(db: Database, workspace_id: UUID) -> list[StoredProgramme]:
    """All programmes of a workspace, by key."""
    rows = await db.fetch(_SELECT + " WHERE workspace_id = $1 ORDER BY key", workspace_id)
    return [_programme(row) for row in rows]


async def get_programme(
    db: Database | Transaction, workspace_id: UUID, key: str
) -> StoredProgramme | None:
    """The programme with this key."""
    rows = await db.fetch(_SELECT + " WHERE workspace_id = $1 AND key = $2", workspace_id, key)
    return _programme(rows[0]) if rows else None


async def put_programme(
    tx: Transaction, workspace_id: UUID, programme: Programme, now: datetime, new_id: UUID
) -> None:
    """Make the programme or replace its definition; `new_id` is used only for a new one."""
    await tx.execute(
        "INSERT INTO programme (id, workspace_id, key, definition, is_active, created_at,"
        " updated_at) VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT (workspace_id, key) DO"
        " UPDATE SET definition = excluded.definition, is_active = excluded.is_active,"
        " updated_at = excluded.updated_at",
        new_id,
        workspace_id,
        programme.key,
        msgspec.json.encode(programme).decode(),
        programme.is_active,
        now,
    )


async def add_member(tx: Transaction, stored: StoredProgramme, member: Member) -> bool:
    """Take a respondent in. False, with nothing changed, for one who is a member already."""
    rows = await tx.execute(
        "INSERT INTO programme_member (programme_id, workspace_id, respondent, slot, last_wave)"
        " VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING respondent",
        stored.id,
        stored.workspace_id,
        *member,
    )
    return bool(rows)


async def remove_member(
    db: Database | Transaction, stored: StoredProgramme, respondent: str
) -> bool:
    """Let a respondent go. False when they were no member."""
    rows = await db.execute(
        "DELETE FROM programme_member WHERE programme_id = $1 AND workspace_id = $2"
        " AND respondent = $3 RETURNING respondent",
        stored.id,
        stored.workspace_id,
        respondent,
    )
    return bool(rows)


async def list_members(
    db: Database, stored: StoredProgramme, *, after: str = "", limit: int = 1000
) -> list[Member]:
    """A page of members by respondent, in byte order; go on after the last one."""
    rows = await db.fetch(
        "SELECT respondent, slot, last_wave FROM programme_member WHERE programme_id = $1"
        " AND workspace_id = $2 AND respondent > $3 ORDER BY respondent LIMIT $4",
        stored.id,
        stored.workspace_id,
        after,
        limit,
    )
    return [Member(*row) for row in rows]


async def find_due(db: Database, stored: StoredProgramme, due: Due, limit: int) -> list[str]:
    """Respondents to be decided on now, those who were asked in the wave before first.

    Nearly all members were decided on in the wave before, which makes theirs one narrow range of
    the index.
    """
    names: list[str] = []
    for comparison in ("=", "<"):
        rows = await db.fetch(
            _DUE.format(comparison),
            stored.id,
            stored.workspace_id,
            due.wave - 1,
            due.first,
            due.last,
            limit - len(names),
        )
        names += [row[0] for row in rows]
    return names


async def mark_decided(db: Database, stored: StoredProgramme, respondent: str, wave: int) -> None:
    """Keep that the wave is over for a member; never goes back to an earlier wave."""
    await db.execute(
        "UPDATE programme_member SET last_wave = $4 WHERE programme_id = $1 AND workspace_id = $2"
        " AND respondent = $3 AND last_wave < $4",
        stored.id,
        stored.workspace_id,
        respondent,
        wave,
    )


async def next_slot(db: Database, stored: StoredProgramme, wave: int, after: int) -> int | None:
    """The first slot beyond `after` with a member who was not decided on in the wave."""
    row = await db.fetch_one(_NEXT, stored.id, stored.workspace_id, wave, after)
    return row[0] if row else None


async def tally_wave(
    db: Database, stored: StoredProgramme, wave: int, reached: int, label: str
) -> Tally:
    """Count a wave; `reached` is the last slot that is due, `label` names its invitations."""
    members = await db.fetch(
        "SELECT count(*), COALESCE(sum(CASE WHEN last_wave >= $3 THEN 1 ELSE 0 END), 0),"
        " COALESCE(sum(CASE WHEN last_wave < $3 AND slot <= $4 THEN 1 ELSE 0 END), 0)"
        " FROM programme_member WHERE programme_id = $1 AND workspace_id = $2",
        stored.id,
        stored.workspace_id,
        wave,
        reached,
    )
    asked = await db.fetch(
        "SELECT count(*), COALESCE(sum(CASE WHEN r.state = 'complete' THEN 1 ELSE 0 END), 0)"
        " FROM invitation i LEFT JOIN response r ON r.survey_id = i.survey_id"
        " AND r.id = i.response_id WHERE i.workspace_id = $1 AND i.wave = $2",
        stored.workspace_id,
        label,
    )
    return Tally(*(int(number) for number in (*members[0], *asked[0])))


def _programme(row: _Row) -> StoredProgramme:
    return StoredProgramme(
        id=to_uuid(row[0]),
        workspace_id=to_uuid(row[1]),
        programme=msgspec.json.decode(row[2], type=Programme),
        created_at=to_time(row[3]),
        updated_at=to_time(row[4]),
    )
