"""Links that are used once: to set up the house, to join a workspace, to choose a password."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from harken_server.database.database import Executor, Transaction
from harken_server.database.records import Records
from harken_server.workspaces.people.account import HouseLink, LinkKind
from harken_server.workspaces.tables import HouseLink as T

_RECORDS = Records(T, HouseLink)
_LINKS = _RECORDS.anywhere()
_UNUSED = T.used_at.is_null()


async def add_link(db: Executor, link: HouseLink) -> None:
    """A link was made."""
    await _LINKS.add(db, _RECORDS.values_of(link))


async def find_link(db: Executor, kind: LinkKind, digest: str, now: datetime) -> HouseLink | None:
    """The link of this kind, unless it was used or its time is over."""
    return await _LINKS.first(db, T.digest == digest, T.kind == kind, _UNUSED, T.expires_at > now)


async def use_link(tx: Transaction, kind: LinkKind, digest: str, now: datetime) -> HouseLink | None:
    """Use a link up, which only the first of several can; None: it is no good any more."""
    is_good = (T.digest == digest, T.kind == kind, _UNUSED, T.expires_at > now)
    used = await _LINKS.change(tx, {T.used_at: now}, *is_good)
    return used[0] if used else None


async def end_resets(tx: Transaction, account_id: UUID, now: datetime) -> None:
    """No link made so far changes this person's password."""
    of_account = (T.kind == "reset", T.account_id == account_id, _UNUSED)
    await _LINKS.change(tx, {T.used_at: now}, *of_account)


async def list_invites(db: Executor, workspace_id: UUID, now: datetime) -> list[HouseLink]:
    """Those that nobody followed yet and that still can be, the newest first."""
    waiting = (T.kind == "invite", _UNUSED, T.expires_at > now)
    return await _RECORDS.of(workspace_id).all(
        db, *waiting, order_by=(T.created_at, T.id), is_descending=True
    )


async def end_invite(
    tx: Transaction, workspace_id: UUID, link_id: UUID, now: datetime
) -> HouseLink | None:
    """Nobody joins by this one any more; None: there is no such one that waits."""
    waiting = (T.id == link_id, T.kind == "invite", _UNUSED, T.expires_at > now)
    ended = await _RECORDS.of(workspace_id).change(tx, {T.used_at: now}, *waiting)
    return ended[0] if ended else None
