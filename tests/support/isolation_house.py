"""Calls about people of the house: what each may do in a workspace."""

from __future__ import annotations

from uuid import UUID

from isolation import LATER, NOW, OURS, SECRET, Theme, build_survey, within

from harken_server.database.database import Database
from harken_server.workspaces.people.account import Account, HouseLink, Membership
from harken_server.workspaces.people.store import accounts, links, members

OWNER, GUEST = UUID(int=0xA61), UUID(int=0xA62)

LINK = HouseLink(
    digest="d" * 64, id=UUID(int=0xA63), kind="invite", workspace_id=OURS, email=SECRET,
    role="viewer", created_at=NOW, expires_at=LATER,
)  # fmt: skip


def membership(workspace_id: UUID, account_id: UUID = OWNER) -> Membership:
    return Membership(
        workspace_id=workspace_id, account_id=account_id, role="owner", created_at=NOW
    )


async def build(db: Database) -> None:
    await build_survey(db)
    for id_, email in ((OWNER, "owner@example.org"), (GUEST, "guest@example.org")):
        account = Account(id=id_, email=email, name=SECRET, created_at=NOW)
        await accounts.add_account(db, account)
    await accounts.put_membership(db, membership(OURS))
    await links.add_link(db, LINK)


HOUSE = Theme(
    build=build,
    reads={
        "workspaces.people.accounts.get_membership": lambda db, w: accounts.get_membership(
            db, w, OWNER
        ),
        "workspaces.people.links.list_invites": lambda db, w: links.list_invites(db, w, NOW),
        "workspaces.people.members.list_members": lambda db, w: members.list_members(db, w),
        "workspaces.people.members.count_owners": lambda db, w: members.count_owners(db, w),
    },
    changes={
        "workspaces.people.links.end_invite": lambda db, w: within(
            db, lambda tx: links.end_invite(tx, w, LINK.id, NOW)
        ),
    },
    additions={
        "workspaces.people.accounts.put_membership": lambda db, w: accounts.put_membership(
            db, membership(w, GUEST)
        ),
    },
    taken={
        "workspaces.people.members.remove_member": lambda db, w: members.remove_member(
            db, w, OWNER
        ),
    },
)
