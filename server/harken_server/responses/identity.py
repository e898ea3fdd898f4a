"""Who a respondent is: proved by a signature, an invitation or a key, or else only claimed."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from harken_server.responses.asked import Asked, Collection
from harken_server.responses.submission import Submission
from harken_server.surveys.catalog import Catalog
from harken_server.workspaces.rules.identity import is_identity_good, signer_of

log = logging.getLogger("harken.identity")


async def knows_respondent(
    room: Collection, asked: Asked, submission: Submission, *, is_trusted: bool
) -> bool:
    """Whether the respondent of a submission is proved; a signature that is not good is logged.

    An invitation's own respondent is: nobody else was given the link.
    """
    if asked.invitation is not None and asked.invitation.respondent is not None:
        return True
    respondent, signature = submission.respondent, submission.signature
    if respondent is None or is_trusted:
        return respondent is not None
    if not signature:
        return False
    workspace_id = asked.loaded.workspace.id
    if await is_signed(room.catalog, workspace_id, respondent, signature, room.clock()):
        return True
    log.info(
        "the respondent's signature is not good: stored as claimed",
        extra={"code": "identity_unverified", "survey": asked.loaded.record.key},
    )
    return False


async def is_signed(
    catalog: Catalog, workspace_id: UUID, respondent: str, signature: str, now: datetime
) -> bool:
    """Whether a key of the workspace that may write signed this respondent, until after `now`."""
    prefix = signer_of(signature)
    if prefix is None:
        return False
    digests = await catalog.workspaces.signing_digests(workspace_id, prefix)
    return is_identity_good(digests, respondent, signature, now)
