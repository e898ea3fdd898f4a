"""What whoever runs the server does to accounts from the command line, written down as `cli`."""

from __future__ import annotations

from harken_server.http.runtime import Runtime
from harken_server.kernel.errors import ConflictError, NotFoundError
from harken_server.workspaces.people.account import Account, Membership
from harken_server.workspaces.people.addresses import check_address, same_address
from harken_server.workspaces.people.resetting import make_reset_link, write_everywhere
from harken_server.workspaces.people.rules import Role
from harken_server.workspaces.people.store import accounts
from harken_server.workspaces.store.audit import PROGRAM


async def list_people(runtime: Runtime) -> list[str]:
    """A line for each account: address, name, roles, and what is particular."""
    lines: list[str] = []
    for account in await accounts.list_accounts(runtime.db):
        roles = await accounts.workspaces_of(runtime.db, account.id)
        said = ", ".join(f"{one.role} of {workspace.slug}" for workspace, one in roles)
        marks = [
            *(["second factor"] if account.totp_secret else []),
            *([] if account.password_digest else ["no password"]),
            *(["cannot sign in"] if account.disabled_at else []),
        ]
        lines.append("  ".join([account.email, account.name, said or "no workspace", *marks]))
    return lines


async def add_person(runtime: Runtime, address: str, role: Role, name: str) -> str:
    """Make an account in the first workspace: the link by which they choose a password.

    Raises InvalidInputError, ConflictError (`account_exists`).
    """
    email, now = check_address(address), runtime.clock()
    account = Account(id=runtime.new_id(), email=email, name=name or email, created_at=now)
    member = Membership(workspace_id=runtime.home, account_id=account.id, role=role, created_at=now)
    async with runtime.db.transaction() as tx:
        if not await accounts.add_account(tx, account):
            raise ConflictError(f"{email} has an account already.", code="account_exists")
        await accounts.put_membership(tx, member)
        await write_everywhere(tx, runtime, account, "add_person", program=PROGRAM, role=role)
        return await make_reset_link(runtime, account, tx)


async def reset_person(runtime: Runtime, address: str, *, takes_second_factor: bool) -> str:
    """A link by which somebody chooses a new password; without their second factor if told so.

    Raises NotFoundError (`account_unknown`).
    """
    email = same_address(address)
    account = await accounts.find_account(runtime.db, email)
    if account is None:
        raise NotFoundError(
            f"Nobody has an account with {email}; see `harken-server people list`.",
            code="account_unknown",
        )
    async with runtime.db.transaction() as tx:
        if takes_second_factor:
            await accounts.set_second_factor(tx, account.id, None, None, ())
        await write_everywhere(
            tx, runtime, account, "make_reset_link", program=PROGRAM,
            second_factor_off=takes_second_factor,
        )  # fmt: skip
        return await make_reset_link(runtime, account, tx)
