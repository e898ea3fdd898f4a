"""Who is in a workspace, and who leaves it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from harken_server.database.database import Executor, Transaction
from harken_server.database.locks import named_lock
from harken_server.database.records import Records, is_among
from harken_server.workspaces.people.account import Account, Membership, Session
from harken_server.workspaces.tables import Account as P
from harken_server.workspaces.tables import AccountRole as R
from harken_server.workspaces.tables import SignIn as S

_ACCOUNTS = Records(P, Account).anywhere()
_ROLES = Records(R, Membership)
_SESSIONS = Records(S, Session).anywhere()


async def list_members(db: Executor, workspace_id: UUID) -> list[tuple[Account, Membership]]:
    """Everybody who may do something in the workspace, who came first first."""
    roles = await _ROLES.of(workspace_id).all(db, order_by=(R.created_at, R.account_id))
    people = await accounts_of(db, [one.account_id for one in roles])
    return [(people[one.account_id], one) for one in roles if one.account_id in people]


async def accounts_of(db: Executor, ids: Collection[UUID]) -> dict[UUID, Account]:
    """The people with these ids."""
    found = await _ACCOUNTS.all(db, is_among(P.id, [*ids])) if ids else []
    return {account.id: account for account in found}


async def last_seen(db: Executor, ids: Collection[UUID]) -> dict[UUID, datetime]:
    """When each of them was last here, of those who are signed in somewhere."""
    found = await _SESSIONS.all(db, is_among(S.account_id, [*ids])) if ids else []
    seen: dict[UUID, datetime] = {}
    for session in sorted(found, key=lambda each: each.last_seen_at):
        seen[session.account_id] = session.last_seen_at
    return seen


async def lock_members(tx: Transaction, workspace_id: UUID) -> None:
    """Let two owners who demote each other do so one after the other."""
    await named_lock(tx, workspace_id, "members")


async def count_owners(db: Executor, workspace_id: UUID) -> int:
    """How many owners the workspace has."""
    return await _ROLES.of(workspace_id).count(db, R.role == "owner")


async def remove_member(db: Executor, workspace_id: UUID, account_id: UUID) -> bool:
    """Take everything that somebody may do in the workspace. False when that was nothing."""
    return bool(await _ROLES.of(workspace_id).remove(db, R.account_id == account_id))
