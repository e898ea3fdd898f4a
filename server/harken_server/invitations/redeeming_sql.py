"""The invitation of a code: in SQL by hand, for each answer with a personal link asks for it."""

from __future__ import annotations

from harken_server.database.database import Database, Transaction
from harken_server.invitations.invitation import Invitation
from harken_server.invitations.store import INVITATIONS

_FIND = f"SELECT {INVITATIONS.names('i')} FROM invitation i WHERE i.code = $1"  # noqa: S608  # ours


async def find_invitation(db: Database | Transaction, code: str) -> Invitation | None:
    """The invitation with this canonical code: it is what tells the workspace."""
    row = await db.fetch_one(_FIND, code)
    return None if row is None else INVITATIONS.read(row)
