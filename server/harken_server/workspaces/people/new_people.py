"""People of the house as they come in for the first time: the first owner, and who was invited."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from harken_server.database.database import Transaction
from harken_server.database.locks import named_lock
from harken_server.http.runtime import Runtime
from harken_server.http.settings import HttpSettings
from harken_server.kernel.errors import ConflictError, GoneError, InvalidInputError, Problem
from harken_server.kernel.shown_text import hidden_character
from harken_server.workspaces.people.account import Account, HouseLink, LinkKind, Membership
from harken_server.workspaces.people.addresses import check_address
from harken_server.workspaces.people.passwords import Passwords, check_password
from harken_server.workspaces.people.secrets import digest_of, draw_secret
from harken_server.workspaces.people.store import accounts, links
from harken_server.workspaces.store import audit, workspaces
from harken_server.workspaces.store.audit import Act, HouseAct

SETUP_LIVES = timedelta(hours=24)
MOST_NAME_CHARS = 120


class Typed(msgspec.Struct, frozen=True):
    """What somebody new said of themself."""

    name: str
    email: str
    """In small letters."""
    password: str


async def make_setup_link(runtime: Runtime) -> str | None:
    """A link by which the first owner comes in; None: there is an owner already."""
    if await accounts.is_owned(runtime.db):
        return None
    secret, now = draw_secret(runtime), runtime.clock()
    link = HouseLink(
        digest=digest_of(secret), id=runtime.new_id(), kind="setup", workspace_id=runtime.home,
        created_at=now, expires_at=now + SETUP_LIVES,
    )  # fmt: skip
    await links.add_link(runtime.db, link)
    return f"{runtime.settings.of(HttpSettings).public_url}/set-up/{secret}"


async def find_setup(runtime: Runtime, secret: str) -> HouseLink:
    """The link, while there is no owner yet. Raises GoneError (`house_link_over`)."""
    link = await find_good(runtime, "setup", secret)
    if await accounts.is_owned(runtime.db):
        raise GoneError("This house has an owner already: sign in.", code="house_link_over")
    return link


async def set_up(runtime: Runtime, secret: str, typed: Typed, workspace: str) -> Account:
    """Make the first owner and name the workspace. Raises InvalidInputError, GoneError."""
    problems = [*_faults(typed), *name_faults("workspace", workspace)]
    require_none(problems)
    digest = await runtime.of(Passwords).hash(typed.password)
    async with runtime.db.transaction() as tx:
        await named_lock(tx, runtime.home, "first owner")
        if await accounts.is_owned(tx):
            raise GoneError("This house has an owner already: sign in.", code="house_link_over")
        await _use(tx, runtime, "setup", secret)
        account = await _add(tx, runtime, typed, digest)
        member = Membership(
            workspace_id=runtime.home, account_id=account.id, role="owner",
            created_at=runtime.clock(),
        )  # fmt: skip
        await accounts.put_membership(tx, member)
        await workspaces.rename_workspace(tx, runtime.home, workspace)
        await write_down(tx, runtime, "set_up_house", account, runtime.home, role="owner")
    return account


async def join_as_new(runtime: Runtime, secret: str, typed: Typed) -> Account:
    """Make the account of somebody invited, who joins with it.

    Raises InvalidInputError, GoneError; ConflictError when they have an account already.
    """
    require_none(_faults(typed))
    digest = await runtime.of(Passwords).hash(typed.password)
    async with runtime.db.transaction() as tx:
        link = await _use(tx, runtime, "invite", secret)
        account = await _add(tx, runtime, typed, digest)
        await _let_in(tx, runtime, link, account)
    return account


async def join(runtime: Runtime, secret: str, account: Account) -> None:
    """Somebody with an account joins. Raises GoneError."""
    async with runtime.db.transaction() as tx:
        link = await _use(tx, runtime, "invite", secret)
        if link.email != account.email:
            raise GoneError("This invitation is for another address.", code="house_link_over")
        await _let_in(tx, runtime, link, account)


async def find_good(runtime: Runtime, kind: LinkKind, secret: str) -> HouseLink:
    """A link that is still good. Raises GoneError (`house_link_over`)."""
    link = await links.find_link(runtime.db, kind, digest_of(secret), runtime.clock())
    if link is None:
        raise gone()
    return link


def gone() -> GoneError:
    """What is said of a link that is no good, whyever."""
    return GoneError(
        "This link was used already, taken back, or its time is over.", code="house_link_over"
    )


def name_faults(field: str, name: str) -> list[Problem]:
    """What is wrong with a name of one line."""
    if not 1 <= len(name) <= MOST_NAME_CHARS:
        message = f"Type 1 to {MOST_NAME_CHARS} characters; these are {len(name)}."
        return [Problem(f"$.{field}", "name_length", message, limit=MOST_NAME_CHARS)]
    if hidden := hidden_character(name):
        message = f"This holds {hidden}, which cannot be seen. Type it without."
        return [Problem(f"$.{field}", "hidden_character", message)]
    return []


def require_none(problems: list[Problem]) -> None:
    """Raise InvalidInputError with all of them, if there are any."""
    if problems:
        raise InvalidInputError("Something is not right yet.", tuple(problems))


async def write_down(
    tx: Transaction, runtime: Runtime, action: HouseAct, account: Account, workspace_id: UUID,
    **detail: Any,
) -> None:  # fmt: skip
    """Write into the audit log what somebody did outside the console."""
    act = Act(runtime.new_id(), workspace_id, None, action, runtime.clock(), account.id)
    await audit.write(tx, act, str(account.id), **detail)


async def _use(tx: Transaction, runtime: Runtime, kind: LinkKind, secret: str) -> HouseLink:
    link = await links.use_link(tx, kind, digest_of(secret), runtime.clock())
    if link is None:
        raise gone()
    return link


async def _add(tx: Transaction, runtime: Runtime, typed: Typed, digest: str) -> Account:
    account = Account(
        id=runtime.new_id(), email=typed.email, name=typed.name, password_digest=digest,
        created_at=runtime.clock(),
    )  # fmt: skip
    if not await accounts.add_account(tx, account):
        raise ConflictError(
            "There is an account with this address: sign in, and open the link again.",
            code="account_exists",
        )
    return account


async def _let_in(tx: Transaction, runtime: Runtime, link: HouseLink, account: Account) -> None:
    """As the link says; what somebody may do already stays as it is."""
    if link.workspace_id is None or link.role is None:
        raise gone()
    if await accounts.get_membership(tx, link.workspace_id, account.id) is None:
        member = Membership(
            workspace_id=link.workspace_id, account_id=account.id, role=link.role,
            stores=link.stores, touchpoints=link.touchpoints, created_at=runtime.clock(),
        )  # fmt: skip
        await accounts.put_membership(tx, member)
    await write_down(tx, runtime, "join_workspace", account, link.workspace_id, role=link.role)


def _faults(typed: Typed) -> list[Problem]:
    """Everything wrong with it."""
    problems = name_faults("name", typed.name)
    for check in (
        lambda: check_address(typed.email),
        lambda: check_password(typed.password, typed.email),
    ):
        try:
            check()
        except InvalidInputError as error:
            problems += error.problems
    return problems
