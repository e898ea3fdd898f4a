"""Invitations, kept under their short code and claimed by the response store; and signed links."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Executor, Transaction
from harken_server.database.records import Records, is_among
from harken_server.invitations.codes import RANDOM_BYTES, make_code
from harken_server.invitations.invitation import Invitation
from harken_server.invitations.tables import Invitation as T
from harken_server.invitations.tables import SignedLink as L
from harken_server.kernel.errors import ConflictError, StorageError
from harken_server.kernel.ids import Random

INVITATIONS = Records(T, Invitation)


class SignedLink(msgspec.Struct, frozen=True, kw_only=True):
    """A signed address that was handed out; the token itself is not kept."""

    id: UUID
    kind: str
    """`results`, `export`, `mail-preview`, `mail hook` or `sms hook`."""
    subject: str
    """The survey that it opens, or the provider that calls it."""
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None


_LINKS = Records(L, SignedLink)
_MAX_DRAWS = 4


async def add_invitation(db: Database | Transaction, invitation: Invitation) -> None:
    """Keep a new invitation. ConflictError when its code (or id) is taken: draw another code.

    A transaction in which that happens can go on.
    """
    values = INVITATIONS.values_of(invitation)
    if not await INVITATIONS.of(invitation.workspace_id).add(db, values):
        raise ConflictError("this invitation code is taken", code="code_taken")


async def add_invitations(
    tx: Transaction, workspace_id: UUID, invitations: Sequence[Invitation]
) -> None:
    """Keep several new ones. ConflictError when the code (or id) of any is taken."""
    if await INVITATIONS.of(workspace_id).add_many(tx, invitations) < len(invitations):
        raise ConflictError("one of these invitation codes is taken", code="code_taken")


async def keep_invitation(db: Database, invitation: Invitation, random: Random) -> Invitation:
    """The one under its id, whoever of several that come at once has made it.

    StorageError when no free code is found for it.
    """
    for _ in range(_MAX_DRAWS):
        try:
            await add_invitation(db, invitation)
        except ConflictError:
            kept = await get_invitation(db, invitation.workspace_id, invitation.id)
            if kept is not None:
                return kept
            code = make_code(random(RANDOM_BYTES))
            invitation = msgspec.structs.replace(invitation, code=code)
        else:
            return invitation
    raise StorageError("No free code was found for an invitation; try again.")


async def get_invitation(
    db: Database | Transaction, workspace_id: UUID, invitation_id: UUID
) -> Invitation | None:
    """The invitation with this id."""
    return await INVITATIONS.of(workspace_id).first(db, T.id == invitation_id)


async def list_invitations(
    db: Database, workspace_id: UUID, ids: Sequence[UUID]
) -> list[Invitation]:
    """Those of these ids that there are, by id."""
    if not ids:
        return []
    return await INVITATIONS.of(workspace_id).all(db, is_among(T.id, ids), order_by=(T.id,))


async def list_of_person(
    db: Database, workspace_id: UUID, respondent: str, *, limit: int
) -> list[Invitation]:
    """Those of one respondent, the latest first."""
    invitations = INVITATIONS.of(workspace_id)
    latest = (T.created_at, T.id)
    return await invitations.all(
        db, T.respondent == respondent, order_by=latest, is_descending=True, limit=limit
    )


async def end_invitation(
    tx: Transaction, workspace_id: UUID, invitation_id: UUID, now: datetime
) -> bool:
    """Have its link work no more. False when there is none, or it works no more already."""
    works = T.expires_at.is_null() | (T.expires_at > now)
    ended = await INVITATIONS.of(workspace_id).change(
        tx, {T.expires_at: now}, T.id == invitation_id, works
    )
    return bool(ended)


async def mark_shown(
    db: Database, invitation: Invitation, at: datetime, *, is_dismissed: bool
) -> None:
    """Keep when it was first shown, and first dismissed; later times change nothing."""
    invitations = INVITATIONS.of(invitation.workspace_id)
    for column in (T.shown_at, T.dismissed_at) if is_dismissed else (T.shown_at,):
        await invitations.change(db, {column: at}, T.id == invitation.id, column.is_null())


async def add_link(db: Executor, workspace_id: UUID, link: SignedLink, token: str) -> bool:
    """Keep a link that was just signed; False when its token is known already."""
    values = {**_LINKS.values_of(link), L.digest: _digest(token)}
    return await _LINKS.of(workspace_id).add(db, values)


async def find_link(db: Database, workspace_id: UUID, token: str) -> SignedLink | None:
    """The link with this token, a revoked one too."""
    return await _LINKS.of(workspace_id).first(db, L.digest == _digest(token))


async def list_links(
    db: Database, workspace_id: UUID, *, before: UUID | None, limit: int
) -> list[SignedLink]:
    """All links, newest first; go on before the last one's id."""
    wanted = () if before is None else (L.id < before,)
    links = _LINKS.of(workspace_id)
    return await links.all(db, *wanted, order_by=(L.id,), is_descending=True, limit=limit)


async def list_links_to(
    db: Database, workspace_id: UUID, subject: str, kinds: Sequence[str], *, limit: int
) -> list[SignedLink]:
    """Links of these kinds to one survey, newest first."""
    wanted = (L.subject == subject, is_among(L.kind, kinds))
    links = _LINKS.of(workspace_id)
    return await links.all(db, *wanted, order_by=(L.id,), is_descending=True, limit=limit)


async def revoke_link(tx: Transaction, workspace_id: UUID, link_id: UUID, now: datetime) -> bool:
    """End a link for good. False when there is none, or it was revoked before."""
    is_live = L.revoked_at.is_null()
    return bool(
        await _LINKS.of(workspace_id).change(tx, {L.revoked_at: now}, L.id == link_id, is_live)
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
