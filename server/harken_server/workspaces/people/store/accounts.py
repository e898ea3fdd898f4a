"""Accounts, and what each may do in which workspace."""

from __future__ import annotations

from uuid import UUID

from harken_server.database.database import Database, Executor
from harken_server.database.records import Records
from harken_server.workspaces.people.account import Account, Membership
from harken_server.workspaces.store.workspaces import get_workspace
from harken_server.workspaces.tables import Account as T
from harken_server.workspaces.tables import AccountRole as R
from harken_server.workspaces.workspace import Workspace

_RECORDS = Records(T, Account)
_ACCOUNTS = _RECORDS.anywhere()
_ROLES = Records(R, Membership)


async def add_account(db: Executor, account: Account) -> bool:
    """False when somebody has the address already."""
    return await _ACCOUNTS.add(db, _RECORDS.values_of(account))


async def get_account(db: Executor, account_id: UUID) -> Account | None:
    """The person with this id."""
    return await _ACCOUNTS.first(db, T.id == account_id)


async def find_account(db: Executor, email: str) -> Account | None:
    """The person with this address."""
    return await _ACCOUNTS.first(db, T.email == email.lower())


async def put_membership(db: Executor, one: Membership) -> None:
    """Say what somebody may do in a workspace."""
    await _ROLES.of(one.workspace_id).put(db, _ROLES.values_of(one), (R.workspace_id, R.account_id))


async def get_membership(db: Executor, workspace_id: UUID, account_id: UUID) -> Membership | None:
    """What somebody may do in a workspace; None: nothing."""
    return await _ROLES.of(workspace_id).first(db, R.account_id == account_id)


async def workspaces_of(db: Database, account_id: UUID) -> list[tuple[Workspace, Membership]]:
    """Where somebody may do something, and what; the oldest workspace first."""
    roles = await _ROLES.anywhere().all(
        db, R.account_id == account_id, order_by=(R.created_at, R.workspace_id)
    )
    found = [(await get_workspace(db, one.workspace_id), one) for one in roles]
    return [(workspace, one) for workspace, one in found if workspace is not None]
