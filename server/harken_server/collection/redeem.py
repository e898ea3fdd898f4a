"""Opening an invitation: from the code a person holds to the invitation it stands for."""

from __future__ import annotations

from harken_server.core.codes import parse_code
from harken_server.core.errors import NotFoundError
from harken_server.core.records import Invitation
from harken_server.storage.database import Database
from harken_server.storage.invitations import find_invitation


async def redeem_code(db: Database, text: str) -> Invitation:
    """The invitation behind a code, as typed or scanned.

    Raises NotFoundError: `invitation_malformed` when the code cannot be one (its check character
    is wrong; the database is not asked), `invitation_unknown` when there is none.
    """
    code = parse_code(text)
    if code is None:
        raise NotFoundError(
            "This is not a valid code; check the characters.", code="invitation_malformed"
        )
    invitation = await find_invitation(db, code)
    if invitation is None:
        raise NotFoundError("There is no such invitation.", code="invitation_unknown")
    return invitation
