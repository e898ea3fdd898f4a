"""Accounts, and what each may do in which workspace."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from harken_server.database.database import Database, Executor, Transaction
from harken_server.database.locks import named_lock
from harken_server.database.records import Records
from harken_server.workspaces.people.account import GUEST_EMAIL, Account, Membership
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


async def list_accounts(db: Executor) -> list[Account]:
    """Everybody, by address."""
    return await _ACCOUNTS.all(db, order_by=(T.email,))


async def set_name(db: Executor, account_id: UUID, name: str) -> None:
    """What somebody is called."""
    await _ACCOUNTS.change(db, {T.name: name}, T.id == account_id)


async def set_password(db: Executor, account_id: UUID, digest: str) -> None:
    """A new password, or the same one hashed in today's way."""
    await _ACCOUNTS.change(db, {T.password_digest: digest}, T.id == account_id)


async def set_second_factor(
    db: Executor, account_id: UUID, secret: str | None, step: int | None, codes: Sequence[str]
) -> None:
    """A second factor with its recovery codes; None: there is none any more."""
    new = {T.totp_secret: secret, T.totp_step: step, T.recovery_digests: list(codes)}
    await _ACCOUNTS.change(db, new, T.id == account_id)


async def use_step(db: Executor, account_id: UUID, step: int) -> bool:
    """Use up the codes of this step and of all before it; False: it was used already."""
    is_newer = T.totp_step.is_null() | (T.totp_step < step)
    return bool(await _ACCOUNTS.change(db, {T.totp_step: step}, T.id == account_id, is_newer))


async def use_recovery_code(tx: Transaction, account_id: UUID, digest: str) -> int | None:
    """Use a recovery code up: how many are left; None: it is none of theirs, or was used."""
    await named_lock(tx, account_id, "recovery codes")
    account = await get_account(tx, account_id)
    if account is None or digest not in account.recovery_digests:
        return None
    left = [each for each in account.recovery_digests if each != digest]
    await _ACCOUNTS.change(tx, {T.recovery_digests: left}, T.id == account_id)
    return len(left)


async def is_owned(db: Executor) -> bool:
    """Whether there is an owner anywhere; the demo's guest, who is lent to everybody, is none."""
    guest = await find_account(db, GUEST_EMAIL)
    others = () if guest is None else (R.account_id != guest.id,)
    return await _ROLES.anywhere().first(db, R.role == "owner", *others) is not None


async def put_membership(db: Executor, one: Membership) -> None:
    """Say what somebody may do in a workspace."""
    await _ROLES.of(one.workspace_id).put(db, _ROLES.values_of(one), (R.workspace_id, R.account_id))


async def get_membership(db: Executor, workspace_id: UUID, account_id: UUID) -> Membership | None:
    """What somebody may do in a workspace; None: nothing."""
    return await _ROLES.of(workspace_id).first(db, R.account_id == account_id)


async def workspaces_of(db: Database, account_id: UUID) -> list[tuple[Workspace, Membership]]:
    """Where somebody may do something, and what; the oldest workspace first."""
    roles = await memberships_of(db, account_id)
    found = [(await get_workspace(db, one.workspace_id), one) for one in roles]
    return [(workspace, one) for workspace, one in found if workspace is not None]


async def memberships_of(db: Executor, account_id: UUID) -> list[Membership]:
    """What somebody may do anywhere, the oldest first."""
    return await _ROLES.anywhere().all(
        db, R.account_id == account_id, order_by=(R.created_at, R.workspace_id)
    )
