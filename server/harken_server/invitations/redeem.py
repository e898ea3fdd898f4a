"""Opening an invitation: from the code a person holds to the invitation it stands for."""

from __future__ import annotations

from harken_server.database.database import Database
from harken_server.invitations.codes import parse_code
from harken_server.invitations.invitation import Invitation
from harken_server.invitations.redeeming_sql import find_invitation
from harken_server.kernel.errors import NotFoundError


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
