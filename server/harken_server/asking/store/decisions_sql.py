"""Decisions: the memory behind cooldowns and repeated triggers."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from harken_server.asking.decision import Decision
from harken_server.asking.tables import Decision as T
from harken_server.database.database import Database, Executor, Transaction
from harken_server.database.locks import lock_number
from harken_server.database.many_rows import among, array_of
from harken_server.database.records import Records
from harken_server.kernel.errors import ConflictError

_DECISIONS = Records(T, Decision)


async def find_decision_by_key(
    db: Executor, workspace_id: UUID, idempotency_key: str
) -> Decision | None:
    """The decision once made for this idempotency key; kept for ever."""
    decisions = _DECISIONS.of(workspace_id)
    return await decisions.first(db, T.idempotency_key == idempotency_key)


async def get_decision(
    db: Database,
    workspace_id: UUID,
    id: UUID,  # noqa: A002  # The record's own word.
) -> Decision | None:
    """The decision with this id."""
    return await _DECISIONS.of(workspace_id).first(db, T.id == id)


async def record_decisions(tx: Transaction, decisions: Sequence[Decision]) -> None:
    """Keep those of one workspace. ConflictError when the idempotency key of any has one."""
    if await _DECISIONS.of(decisions[0].workspace_id).add_many(tx, decisions) < len(decisions):
        raise ConflictError("one of these triggers was decided already", code="decision_exists")


async def find_used_keys(tx: Transaction, workspace_id: UUID, keys: Sequence[str]) -> set[str]:
    """Which of these idempotency keys have a decision."""
    if not keys:
        return set()
    rows = await tx.fetch(
        "SELECT idempotency_key FROM decision WHERE workspace_id = $1"  # noqa: S608  # our own words
        f" AND idempotency_key IS NOT NULL AND idempotency_key {among(tx, 2, 'text')}",
        workspace_id,
        array_of(tx, keys),
    )
    return {row[0] for row in rows}


async def take_locks(
    tx: Transaction,
    workspace_id: UUID,
    names: Sequence[Sequence[str]],
    *,
    is_waiting: bool,
) -> list[bool]:
    """Take the locks (see `database.locks`) of many triggers until `tx` ends; whether each has all.

    Without waiting, a trigger whose lock somebody else has gets False, and nobody is held up by it.
    """
    if tx.dialect == "sqlite":
        return [True] * len(names)
    numbers = [[lock_number(workspace_id, name) for name in its_names] for its_names in names]
    # In one order for all, so that no two transactions wait for each other.
    wanted = sorted({number for its_numbers in numbers for number in its_numbers})
    if is_waiting:
        await tx.fetch("SELECT pg_advisory_xact_lock(n) FROM unnest($1::bigint[]) AS n", wanted)
        return [True] * len(names)
    rows = await tx.fetch(
        "SELECT n, pg_try_advisory_xact_lock(n) FROM unnest($1::bigint[]) AS n", wanted
    )
    taken = {number for number, is_taken in rows if is_taken}
    return [taken.issuperset(its_numbers) for its_numbers in numbers]
