"""A new password by a link that is used once: by mail, or from the command line."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

import msgspec

from harken_server.database import outbox
from harken_server.database.database import Transaction
from harken_server.http.runtime import Runtime
from harken_server.http.settings import HttpSettings
from harken_server.workspaces.people.account import Account, HouseLink
from harken_server.workspaces.people.new_people import find_good, gone
from harken_server.workspaces.people.passwords import Passwords, check_password
from harken_server.workspaces.people.secrets import digest_of, draw_secret
from harken_server.workspaces.people.store import accounts, links, sessions
from harken_server.workspaces.store import audit
from harken_server.workspaces.store.audit import Act, HouseAct, ProgramAct

RESET_LIVES = timedelta(hours=1)
RESET_MAIL = "house.reset"
"""The kind of outbox item."""


class HouseMail(NamedTuple):
    """Whether people of the house can be sent mail."""

    works: bool


class AskedReset(msgspec.Struct, frozen=True):
    """What waits in the outbox: an address that was typed, whoever has it."""

    email: str


async def ask_for_reset(runtime: Runtime, email: str) -> None:
    """Promise a mail with a link, if somebody has the address: that is looked up by the worker.

    So what is done here, and how long it takes, is the same for an address that nobody has.
    """
    payload = msgspec.json.encode(AskedReset(email)).decode()
    async with runtime.db.transaction() as tx:
        await outbox.enqueue(
            tx, runtime.home, id=runtime.new_id(), kind=RESET_MAIL, payload=payload,
            now=runtime.clock(),
        )  # fmt: skip


async def make_reset_link(runtime: Runtime, account: Account, tx: Transaction | None = None) -> str:
    """A link by which this person chooses a new password; it is told here only."""
    secret, now = draw_secret(runtime), runtime.clock()
    link = HouseLink(
        digest=digest_of(secret), id=runtime.new_id(), kind="reset", account_id=account.id,
        email=account.email, created_at=now, expires_at=now + RESET_LIVES,
    )  # fmt: skip
    await links.add_link(tx or runtime.db, link)
    return f"{runtime.settings.of(HttpSettings).public_url}/reset/{secret}"


async def whose_reset(runtime: Runtime, secret: str) -> Account:
    """Whose password the link changes. Raises GoneError (`house_link_over`)."""
    return await _account_of(runtime, await find_good(runtime, "reset", secret))


async def reset_password(runtime: Runtime, secret: str, password: str) -> None:
    """Set a new password by the link: all sessions end, and so do all other such links.

    Raises InvalidInputError for a bad password, GoneError for a link that is no good any more.
    """
    account = await whose_reset(runtime, secret)
    check_password(password, account.email)
    digest = await runtime.of(Passwords).hash(password)
    async with runtime.db.transaction() as tx:
        if await links.use_link(tx, "reset", digest_of(secret), runtime.clock()) is None:
            raise gone()
        await accounts.set_password(tx, account.id, digest)
        await links.end_resets(tx, account.id, runtime.clock())
        ended = await sessions.forget_others(tx, account.id, "")
        await write_everywhere(
            tx, runtime, account, "reset_password", account_id=account.id, sessions=ended
        )


async def write_everywhere(
    tx: Transaction, runtime: Runtime, account: Account, action: HouseAct | ProgramAct, *,
    account_id: UUID | None = None, program: str | None = None, **detail: object,
) -> None:  # fmt: skip
    """Write into the audit log of each workspace of somebody what was done to their account."""
    for member in await accounts.memberships_of(tx, account.id):
        act = Act(
            runtime.new_id(), member.workspace_id, None, action, runtime.clock(), account_id,
            program,
        )  # fmt: skip
        await audit.write(tx, act, str(account.id), **detail)


async def _account_of(runtime: Runtime, link: HouseLink) -> Account:
    account = link.account_id and await accounts.get_account(runtime.db, link.account_id)
    if not account or account.disabled_at is not None:
        raise gone()
    return account
