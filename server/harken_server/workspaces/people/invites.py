"""Inviting somebody into a workspace: a link that is used once, made, listed and taken back."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from harken_server.http.runtime import Runtime
from harken_server.http.settings import HttpSettings
from harken_server.kernel.errors import InvalidInputError, NotFoundError, Problem
from harken_server.workspaces.people.account import HouseLink
from harken_server.workspaces.people.addresses import check_address
from harken_server.workspaces.people.rules import Role
from harken_server.workspaces.people.secrets import digest_of, draw_secret
from harken_server.workspaces.people.store import links
from harken_server.workspaces.people.visit import Visit
from harken_server.workspaces.store import audit

INVITE_LIVES = timedelta(days=7)


async def make_invitation(
    visit: Visit,
    email: str,
    role: Role,
    stores: tuple[str, ...] = (),
    touchpoints: tuple[str, ...] = (),
) -> str:
    """The link by which this person joins the workspace; it is told here only.

    Raises InvalidInputError for what is no address, and for somebody on the front line who would
    see nothing.
    """
    address = check_address(email)
    if role == "frontline" and not stores and not touchpoints:
        _refuse("stores", "reach_missing", "Name at least one store or touchpoint they may see.")
    secret, now = draw_secret(visit.runtime), visit.now()
    link = HouseLink(
        digest=digest_of(secret), id=visit.runtime.new_id(), kind="invite",
        workspace_id=visit.workspace_id, email=address, role=role,
        stores=stores if role == "frontline" else (),
        touchpoints=touchpoints if role == "frontline" else (),
        made_by=visit.account.id, created_at=now, expires_at=now + INVITE_LIVES,
    )  # fmt: skip
    async with visit.db.transaction() as tx:
        await links.add_link(tx, link)
        said = {"email": address, "role": role, "stores": list(link.stores)}
        said["touchpoints"] = list(link.touchpoints)
        await audit.write(tx, visit.act("invite_person"), str(link.id), **said)
    return join_url(visit.runtime, secret)


async def list_invitations(visit: Visit) -> list[HouseLink]:
    """Those of the workspace that nobody followed yet, the newest first."""
    return await links.list_invites(visit.db, visit.workspace_id, visit.now())


async def revoke_invitation(visit: Visit, link_id: UUID) -> None:
    """Nobody joins by it any more. Raises NotFoundError (`house_link_unknown`)."""
    async with visit.db.transaction() as tx:
        ended = await links.end_invite(tx, visit.workspace_id, link_id, visit.now())
        if ended is None:
            raise NotFoundError(
                "There is no such invitation that still waits.", code="house_link_unknown"
            )
        act = visit.act("revoke_person_invitation")
        await audit.write(tx, act, str(link_id), email=ended.email, role=ended.role)


def join_url(runtime: Runtime, secret: str) -> str:
    """Where an invitation is followed."""
    return f"{runtime.settings.of(HttpSettings).public_url}/join/{secret}"


def _refuse(field: str, code: str, message: str) -> None:
    raise InvalidInputError(message, (Problem(f"$.{field}", code, message),))
