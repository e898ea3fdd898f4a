"""Sessions: made at sign-in, found by the digest of their secret.

One that ended stays for a while with its time over: it says from which networks its owner came.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from harken_server.database.database import Executor
from harken_server.database.records import Records
from harken_server.workspaces.people.account import Session
from harken_server.workspaces.tables import SignIn as T

_RECORDS = Records(T, Session)
_SESSIONS = _RECORDS.anywhere()


async def add_session(db: Executor, session: Session) -> None:
    """Somebody signed in."""
    await _SESSIONS.add(db, _RECORDS.values_of(session))


async def find_session(db: Executor, digest: str, now: datetime) -> Session | None:
    """The session, unless its time is over."""
    return await _SESSIONS.first(db, T.digest == digest, T.expires_at > now)


async def list_sessions(db: Executor, account_id: UUID, now: datetime) -> list[Session]:
    """Where somebody is signed in, the last seen first."""
    return await _SESSIONS.all(
        db, T.account_id == account_id, T.expires_at > now,
        order_by=(T.last_seen_at, T.id), is_descending=True,
    )  # fmt: skip


async def see_session(db: Executor, digest: str, now: datetime, expires_at: datetime) -> None:
    """It is in use."""
    new = {T.last_seen_at: now, T.expires_at: expires_at}
    await _SESSIONS.change(db, new, T.digest == digest, T.expires_at > now)


async def confirm_session(db: Executor, digest: str, now: datetime) -> None:
    """The password was given in it."""
    await _SESSIONS.change(db, {T.confirmed_at: now}, T.digest == digest)


async def end_session(db: Executor, account_id: UUID, session_id: UUID, now: datetime) -> bool:
    """End one of somebody's; False: they have no such one."""
    of_theirs = (T.account_id == account_id, T.id == session_id, T.expires_at > now)
    return bool(await _SESSIONS.change(db, {T.expires_at: now}, *of_theirs))


async def end_others(db: Executor, account_id: UUID, digest: str, now: datetime) -> int:
    """End all of somebody's but this one; how many there were."""
    others = (T.account_id == account_id, T.digest != digest, T.expires_at > now)
    return len(await _SESSIONS.change(db, {T.expires_at: now}, *others))


async def forget_others(db: Executor, account_id: UUID, digest: str) -> int:
    """End all of somebody's but this one, and know none of their networks any more."""
    return len(await _SESSIONS.remove(db, T.account_id == account_id, T.digest != digest))


async def knows_network(db: Executor, account_id: UUID, network: str, since: datetime) -> bool:
    """Whether somebody signed in from there before, and was there since then."""
    there = (T.account_id == account_id, T.network == network, T.expires_at > since)
    return await _SESSIONS.first(db, *there) is not None


async def forget_old(db: Executor, before: datetime) -> None:
    """Sessions whose time was over before then."""
    await _SESSIONS.remove(db, T.expires_at < before)
