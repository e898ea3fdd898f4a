"""Sessions: made at sign-in, found by the digest of their secret."""

from __future__ import annotations

from datetime import datetime

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
