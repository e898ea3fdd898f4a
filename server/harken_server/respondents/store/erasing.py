"""Forget a person in steps of some rows, each found by an index; or only count them.

Which tables have rows of one person each is read from their declarations, so that a table to come
is forgotten too: a column `respondent` says whose a row is, `address` to whom it went, and what
hangs on such a row names it by its id (`invitation_id`).
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeAlias
from uuid import UUID

import msgspec
from piccolo.columns import Column
from piccolo.table import Table

from harken_server.database.database import Database, Transaction
from harken_server.database.ddl import all_tables, meta
from harken_server.database.records import Condition, Records, is_among
from harken_server.database.tables import Outbox
from harken_server.invitations.tables import Invitation

AT_ONCE = 100
"""Rows of a step, without what hangs on them."""

_Tables: TypeAlias = tuple[type[Table], ...]


class _Row(msgspec.Struct, frozen=True):
    id: UUID


class _Whose(msgspec.Struct, frozen=True):
    respondent: str


class _Reached(msgspec.Struct, frozen=True):
    address: str | None = None
    email: str | None = None
    phone: str | None = None


@cache
def tables_of_people() -> _Tables:
    """Those with a column `respondent` and a workspace: rows come before those that they name.

    Responses have no workspace of their own and are no part: `responses.store` blanks them.
    """
    found = (each for each in all_tables() if {"respondent", "workspace_id"} <= _names(each))
    return tuple(reversed([*found]))


@cache
def tables_of_addresses() -> _Tables:
    """Those that know an address and not whose it is."""
    return tuple(
        each
        for each in all_tables()
        if {"address", "workspace_id"} <= _names(each) and "respondent" not in _names(each)
    )


@cache
def tables_behind(table: type[Table]) -> _Tables:
    """Those whose rows name a row of a table of people, and no person themselves."""
    names_it = f"{name_of(table)}_id"
    return tuple(
        each
        for each in all_tables()
        if {names_it, "workspace_id"} <= _names(each) and "respondent" not in _names(each)
    )


def name_of(table: type[Table]) -> str:
    """What people call its rows: `invitation`."""
    return meta(table).tablename


async def forget_some(
    tx: Transaction, workspace_id: UUID, table: type[Table], respondent: str
) -> int:
    """Remove up to `AT_ONCE` rows of a person, what hangs on them, and work promised about both.

    How many there were, without what hung on them; 0 when none is left.
    """
    is_theirs = _column(table, "respondent") == respondent
    if "id" not in _names(table):  # keyed by the person: as many as surveys or programmes
        return len(await _records(table, _Whose).of(workspace_id).remove(tx, is_theirs))
    theirs = _records(table, _Row).of(workspace_id)
    ids = [row.id for row in await theirs.all(tx, is_theirs, limit=AT_ONCE)]
    await _forget_rows(tx, workspace_id, table, ids)
    return len(ids)


async def forget_invitation(tx: Transaction, workspace_id: UUID, invitation_id: UUID) -> None:
    """Remove one invitation, what hangs on it, and work promised about both."""
    await _forget_rows(tx, workspace_id, Invitation, [invitation_id])


async def forget_address(
    tx: Transaction, workspace_id: UUID, table: type[Table], address: str
) -> int:
    """Remove what a table has of an address; how many rows there were."""
    gone = await _records(table, _Row).of(workspace_id).remove(tx, _is_at(table, address))
    await _forget_promises(tx, workspace_id, [row.id for row in gone])
    return len(gone)


async def count_rows(
    db: Database, workspace_id: UUID, respondent: str, addresses: list[str]
) -> dict[str, int]:
    """How many rows `forget_some` and `forget_address` would remove, by table."""
    counts: dict[str, int] = {}
    for table in tables_of_people():
        is_theirs = _column(table, "respondent") == respondent
        counts[name_of(table)] = await _records(table, _Whose).of(workspace_id).count(db, is_theirs)
    for table in tables_of_addresses():
        rows = _records(table, _Row).of(workspace_id)
        counts[name_of(table)] = sum(
            [await rows.count(db, _is_at(table, address)) for address in addresses]
        )
    return counts


async def find_addresses(db: Database, workspace_id: UUID, respondent: str) -> list[str]:
    """Where the person can be or was written to, unless somebody else has the address as well."""
    found: set[str] = set()
    for table in tables_of_people():
        if _reaching(table):
            theirs = _records(table, _Reached).of(workspace_id)
            rows = await theirs.all(db, _column(table, "respondent") == respondent)
            found.update(
                each for row in rows for each in (row.address, row.email, row.phone) if each
            )
    return [
        each for each in sorted(found) if not await _is_shared(db, workspace_id, each, respondent)
    ]


async def _is_shared(db: Database, workspace_id: UUID, address: str, respondent: str) -> bool:
    for table in tables_of_people():
        for name in _reaching(table):
            is_it = is_among(_column(table, name), sorted({address, address.lower()}))
            is_another = _column(table, "respondent") != respondent
            if await _records(table, _Whose).of(workspace_id).all(db, is_it, is_another, limit=1):
                return True
    return False


def _is_at(table: type[Table], address: str) -> Condition:
    return is_among(_column(table, "address"), sorted({address, address.lower()}))


def _reaching(table: type[Table]) -> list[str]:
    return sorted({"address", "email", "phone"} & _names(table))


async def _forget_rows(
    tx: Transaction, workspace_id: UUID, table: type[Table], ids: list[UUID]
) -> None:
    """Remove these rows, what hangs on them, and work promised about both."""
    if ids:
        gone = [*ids, *await _forget_behind(tx, workspace_id, table, ids)]
        is_one = is_among(_column(table, "id"), ids)
        await _records(table, _Row).of(workspace_id).remove(tx, is_one)
        await _forget_promises(tx, workspace_id, gone)


async def _forget_behind(
    tx: Transaction, workspace_id: UUID, table: type[Table], ids: list[UUID]
) -> list[UUID]:
    gone: list[UUID] = []
    for each in tables_behind(table):
        is_behind = is_among(_column(each, f"{name_of(table)}_id"), ids)
        gone += [
            row.id for row in await _records(each, _Row).of(workspace_id).remove(tx, is_behind)
        ]
    return gone


async def _forget_promises(tx: Transaction, workspace_id: UUID, ids: list[UUID]) -> None:
    """Work about a row has the row's id, and may say what the person answered."""
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        await _records(Outbox, _Row).of(workspace_id).remove(tx, is_among(Outbox.id, some))


@cache
def _records(table: type[Table], record: type[Any]) -> Records[Any]:
    return Records(table, record)


def _column(table: type[Table], name: str) -> Column:
    return meta(table).get_column_by_name(name)


@cache
def _names(table: type[Table]) -> frozenset[str]:
    return frozenset(meta(column).name for column in meta(table).columns)
